"""Records that look like one person's: the same number or address, or names alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select

from booking.accounts.models import Account, Person
from booking.clients import alike
from booking.clients.merge_rules import better_order
from booking.clients.models import TwoPeople
from booking.database import db

MOST = 15
# Who shares a number with more others than these works at a reception desk.
CROWD = 12


class Why(StrEnum):
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person's, first the one that would stay, and why."""

    one: Person
    other: Person
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    name: str
    account_id: int | None
    email: str | None
    phone: str | None


def suggestions() -> list[Pair]:
    """Return pairs that may be one person, the likeliest first; three selects whatever there is."""
    rows = {row.id: row for row in _rows()}
    why: dict[tuple[int, int], set[Why]] = defaultdict(set)
    for reason, value_of in ((Why.PHONE, _phone), (Why.ADDRESS, _email)):
        for pair in _sharing(rows.values(), value_of):
            if alike.are_alike(rows[pair[0]].name, rows[pair[1]].name):
                why[pair].add(reason)
    for pair in alike.pairs_alike((row.id, row.name) for row in rows.values()):
        why[pair].add(Why.NAME)
    known = _two_people()
    wanted = [
        pair for pair in why if pair not in known and _may_be_one(rows[pair[0]], rows[pair[1]])
    ]
    # A number or an address in common says more than a name.
    wanted.sort(key=lambda pair: (-len(why[pair] - {Why.NAME}), rows[pair[0]].name, pair))
    persons = _persons({one for pair in wanted[:MOST] for one in pair})
    return [
        Pair(*better_order(persons[one], persons[other]), tuple(sorted(why[one, other])))
        for one, other in wanted[:MOST]
    ]


def _rows() -> list[_Row]:
    found = db.session.execute(
        select(
            Person.id, Person.folded_name, Person.account_id, Person.email, Person.phone,
            Account.email,
        )
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Person.erased_at.is_(None))
        .order_by(Person.id)
    )  # fmt: skip
    return [
        _Row(one, name, account_id, (owned or email), phone)
        for one, name, account_id, email, phone, owned in found
    ]


def _phone(row: _Row) -> str | None:
    return row.phone


def _email(row: _Row) -> str | None:
    return row.email


def _sharing(rows: Iterable[_Row], value_of) -> set[tuple[int, int]]:  # noqa: ANN001
    """Return the pairs that have the same value; a value of a crowd says nothing."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if value := value_of(row):
            groups[value].append(row.id)
    return {
        (one, other)
        for ids in groups.values()
        if len(ids) <= CROWD
        for number, one in enumerate(ids)
        for other in ids[number + 1 :]
    }


def _may_be_one(one: _Row | Person, other: _Row | Person) -> bool:
    """Two accounts are two people to us, and who an account lists apart are as well."""
    return one.account_id is None or other.account_id is None


def _two_people() -> set[tuple[int, int]]:
    rows = db.session.execute(select(TwoPeople.one_id, TwoPeople.other_id))
    return {_pair(one, other) for one, other in rows}


def _pair(one_id: int, other_id: int) -> tuple[int, int]:
    return min(one_id, other_id), max(one_id, other_id)


def _persons(ids: set[int]) -> dict[int, Person]:
    return {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def are_two(one_id: int, other_id: int) -> None:
    """Remember that two records are two people's."""
    pair = _pair(one_id, other_id)
    if pair not in _two_people():
        db.session.add(TwoPeople(one_id=pair[0], other_id=pair[1]))


def like(person: Person) -> list[Person]:
    """Return who may be the same as this one, by one select: for a record's page."""
    same = [Person.folded_name == person.folded_name]
    if person.phone:
        same.append(Person.phone == person.phone)
    if person.email:
        same.append(Person.email == person.email)
    found = db.session.scalars(
        select(Person)
        .where(Person.id != person.id, Person.erased_at.is_(None), or_(*same))
        .order_by(Person.id)
        .limit(CROWD)
    )
    known = _two_people()
    return [
        one
        for one in found
        if alike.are_alike(one.folded_name, person.folded_name)
        and _may_be_one(one, person)
        and _pair(one.id, person.id) not in known
    ]
