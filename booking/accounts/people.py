"""The people of an account: its holder, their family, and guests who come home to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.database import db, guard_name
from booking.domain.errors import HolderStays, LinkSpent


@contextmanager
def unless_taken() -> Iterator[None]:
    """Turn the guard's refusal of a second account with one address into LinkSpent.

    Of two links of one address that are pressed at once, one comes second.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if guard_name(error, "uq_account_email", "account.email"):
            raise LinkSpent from error
        raise


def open_account(email: str, name: str, locale: str | None, now: datetime) -> Account:
    """Make a client's account for an address that has just been proved, with its holder.

    Raises LinkSpent when another link of the address has just made it.
    """
    account = Account(email=email, role=Role.CLIENT, locale=locale, created_at=now)
    with unless_taken():
        db.session.add(account)
    holder = Person(
        account_id=account.id, is_holder=True, name=name, email=email, locale=locale, created_at=now
    )
    db.session.add(holder)
    db.session.flush()
    actor = Actor("client", account.id)
    audit.record(actor, account.about, "created", now)
    audit.record(actor, holder.about, "created", now)
    return account


def own_person(account: Account) -> Person | None:
    """Return the account holder as a person; None for staff who never booked for themselves.

    A guest who was brought under the account is never taken for them: anybody can type an
    address.
    """
    return db.session.scalar(
        select(Person).where(Person.account_id == account.id, Person.is_holder.is_(True)).limit(1)
    )


def of_account(account_id: int) -> list[Person]:
    """Return everybody under an account, its holder first."""
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.account_id == account_id)
            .order_by(Person.is_holder.desc(), Person.name, Person.id)
        )
    )


def find(person_id: int, account_id: int) -> Person | None:
    """Return a person of this account; nobody else's."""
    return db.session.scalar(
        select(Person).where(Person.id == person_id, Person.account_id == account_id)
    )


def add(account: Account, name: str, phone: str, *, is_minor: bool, now: datetime) -> Person:
    """Add somebody the account books for; for a minor its holder is guardian and consents."""
    holder = own_person(account)
    person = Person(
        account_id=account.id,
        guardian_id=holder.id if is_minor and holder else None,
        consented_at=now if is_minor else None,
        name=name,
        phone=phone or None,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    audit.record(Actor("client", account.id), person.about, "created", now, minor=is_minor)
    return person


def change(person: Person, values: dict[str, str | None], actor: Actor, now: datetime) -> None:
    """Change what is known of a person; the trail says what changed, never from what to what."""
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, values[name])
    if changed:
        db.session.flush()
        audit.record(actor, person.about, "changed", now, fields=changed)


def erase(person: Person, former: str, actor: Actor, now: datetime) -> None:
    """Make a person a former client: what was booked stays for the books, who it was does not.

    `former` is the word that stands in the place of the name. Raises HolderStays for the holder
    of an account that is open.
    """
    if person.is_holder and person.account is not None and not person.account.is_closed:
        raise HolderStays
    person.name, person.email, person.phone, person.locale = former, None, None, None
    person.account_id, person.guardian_id, person.is_holder = None, None, False
    person.erased_at, person.blocked_at, person.reminder_leads = now, None, None
    db.session.flush()
    db.session.expire(person, ["account", "guardian"])
    audit.record(actor, person.about, "erased", now)


def hand_over_wards(guardian: Person, account: Account) -> None:
    """Make the holder of the account guardian of the minors that somebody leaves behind."""
    holder = own_person(account)
    db.session.execute(
        update(Person)
        .where(Person.guardian_id == guardian.id)
        .values(guardian_id=holder.id if holder else None)
    )


def adopt_guests(account: Account, now: datetime) -> None:
    """Bring the guests of an address that its owner has just proved under the account.

    Whoever goes by the name of somebody there becomes one with them; two people with one address
    stay two people.
    """
    guests = db.session.scalars(
        select(Person)
        .where(
            Person.account_id.is_(None),
            Person.email == account.email,
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    known = {_fold(person.name): person for person in reversed(of_account(account.id))}
    for guest in guests:
        namesake = known.get(_fold(guest.name))
        if (
            namesake is not None
            and not namesake.is_minor
            and not guest.is_minor
            and _merged(namesake, guest, Actor("client", account.id), now)
        ):
            _bring_wards(namesake, account)
            continue
        guest.account_id = account.id
        _bring_wards(guest, account)
        known.setdefault(_fold(guest.name), guest)
        audit.record(Actor("client", account.id), guest.about, "adopted", now)
    db.session.flush()
    db.session.expire(account, ["persons"])


def _bring_wards(guardian: Person, account: Account) -> None:
    """Whose guardian comes under an account comes along."""
    db.session.execute(
        update(Person)
        .where(Person.guardian_id == guardian.id, Person.account_id.is_(None))
        .values(account_id=account.id)
    )


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _merged(kept: Person, other: Person, actor: Actor, now: datetime) -> bool:
    """Make two rows one; False when both have what one person has once, a place in one class."""
    try:
        with db.session.begin_nested():
            merge(kept, other, actor, now)
    except IntegrityError:
        return False
    return True


def merge(kept: Person, other: Person, actor: Actor, now: datetime) -> None:
    """Make two rows of one person one: all that pointed to `other` points to `kept`.

    Nothing else of `other` is taken over: what a guest typed changes nobody's record. Only that
    the studio has blocked one of them stays. Which tables point to a person is read from the
    schema, so a new one is never forgotten.
    """
    kept.blocked_at = kept.blocked_at or other.blocked_at
    db.session.flush()
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is Person.__table__.c.id:
                db.session.execute(
                    update(table).where(key.parent == other.id).values({key.parent: kept.id})
                )
    audit.record(actor, kept.about, "merged", now, other=other.about)
    db.session.expire_all()
    db.session.delete(other)
    db.session.flush()
