"""Who comes: the person a booking is for, from what a guest typed or an account knows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from booking.accounts import audit, people
from booking.accounts.models import Account, Person
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.errors import Blocked, HoldUnknown, TooManyOpen
from booking.practice.models import Practice

OPEN = (Status.REQUESTED, Status.BOOKED)

# What every booking asks is put together once: that takes longer than to run it. Of a guest there
# is no account, and perhaps no number: nothing is equal to NULL.
_EMAILS = bindparam("emails", expanding=True)
_BLOCKED = (
    select(Person.id)
    .where(
        Person.blocked_at.is_not(None),
        or_(
            Person.email.in_(_EMAILS),
            Person.account.has(Account.email.in_(_EMAILS)),
            Person.phone == bindparam("phone"),
            Person.account_id == bindparam("account_id"),
            Person.phone.in_(
                select(Person.phone).where(
                    Person.account_id == bindparam("account_id"), Person.phone.is_not(None)
                )
            ),
        ),
    )
    .limit(1)
)
_IS_GUEST = (Person.email == bindparam("email"), Person.account_id.is_(None))
_WAITING = (
    select(func.count(WaitlistEntry.id))
    .join(WaitlistEntry.person)
    .where(*_IS_GUEST, WaitlistEntry.state.in_((Waits.WAITING, Waits.OFFERED)))
    .scalar_subquery()
)
# Places that were booked together are one booking to whoever made it.
_MANY = (
    select(
        func.count(Booking.id).filter(Booking.enrolment_id.is_(None))
        + func.count(Booking.enrolment_id.distinct())
        + _WAITING
    )
    .join(Booking.person)
    .where(
        *_IS_GUEST,
        Booking.status.in_(OPEN),
        Booking.starts_at > bindparam("now", type_=UTCDateTime()),
    )
)


@dataclass(frozen=True, slots=True)
class Details:
    """What a client typed; the form has made it clean."""

    name: str
    email: str
    phone: str = ""
    note: str = ""
    # Whom of their own people a signed-in client books for; None is the client.
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who comes to a class: a guest with companions, or people of an account."""

    details: Details
    person_ids: tuple[int, ...] = ()
    companions: tuple[str, ...] = ()


def person_for(
    details: Details, account: Account | None, practice: Practice, now: datetime
) -> Person:
    """Return who comes: one of the account's people, or for a guest always a new person.

    Whatever address a guest types, no existing person is shown or changed by it. Raises
    HoldUnknown for a person of somebody else's, Blocked.
    """
    refuse_blocked(account, details.email, details.phone)
    if account is not None and details.person_id is not None:
        person = people.find(details.person_id, account.id)
        if person is None:
            raise HoldUnknown
    else:
        person = people.own_person(account) if account else None
    if person is None:
        if account is None:
            refuse_many(details.email.lower(), practice, now)
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


def refuse_blocked(account: Account | None, email: str | None = "", phone: str | None = "") -> None:
    """Raise Blocked for who is blocked, and for whoever shares their account, address or number.

    Of a guest only what they typed is known; of an account its people's numbers as well.
    """
    emails = {(email or "").lower(), account.email if account else ""} - {""}
    known = {
        "emails": sorted(emails),
        "phone": phone or None,
        "account_id": account.id if account else None,
    }
    if db.session.scalar(_BLOCKED, known) is not None:
        raise Blocked


def refuse_blocked_person(person: Person) -> None:
    """Raise Blocked for somebody who is known: by their account, address and number."""
    if person.blocked_at is not None:
        raise Blocked
    refuse_blocked(person.account, person.address, person.phone)


def refuse_many(email: str, practice: Practice, now: datetime) -> None:
    """Hold a guest to a few open bookings: an address that nobody has proved is cheap."""
    count = db.session.scalar(_MANY, {"email": email, "now": now}) or 0
    if count >= practice.policy.open_bookings:
        raise TooManyOpen(count=count)


def party_of(
    party: Party, account: Account | None, practice: Practice, now: datetime
) -> list[Person]:
    """Return everybody who comes, first whose address counts.

    For a guest each is a new person, whose mails go to the address that was typed. Raises
    HoldUnknown for somebody else's person, TooManyOpen, Blocked.
    """
    if account is not None and party.person_ids:
        refuse_blocked(account, phone=party.details.phone)
        found = [people.find(one, account.id) for one in dict.fromkeys(party.person_ids)]
        persons = [one for one in found if one is not None]
        if len(persons) != len(found):
            raise HoldUnknown
        _note_phone(persons[0], party.details, account, now)
        return persons
    first = person_for(party.details, account, practice, now)
    others = [_companion(name, first, now) for name in party.companions]
    db.session.flush()
    return [first, *others]


def _note_phone(person: Person, details: Details, account: Account, now: datetime) -> None:
    """Keep the number by which the account's holder is called."""
    called = people.own_person(account) or person
    people.change(called, {"phone": details.phone or called.phone}, audit.actor_of(account), now)


def _companion(name: str, first: Person, now: datetime) -> Person:
    person = Person(name=name, email=first.email, account_id=first.account_id, created_at=now)
    db.session.add(person)
    return person
