"""The clients' list: everybody who is treated, with or without an account or an address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from booking.accounts import audit, people
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.bookings.models import Booking, Status
from booking.bookings.queries import SHOWN
from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.names import fold

PAGE = 50
# Fewer digits than these are not looked for as a telephone number.
LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A new client as the studio knows them; any of it but the name may be missing."""

    name: str
    phone: str | None
    email: str | None


def _visible_to(account: Account) -> ColumnElement[bool]:
    """Managers know everybody; practitioners their own clients, and those nobody has seen yet."""
    theirs = (
        select(Booking.id)
        .join(Practitioner, Practitioner.id == Booking.practitioner_id)
        .where(Booking.person_id == Person.id)
    )
    if account.role is Role.MANAGER:
        return Person.id.is_not(None)
    # Seen is who is treated, or anybody of their account, or their guardian: a record names those.
    other = aliased(Person)
    of_family = or_(
        other.id == Person.id,
        other.account_id == Person.account_id,
        other.id == Person.guardian_id,
    )
    seen = select(Booking.id).join(other, other.id == Booking.person_id).where(of_family)
    return or_(theirs.where(Practitioner.account_id == account.id).exists(), ~seen.exists())


def search(account: Account, words: str, page: int) -> Sequence[Person]:
    """Return a page of clients by name; `words` are looked for in name, address and number."""
    query = select(Person).where(Person.erased_at.is_(None), _visible_to(account), _named(words))
    return db.session.scalars(
        query.order_by(Person.folded_name, Person.id)
        .options(joinedload(Person.guardian), joinedload(Person.account))
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()


def _named(words: str) -> ColumnElement[bool]:
    """Every word stands in name or address, or all of it is a part of the number."""
    as_words = [
        Person.folded_name.contains(word, autoescape=True)
        | Person.email.contains(word, autoescape=True)
        for word in fold(words).split()
    ]
    digits = "".join(char for char in words if char in "0123456789")
    has_letters = any(char.isalpha() for char in words)
    if len(digits) < LEAST_DIGITS or has_letters:
        return and_(true(), *as_words)
    return or_(and_(*as_words), Person.phone.contains(digits, autoescape=True))


def openable(person_ids: Iterable[int], account: Account) -> set[int]:
    """Return which of these persons' records this member of staff may open."""
    wanted = select(Person.id).where(Person.id.in_(set(person_ids)), _visible_to(account))
    return set(db.session.scalars(wanted))


def find(person_id: int, account: Account) -> Person | None:
    """Return a client that this member of staff may see."""
    return db.session.scalar(select(Person).where(Person.id == person_id, _visible_to(account)))


def history(person_id: int, practitioner_id: int | None) -> Sequence[Booking]:
    """Return a client's sessions, the newest first; one practitioner's own, or all."""
    query = (
        select(Booking)
        .where(Booking.person_id == person_id, Booking.status != Status.UNDONE)
        .options(*SHOWN)
        .order_by(Booking.starts_at.desc())
        .limit(PAGE)
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return db.session.scalars(query).all()


def wards(person_id: int) -> Sequence[Person]:
    """Return the minors a client is guardian of."""
    return db.session.scalars(
        select(Person).where(Person.guardian_id == person_id).order_by(Person.name)
    ).all()


def add(entry: Entry, guardian: Person | None, actor: Actor, now: datetime) -> Person:
    """Write a client down, without an account; with a guardian it is a minor, who consents."""
    person = Person(
        name=entry.name,
        phone=entry.phone,
        # Mails about anybody under an account go to the address it has proved.
        email=entry.email if guardian is None or guardian.account_id is None else None,
        guardian_id=guardian.id if guardian else None,
        account_id=guardian.account_id if guardian else None,
        consented_at=now if guardian else None,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    audit.record(actor, person.about, "created", now, minor=guardian is not None)
    return person


def change(person: Person, entry: Entry, actor: Actor, now: datetime) -> None:
    """Correct what is known; the address of an account is its owner's to change."""
    values: dict[str, str | None] = {"name": entry.name, "phone": entry.phone}
    if person.account_id is None:
        values["email"] = entry.email
    people.change(person, values, actor, now)
