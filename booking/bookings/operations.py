"""Booking a session: a hold becomes a booking, with all that follows, in one transaction.

Reads as the sentence one would say: rules first, then rows, then what follows from them. The
caller gives `now`, owns the transaction and commits; nothing here does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from booking.accounts import audit
from booking.accounts.models import Account, Person
from booking.bookings import agreement, clients, follow_ups, holds, messages, newcomers, reminders
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.bookings.models import Booking, Hold, Status
from booking.catalog.models import ServiceOption
from booking.catalog.queries import demand_of, terms_of
from booking.database import db
from booking.domain import policies
from booking.domain.availability import MINUTE
from booking.domain.errors import AlreadyBegun, HoldUnknown, SlotTaken, TermsChanged
from booking.domain.policies import Policy
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind

_BOOKED = select(Booking).where(Booking.hold_token == bindparam("token"))


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

    Raises HoldUnknown, AlreadyBegun, TooManyOpen, Blocked, and SlotTaken when the hold had run out
    (or the option was made longer) and somebody else has the time.
    """
    held = holds.lock(token, visitor)
    if held is None or option.service_id != held.option.service_id:
        raise HoldUnknown
    if booked := find_by_token(token):
        return booked
    if held.starts_at <= now:
        raise AlreadyBegun
    looker = newcomers.visitor_of(account, practice, now)
    looker.require(option.service)
    person = clients.person_for(details, account, practice, now)
    claim = _take(held, option, looker.policy, practice, now)
    held.claim_id = None
    agreed = Agreed(held.token, option, held.starts_at, held.practitioner_id, held.room_id, claim)
    booking = write(agreed, person, account, practice, now)
    booking.note = details.note
    if looker.needs_approval:
        return ask(booking, account, practice, now)
    return finish(booking, account, now, practice)


def ask(booking: Booking, account: Account | None, practice: Practice, now: datetime) -> Booking:
    """Let a booking wait for its practitioner's word, its time held meanwhile."""
    booking.status = Status.REQUESTED
    booking.answer_by = min(now + practice.answer_minutes * MINUTE, booking.starts_at)
    db.session.flush()
    agreement.note_time(booking)
    messages.requested(booking, now)
    messages.studio_request(booking, now)
    audit.record(audit.actor_of(account), booking.about, "requested", now, to=Status.REQUESTED)
    return booking


def book_as_shown(
    shown: str,
    token: str,
    visitor: str,
    option: ServiceOption,
    details: Details,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> Booking:
    """Book the lengths and prices that a page has `shown`; see `book_slot` for the rest.

    Raises TermsChanged when the studio has changed the option since, so that nobody agrees to
    what they have not read. Whoever sends nothing shown has seen nothing.
    """
    known = [one.split(":") for one in shown.split()]
    mine = [one for one in known if one[0] == str(option.id)]
    is_as_shown = not mine or terms_shown([option]) == ":".join(mine[0])
    if not is_as_shown and find_by_token(token) is None:
        raise TermsChanged
    return book_slot(token, visitor, option, details, account, practice, now)


def terms_shown(options: Sequence[ServiceOption]) -> str:
    """Return what a page shows of options, for its form: id, minutes and cents of each."""
    return " ".join(f"{one.id}:{one.minutes}:{one.price_cents}" for one in options)


def find_by_token(token: str) -> Booking | None:
    """Return what an attempt has become, if it was booked."""
    return db.session.scalar(_BOOKED, {"token": token})


def finish(booking: Booking, account: Account | None, now: datetime, practice: Practice) -> Booking:
    """Let follow what follows from a booking: reminders, mails, the trail."""
    db.session.flush()
    agreement.note_time(booking)
    reminders.plan(booking, practice, now)
    messages.confirmed(booking, now)
    messages.studio_new(booking, now)
    audit.record(audit.actor_of(account), booking.about, "booked", now, to=Status.BOOKED)
    return booking


def _take(
    held: Hold, option: ServiceOption, policy: Policy, practice: Practice, now: datetime
) -> Claim:
    """Make the hold's claim the booking's; claim anew when it has run out and been cleared.

    A hold that has run out or was let go gives no right to rules that hold no longer, so they are
    asked again: the day may be full by now. So are they of one whose session the studio has made
    longer meanwhile, which may reach past the hours.
    """
    demand = demand_of(option)
    wanted = calendar.times_for(demand, held.starts_at, held.practitioner_id, held.room_id)
    calendar.line_up(one.resource_id for one in wanted)
    db.session.refresh(held)
    existing = calendar.find(held.claim_id) if held.claim_id else None
    work = demand.work(held.starts_at)
    if existing is None or held.expires_at <= now or _is_outgrown(held, existing, option, wanted):
        own = (existing.id,) if existing else ()
        terms = terms_of([option])[option.id].only(held.practitioner_id)
        wish = Wish(terms, held.starts_at, policy)
        if not holds.find_places(wish, practice, now, without=own):
            raise SlotTaken
    if existing is None:
        return calendar.claim(ClaimKind.BOOKING, wanted, now, work=work)
    calendar.confirm(existing, wanted, now, work)
    return existing


def _is_outgrown(
    held: Hold, claim: Claim, option: ServiceOption, wanted: list[calendar.Wanted]
) -> bool:
    """Tell whether the session that is held has become longer than the time that was set aside."""
    return option.id == held.option_id and not calendar.covers(claim, wanted)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a booking is made of: an option at a time whose claim is taken."""

    token: str
    option: ServiceOption
    starts_at: datetime
    practitioner_id: int
    room_id: int | None
    claim: Claim


def write(
    agreed: Agreed, person: Person, account: Account | None, practice: Practice, now: datetime
) -> Booking:
    """Write the booking with the terms it is agreed on, copied."""
    option = agreed.option
    booking = Booking(
        person=person,
        booked_by_id=account.id if account else None,
        claim_id=agreed.claim.id,
        hold_token=agreed.token,
        option=option,
        service_id=option.service_id,
        practitioner_id=agreed.practitioner_id,
        room_id=agreed.room_id,
        service_name=option.service.name,
        before_minutes=option.service.before_minutes,
        after_minutes=option.service.after_minutes,
        price_cents=option.price_cents,
        currency=practice.currency,
        status=Status.BOOKED,
        revision=1,
        undo_until=policies.undo_until(now, practice.policy),
        policy_version=practice.policy_version,
        zone_name=practice.zone_name,
        created_at=now,
    )
    agreement.set_time(booking, agreed.starts_at, option.minutes, practice)
    booking.cancel_until, booking.move_until = agreement.deadlines(agreed.starts_at, practice)
    db.session.add(booking)
    db.session.flush()
    follow_ups.come_again(person, now)
    return booking
