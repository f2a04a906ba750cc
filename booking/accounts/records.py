"""What each room keeps about people: how it is exported, settled and erased.

`create_app` gathers one `Part` from each room, so that neither the export nor the erasure knows
the rooms, and a new room adds itself in one place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, inspect, or_, select
from sqlalchemy.orm import DeclarativeBase

from booking.accounts import audit, people
from booking.accounts.audit import Actor
from booking.accounts.models import (
    Account,
    AccountSession,
    Audit,
    Invitation,
    OneTimeToken,
    Person,
    RecoveryCode,
)
from booking.database import db
from booking.mail import bounces
from booking.mail import whose as whose_mails
from booking.mail.models import OutgoingMail, RefusedAddress, Unsubscribed
from booking.mail.unsubscribing import digest


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose records are meant: an account and everybody under it."""

    account_id: int
    person_ids: tuple[int, ...]
    addresses: tuple[str, ...]


Condition = Callable[[Whose], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table that name a person, and the columns that stay with us."""

    model: type[DeclarativeBase]
    belongs: Condition
    # Secrets and the machine's own marks: they say nothing of the person.
    withheld: frozenset[str] = frozenset()
    # What a number stands for, in words.
    words: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    # What only programs read: left out of the page, kept in the JSON.
    for_programs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that is agreed and still to come; late when ending it is no longer free."""

    title: str
    starts_at: datetime
    person_name: str
    is_late: bool


def _none(*_asked: object) -> list:
    return []


def _nothing(*_asked: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Part:
    """What one room keeps; it names those of these in which it has something to do."""

    tables: tuple[Table, ...]
    erase: Callable[[Whose, datetime], None]
    # Names of the room's things in mails and in the trail: ``booking:17``.
    subjects: Callable[[Whose], list[str]] = _none
    ahead: Callable[[Whose, datetime], list[Ahead]] = _none
    # Fits what has just come into an account to the way its owner has chosen.
    arrive: Callable[[Account, datetime], None] = _nothing
    # Ends what is still open before people leave; raises the Refusal that says why it cannot.
    settle: Callable[[Whose, Actor, datetime], None] = _nothing


def whose(account: Account) -> Whose:
    """Name everything under an account."""
    return of_persons(account, people.of_account(account.id))


def of_persons(account: Account, persons: Iterable[Person]) -> Whose:
    """Name some people of an account alone."""
    persons = list(persons)
    # Only the account's own address is proved; one that stands with a person may be another's.
    is_whole = not persons or any(person.is_holder for person in persons)
    addresses = (account.email,) if is_whole else ()
    return Whose(account.id, tuple(one.id for one in persons), addresses)


def _own_subjects(whose: Whose) -> list[str]:
    persons = [f"person:{one}" for one in whose.person_ids]
    account = [f"account:{whose.account_id}"] if whose.addresses else []
    return [*account, *persons, *_merged_into(persons)]


def _merged_into(subjects: list[str]) -> list[str]:
    """Return the names of persons that are one with these, however long ago they became it."""
    found: list[str] = []
    while subjects:
        rows = db.session.scalars(
            select(Audit)
            .where(Audit.action.in_(("merged", "unmerged")), Audit.subject.in_(subjects))
            .order_by(Audit.id)
        )
        # The last word counts: what was undone is somebody else's again.
        last = {row.details["other"]: row.action for row in rows}
        subjects = [other for other, action in last.items() if action == "merged"]
        subjects = [other for other in subjects if other not in found]
        found += subjects
    return found


def _erase_mails(whose: Whose, now: datetime) -> None:
    emails = db.session.scalars(select(Person.email).where(Person.id.in_(whose.person_ids)))
    for address in {*whose.addresses, *filter(None, emails)}:
        bounces.forgive(address)
    whose_mails.erase_later(
        now,
        addresses=whose.addresses,
        person_ids=whose.person_ids,
        abouts=[f"account:{whose.account_id}"] if whose.addresses else [],
    )


PART = Part(
    tables=(
        Table(
            Account,
            lambda whose: Account.id == whose.account_id,
            withheld=frozenset({"password_hash", "totp_secret", "totp_step"}),
        ),
        Table(Person, lambda whose: Person.id.in_(whose.person_ids)),
        Table(
            AccountSession,
            lambda whose: AccountSession.account_id == whose.account_id,
            withheld=frozenset({"key_hash"}),
        ),
        Table(
            RecoveryCode,
            lambda whose: RecoveryCode.account_id == whose.account_id,
            withheld=frozenset({"code_hash"}),
        ),
        Table(
            OneTimeToken,
            lambda whose: OneTimeToken.email.in_(whose.addresses),
            withheld=frozenset({"token_hash"}),
        ),
        Table(Invitation, lambda whose: Invitation.email.in_(whose.addresses)),
        Table(
            OutgoingMail,
            lambda whose: or_(
                OutgoingMail.person_id.in_(whose.person_ids),
                OutgoingMail.about == f"account:{whose.account_id}",
                # Mails about bookings name their person; those to staff are about others.
                OutgoingMail.to_address.in_(whose.addresses) & whose_mails.is_about_nobody_else(),
            ),
            withheld=frozenset({"dedupe_key", "lease", "token_purpose", "bundle"}),
            for_programs=frozenset(
                {"body_html", "calendar_text", "calendar_method", "unsubscribe_url"}
            ),
        ),
        Table(
            Unsubscribed,
            lambda whose: Unsubscribed.address_hash.in_(map(digest, whose.addresses)),
            withheld=frozenset({"address_hash"}),
        ),
        Table(RefusedAddress, lambda whose: RefusedAddress.address.in_(whose.addresses)),
    ),
    erase=_erase_mails,
    subjects=_own_subjects,
)


def subjects(parts: Iterable[Part], whose: Whose) -> list[str]:
    """Return all that the trail may say about these people, by the names it uses."""
    return [subject for part in parts for subject in part.subjects(whose)]


def ahead(parts: Iterable[Part], whose: Whose, now: datetime) -> list[Ahead]:
    """Return what these people have agreed and still before them, soonest first."""
    found = [one for part in parts for one in part.ahead(whose, now)]
    return sorted(found, key=lambda one: one.starts_at)


def arrive(parts: Iterable[Part], account: Account, now: datetime) -> None:
    """Fit in what came with guests who have come under an account."""
    for part in parts:
        part.arrive(account, now)


def collect(parts: Sequence[Part], whose: Whose) -> dict[str, list[dict[str, Any]]]:
    """Return every row that names these people, table by table."""
    found = {
        table.model.__tablename__: _rows(table, whose) for part in parts for table in part.tables
    }
    trail = select(Audit).where(Audit.subject.in_(subjects(parts, whose))).order_by(Audit.id)
    found["audit"] = [
        # Who of the staff acted is the staff's own; that it was staff is enough.
        {**_plain(row, frozenset()), "actor": row.actor.partition(":")[0]}
        for row in db.session.scalars(trail)
    ]
    return found


def _rows(table: Table, whose: Whose) -> list[dict[str, Any]]:
    order = inspect(table.model).primary_key
    query = select(table.model).where(table.belongs(whose)).order_by(*order)
    return [
        {
            **_plain(row, table.withheld),
            **{name: words(row) for name, words in table.words.items()},
        }
        for row in db.session.scalars(query)
    ]


def _plain(row: Any, withheld: frozenset[str]) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names if name not in withheld}


def readable(parts: Iterable[Part], data: dict[str, list[dict[str, Any]]]) -> dict[str, list]:
    """Return what `collect` found as people read it: no empty value, nothing for programs."""
    hidden = {
        table.model.__tablename__: table.for_programs for part in parts for table in part.tables
    }
    return {
        name: [
            {
                key: value
                for key, value in row.items()
                if value not in (None, "") and key not in hidden.get(name, ())
            }
            for row in rows
        ]
        for name, rows in data.items()
    }


def forget(account: Account, former: str, parts: Sequence[Part], now: datetime) -> None:
    """Erase everybody under a closed account, and all that was signed in or sent to it."""
    meant = whose(account)
    actor = audit.actor_of(account)
    for part in parts:
        part.erase(meant, now)
    for person in people.of_account(account.id):
        people.erase(person, former, actor, now)
