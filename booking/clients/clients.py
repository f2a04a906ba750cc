"""The clients' list: everybody who is treated, with or without an account or an address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from booking.accounts import audit, people
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.bookings.models import Booking, Status
from booking.bookings.queries import SHOWN
from booking.catalog.models import Practitioner
from booking.clients import alike
from booking.clients.models import PersonFlag
from booking.database import db
from booking.domain.names import fold

PAGE = 50
# Fewer digits than these are not looked for as a telephone number.
LEAST_DIGITS = 3
# With fewer found than these, names alike are shown as well.
FEW = 5
BY_NAME = (Person.folded_name, Person.id)
LISTED = (joinedload(Person.guardian), joinedload(Person.account))


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


@dataclass(frozen=True, slots=True)
class Only:
    """Which clients a list is narrowed to; nothing said is everybody."""

    flag_id: int | None = None
    is_blocked: bool = False
    # Who has been here, but not since.
    not_since: datetime | None = None


def search(
    account: Account, words: str, page: int, only: Only | None = None, few: int = FEW
) -> Sequence[Person]:
    """Return a page of clients, one more than a page holds when there are more.

    `words` are looked for in name, address and number: whole names first, then beginnings, then
    parts. When a first page finds fewer than `few`, names alike follow.
    """
    narrowed = (Person.erased_at.is_(None), _visible_to(account), *_only(only or Only()))
    found = db.session.scalars(
        select(Person)
        .where(*narrowed, _named(words))
        .order_by(*([_nearness(words)] if words else []), *BY_NAME)
        .options(*LISTED)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    if page == 1 and len(found) < few and any(char.isalpha() for char in words):
        return [*found, *_alike(words, {one.id for one in found}, narrowed)]
    return found


def is_named(person: Person, words: str) -> bool:
    """Tell whether all the words stand in somebody's name, address or number."""
    digits = "".join(char for char in words if char.isdigit())
    if digits and not any(char.isalpha() for char in words):
        return digits.lstrip("0") in (person.telephone or "")
    said = f"{person.folded_name} {person.email or ''}"
    return all(word in said for word in fold(words).split())


def _alike(words: str, known: set[int], narrowed: Sequence[ColumnElement[bool]]) -> list[Person]:
    """Return who is called something like it, the likeliest first."""
    names = db.session.execute(select(Person.id, Person.folded_name).where(*narrowed))
    ids = alike.find(
        fold(words), [(row.id, row.folded_name) for row in names if row.id not in known]
    )
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)).options(*LISTED))
    persons = {one.id: one for one in found}
    return [persons[one] for one in ids]


def _nearness(words: str) -> ColumnElement[int]:
    folded = fold(words)
    return case(
        (Person.folded_name == folded, 0),
        (Person.folded_name.startswith(folded, autoescape=True), 1),
        else_=2,
    )


def _only(only: Only) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only.flag_id is not None:
        flagged = select(PersonFlag.person_id).where(PersonFlag.flag_id == only.flag_id)
        found.append(Person.id.in_(flagged))
    if only.is_blocked:
        found.append(Person.blocked_at.is_not(None))
    if only.not_since is not None:
        seen = (
            select(Booking.person_id)
            .where(Booking.status.in_((Status.BOOKED, Status.ARRIVED)))
            .group_by(Booking.person_id)
            .having(func.max(Booking.starts_at) < only.not_since)
        )
        found.append(Person.id.in_(seen))
    return found


def _named(words: str) -> ColumnElement[bool]:
    """Every word stands in name or address, or all of it is a part of the number."""
    as_words = [
        Person.folded_name.contains(word, autoescape=True)
        | Person.email.contains(word, autoescape=True)
        for word in fold(words).split()
    ]
    # A number is kept with its country; who writes it down begins with a zero, or two, instead.
    digits = "".join(char for char in words if char in "0123456789").lstrip("0")
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


def known_of(person: Person) -> dict[str, str | None]:
    """Return what may be corrected; the address of an account is its owner's to change."""
    values = {"name": person.name, "phone": person.phone}
    return values if person.account_id is not None else values | {"email": person.email}


def change(person: Person, entry: Entry, actor: Actor, now: datetime) -> None:
    """Correct what is known; the address of an account is its owner's to change."""
    typed = {"name": entry.name, "phone": entry.phone, "email": entry.email}
    people.change(person, {name: typed[name] for name in known_of(person)}, actor, now)
