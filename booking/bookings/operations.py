"""Booking a session: a hold becomes a booking, with all that follows, in one transaction.

Reads as the sentence one would say: rules first, then rows, then what follows from them. The
caller gives `now`, owns the transaction and commits; nothing here does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from booking.accounts import audit, people
from booking.accounts.models import Account, Person
from booking.bookings import agreement, holds, messages, reminders
from booking.bookings.holds import Wish
from booking.bookings.models import Booking, Hold, Status
from booking.catalog.models import ServiceOption
from booking.catalog.queries import terms_of
from booking.database import db
from booking.domain import policies
from booking.domain.errors import AlreadyBegun, HoldUnknown, TooManyOpen
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind


@dataclass(frozen=True, slots=True)
class Details:
    """What a client typed; the form has made it clean."""

    name: str
    email: str
    phone: str = ""
    note: str = ""
    # Whom of their own people a signed-in client books for; None is the client.
    person_id: int | None = None


def book_slot(
    token: str,
    visitor: str,
    option: ServiceOption,
    details: Details,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> Booking:
    """Turn a visitor's hold into a booking; the same token again gives the same booking.

    Raises HoldUnknown, AlreadyBegun, TooManyOpen, and SlotTaken when the hold had run out (or
    the option was made longer) and somebody else has the time.
    """
    held = db.session.scalar(
        select(Hold).where(Hold.token == token, Hold.visitor == visitor).with_for_update()
    )
    if held is None or option.service_id != held.option.service_id:
        raise HoldUnknown
    booked = db.session.scalar(select(Booking).where(Booking.hold_token == token))
    if booked is not None:
        return booked
    if held.starts_at <= now:
        raise AlreadyBegun
    person = _person_for(details, account, practice, now)
    claim = _take(held, option, practice, now)
    booking = _write(held, option, person, account, claim, practice, now)
    booking.note = details.note
    held.claim_id = None
    db.session.flush()
    agreement.note_time(booking)
    reminders.plan(booking, practice, now)
    messages.confirmed(booking, now)
    messages.studio_new(booking, now)
    audit.record(audit.actor_of(account), booking.about, "booked", now, to=Status.BOOKED)
    return booking


def _person_for(
    details: Details, account: Account | None, practice: Practice, now: datetime
) -> Person:
    """Return who comes: one of the account's people, or for a guest always a new person.

    Whatever address a guest types, no existing person is read or changed by it. Raises
    HoldUnknown for a person of somebody else's.
    """
    if account is not None and details.person_id is not None:
        person = people.find(details.person_id, account.id)
        if person is None:
            raise HoldUnknown
    else:
        person = people.own_person(account) if account else None
    if person is None:
        if account is None:
            _refuse_many(details.email.lower(), practice, now)
        person = Person(
            account_id=account.id if account else None,
            is_holder=account is not None,
            name=details.name,
            email=account.email if account else details.email.lower(),
            phone=details.phone or None,
            created_at=now,
        )
        db.session.add(person)
    # Who is called is the account's holder, whoever of its people the session is for.
    called = (people.own_person(account) if account else None) or person
    people.change(called, {"phone": details.phone or called.phone}, audit.actor_of(account), now)
    return person


def _refuse_many(email: str, practice: Practice, now: datetime) -> None:
    """Hold a guest to a few open bookings: an address that nobody has proved is cheap."""
    count = db.session.scalar(
        select(func.count(Booking.id))
        .join(Booking.person)
        .where(
            Person.email == email,
            Person.account_id.is_(None),
            Booking.status == Status.BOOKED,
            Booking.starts_at > now,
        )
    )
    if (count or 0) >= practice.policy.open_bookings:
        raise TooManyOpen(count=count)


def _take(held: Hold, option: ServiceOption, practice: Practice, now: datetime) -> Claim:
    """Make the hold's claim the booking's; claim anew when it has run out and been cleared.

    A hold that has run out gives no right to rules that hold no longer, so they are asked again.
    """
    terms = terms_of([option])[option.id].only(held.practitioner_id)
    wanted = calendar.times_for(terms.demand, held.starts_at, held.practitioner_id, held.room_id)
    calendar.line_up(one.resource_id for one in wanted)
    db.session.refresh(held)
    if held.expires_at <= now:
        own = (held.claim_id,) if held.claim_id else ()
        holds.find_places(Wish(terms, held.starts_at), practice, now, without=own)
    existing = db.session.get(Claim, held.claim_id) if held.claim_id else None
    if existing is None:
        return calendar.claim(ClaimKind.BOOKING, wanted, now)
    calendar.confirm(existing)
    if option.id != held.option_id:
        calendar.take_again(existing, wanted, now)
    return existing


def _write(
    held: Hold,
    option: ServiceOption,
    person: Person,
    account: Account | None,
    claim: Claim,
    practice: Practice,
    now: datetime,
) -> Booking:
    """Write the booking with the terms it is agreed on, copied."""
    policy = practice.policy
    booking = Booking(
        person=person,
        booked_by_id=account.id if account else None,
        claim_id=claim.id,
        hold_token=held.token,
        option=option,
        practitioner_id=held.practitioner_id,
        room_id=held.room_id,
        service_name=option.service.name,
        before_minutes=option.service.before_minutes,
        after_minutes=option.service.after_minutes,
        price_cents=option.price_cents,
        currency=practice.currency,
        status=Status.BOOKED,
        revision=1,
        undo_until=policies.undo_until(now, policy),
        policy_version=practice.policy_version,
        zone_name=practice.zone_name,
        created_at=now,
    )
    agreement.set_time(booking, held.starts_at, option.minutes, practice)
    booking.cancel_until, booking.move_until = agreement.deadlines(held.starts_at, practice)
    db.session.add(booking)
    db.session.flush()
    return booking
