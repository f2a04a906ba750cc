"""Two records of one person become one, and two again when that was wrong.

All that points to the other is moved to the one that stays, whatever table it is in: that is read
from the schema. Each value that changes is remembered with its row, so that an undo moves back
what was moved, and leaves with the one that stays what has come since.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings import reminders
from booking.bookings.models import Booking, Status
from booking.clients.models import PersonMerge
from booking.database import db
from booking.domain.client_errors import (
    AccountStays,
    BothHaveAccounts,
    BothThere,
    GuardianIsOther,
    HolderGoes,
    MinorStays,
    NoLonger,
    SamePerson,
    UndoTooOld,
)
from booking.practice.models import Practice

UNDO_DAYS = 30
# What is taken over from the other where the one that stays has nothing.
FILLED = ("email", "phone", "locale")
# What the other's row loses, and gets back.
KEPT_FOR_UNDO = ("name", "email", "phone", "locale", "account_id", "guardian_id")
# Of these no row is taken away: it is a place somebody has.
WEIGHTY = ("booking", "waitlist_entry", "enrolment")
LIVE = tuple(status for status in Status if status.is_live)


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes of two records: which stays, and what each field is afterwards."""

    kept: Person
    other: Person
    filled: dict[str, str]
    bookings: int
    # The account whose owner will then see the other's bookings as their own.
    shown_to: str | None
    may_swap: bool


def preview(kept: Person, other: Person) -> Preview:
    """Say what a merge would do. Raises the Refusal that it would raise."""
    refuse(kept, other)
    moved = select(Booking.id).where(Booking.person_id == other.id)
    is_news = kept.account_id is not None and other.account_id != kept.account_id
    return Preview(
        kept=kept,
        other=other,
        filled=_fillings(kept, other),
        bookings=len(db.session.scalars(moved).all()),
        shown_to=kept.account.email if kept.account and is_news else None,
        may_swap=_refusal(other, kept) is None,
    )


def better_order(one: Person, other: Person) -> tuple[Person, Person]:
    """Return who stays and who goes: an account's holder, an account's, a minor, the older row."""
    ranked = sorted(
        (one, other),
        key=lambda each: (not each.is_holder, each.account_id is None, not each.is_minor, each.id),
    )
    return ranked[0], ranked[1]


def refuse(kept: Person, other: Person) -> None:
    """Raise the Refusal that says why these two cannot become one; else nothing."""
    if (refusal := _refusal(kept, other)) is not None:
        raise refusal


def _refusal(kept: Person, other: Person) -> Exception | None:
    """Return why not. Nobody's account loses anybody, and no child its guardian."""
    rules = (
        (kept.id == other.id, SamePerson),
        (kept.erased_at is not None or other.erased_at is not None, NoLonger),
        (kept.guardian_id == other.id or other.guardian_id == kept.id, GuardianIsOther),
        (
            kept.account_id is not None
            and other.account_id is not None
            and kept.account_id != other.account_id,
            BothHaveAccounts,
        ),
        (other.is_holder, HolderGoes),
        (other.account_id is not None and kept.account_id is None, AccountStays),
        (other.is_minor and not kept.is_minor, MinorStays),
    )
    return next((refusal() for is_so, refusal in rules if is_so), None)


def _fillings(kept: Person, other: Person) -> dict[str, str]:
    """Return what the one that stays gets of the other: only where it has nothing.

    An account's people are written to at the address it has proved.
    """
    names = [name for name in FILLED if kept.account_id is None or name == "phone"]
    return {
        name: getattr(other, name)
        for name in names
        if getattr(other, name) and not getattr(kept, name)
    }


def merge(
    kept_id: int, other_id: int, actor: Actor, practice: Practice, now: datetime
) -> PersonMerge:
    """Make two records one. Raises BothThere, and what `refuse` raises."""
    found = {one.id: one for one in _locked(sorted({kept_id, other_id}))}
    if len(found) < 2:
        raise NoLonger if kept_id != other_id else SamePerson
    kept, other = found[kept_id], found[other_id]
    refuse(kept, other)
    filled = _fillings(kept, other)
    if other.blocked_at is not None and kept.blocked_at is None:
        kept.blocked_at = other.blocked_at
        filled["blocked_at"] = ""
    for name in FILLED:
        if name in filled:
            setattr(kept, name, filled[name])
    done = PersonMerge(
        kept_id=kept.id,
        other_id=other.id,
        merged_at=now,
        before={name: getattr(other, name) for name in KEPT_FOR_UNDO}
        | {name: _text(getattr(other, name)) for name in ("consented_at", "blocked_at")},
        filled=filled,
        moved=[*_move(kept, other), *_bring_wards(kept)],
    )
    _empty(other, now)
    db.session.add(done)
    audit.record(actor, kept.about, "merged", now, other=other.about)
    db.session.flush()
    db.session.expire_all()
    if kept.account is not None and kept.account.reminder_leads is not None:
        # Whose bookings come into an account are reminded as its owner has chosen.
        reminders.plan_anew(kept.account, practice, now)
    return done


def _locked(ids: Sequence[int]) -> Sequence[Person]:
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    return db.session.scalars(
        query.with_for_update(of=Person).execution_options(populate_existing=True)
    ).all()


def _text(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _empty(other: Person, now: datetime) -> None:
    """Leave of the other a row that names nobody, as an erased person's does."""
    other.name = "–"
    other.email = other.phone = other.locale = other.account_id = other.guardian_id = None
    other.consented_at = other.blocked_at = None
    other.erased_at = now


def pointing_to_person() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every column that names a person, table by table."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is Person.__table__.c.id:
                yield table, key.parent


def _move(kept: Person, other: Person) -> list[dict[str, Any]]:
    """Move every row that points to the other; return what was changed. Raises BothThere."""
    db.session.flush()
    moved = _free_trials(kept, other)
    for table, column in pointing_to_person():
        rows = db.session.execute(select(*table.primary_key).where(column == other.id)).all()
        if not _point(table, column, column == other.id, kept.id):
            # One of them says of the other what is said of the one that stays already.
            removed = [one for row in rows if (one := _remove(table, column, row, kept.id))]
            moved += removed
            gone = {tuple(one["key"].values()) for one in removed}
            rows = [row for row in rows if tuple(row) not in gone]
        moved += [_change(table, column, row, other.id, kept.id) for row in rows]
    return moved


def _point(table: Table, column: Column[Any], where: ColumnElement[bool], person_id: int) -> bool:
    """Let rows point to a person; False, and nothing changed, when a guard refuses that."""
    try:
        with db.session.begin_nested():
            db.session.execute(update(table).where(where).values({column: person_id}))
    except IntegrityError:
        return False
    return True


def _remove(table: Table, column: Column[Any], key: Any, person_id: int) -> dict[str, Any] | None:
    """Move one row, or take away what would stand there twice and return it.

    Raises BothThere for what somebody would lose by that.
    """
    where = and_(*(one == value for one, value in zip(table.primary_key, key, strict=True)))
    if _point(table, column, where, person_id):
        return None
    row = dict(db.session.execute(select(table).where(where)).mappings().one())
    is_plain = all(isinstance(value, (int, str, type(None))) for value in row.values())
    if table.name in WEIGHTY or not is_plain:
        raise BothThere
    db.session.execute(delete(table).where(where))
    names = [one.name for one in table.primary_key]
    return {"table": table.name, "key": dict(zip(names, key, strict=True)), "row": row}


def _change(table: Table, column: Column[Any], row: Any, was: Any, now: Any) -> dict[str, Any]:
    """Describe one changed value so that JSON holds it and an undo finds the row."""
    key = {
        one.name: value
        for one, value in zip(table.primary_key, row, strict=True)
        if one is not column
    }
    return {"table": table.name, "column": column.name, "key": key, "was": was, "now": now}


def _free_trials(kept: Person, other: Person) -> list[dict[str, Any]]:
    """Let the other's trials be no trials where both had one: one person has one of a kind."""
    table = Booking.__table__
    column = table.c.trial_of_id
    has = select(column).where(
        table.c.person_id == kept.id, column.is_not(None), table.c.status.in_(LIVE)
    )
    rows = db.session.execute(
        select(table.c.id, column).where(
            table.c.person_id == other.id, column.in_(has), table.c.status.in_(LIVE)
        )
    ).all()
    db.session.execute(
        update(table).where(table.c.id.in_([row.id for row in rows])).values({column: None})
    )
    return [_change(table, column, (row.id,), row.trial_of_id, None) for row in rows]


def _bring_wards(kept: Person) -> list[dict[str, Any]]:
    """Whose guardian is in an account comes into it as well."""
    table = Person.__table__
    if kept.account_id is None:
        return []
    is_meant = and_(table.c.guardian_id == kept.id, table.c.account_id.is_(None))
    rows = db.session.execute(select(table.c.id).where(is_meant)).all()
    db.session.execute(update(table).where(is_meant).values(account_id=kept.account_id))
    return [_change(table, table.c.account_id, row, None, kept.account_id) for row in rows]


def undo(merge_id: int, actor: Actor, now: datetime) -> tuple[Person, Person]:
    """Make the two records two again, and return them; what has come since stays with the first.

    Raises UndoTooOld.
    """
    done = db.session.get(PersonMerge, merge_id, with_for_update=True, populate_existing=True)
    if done is None or now > done.merged_at + timedelta(days=UNDO_DAYS):
        raise UndoTooOld
    persons = {one.id: one for one in _locked(sorted({done.kept_id, done.other_id}))}
    kept, other = persons[done.kept_id], persons[done.other_id]
    for name in KEPT_FOR_UNDO:
        setattr(other, name, done.before[name])
    for name in ("consented_at", "blocked_at"):
        value = done.before[name]
        setattr(other, name, datetime.fromisoformat(value) if value else None)
    if other.guardian_id is not None and db.session.get(Person, other.guardian_id) is None:
        other.guardian_id = None
    other.erased_at = None
    _take_fillings_back(kept, done)
    db.session.flush()
    for change in reversed(done.moved):
        _move_back(change, done.kept_id)
    db.session.delete(done)
    audit.record(actor, kept.about, "unmerged", now, other=other.about)
    db.session.flush()
    db.session.expire_all()
    return kept, other


def _take_fillings_back(kept: Person, done: PersonMerge) -> None:
    for name, value in done.filled.items():
        if name == "blocked_at":
            kept.blocked_at = None
        elif getattr(kept, name) == value:
            setattr(kept, name, None)


def _move_back(change: dict[str, Any], kept_id: int) -> None:
    """Change a value back, unless somebody has changed it since or the row is gone."""
    table = db.metadata.tables[change["table"]]
    if "row" in change:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.execute(insert(table).values(change["row"]))
        return
    column = table.c[change["column"]]
    points = any(key.column is Person.__table__.c.id for key in column.foreign_keys)
    same = [table.c[name] == value for name, value in change["key"].items()]
    # The one that stayed may have become one with a third since.
    is_still = column.is_not_distinct_from(kept_id if points else change["now"])
    db.session.execute(update(table).where(*same, is_still).values({column: change["was"]}))


def merges(now: datetime, kept_id: int | None = None) -> Sequence[tuple[PersonMerge, Person]]:
    """Return the merges that can be undone with who stayed, the newest first."""
    query = (
        select(PersonMerge, Person)
        .join(Person, Person.id == PersonMerge.kept_id)
        .where(PersonMerge.merged_at >= now - timedelta(days=UNDO_DAYS))
        .order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc())
        .limit(200)
    )
    if kept_id is not None:
        query = query.where(PersonMerge.kept_id == kept_id)
    return [(merge, kept) for merge, kept in db.session.execute(query)]


def went_to(person_id: int) -> int | None:
    """Return with whom a record has become one."""
    return db.session.scalar(
        select(PersonMerge.kept_id)
        .where(PersonMerge.other_id == person_id)
        .order_by(PersonMerge.id.desc())
        .limit(1)
    )


def sweep(now: datetime) -> None:
    """Forget what an undo would need once there is none any more."""
    db.session.execute(
        delete(PersonMerge)
        .where(PersonMerge.merged_at < now - timedelta(days=UNDO_DAYS))
        .execution_options(synchronize_session=False)
    )
