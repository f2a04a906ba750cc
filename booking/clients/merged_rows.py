"""The rows of two records that become one: moved, each change remembered, and moved back.

Which tables point to a person is read from the schema, so that a new one is never forgotten.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.database import db
from booking.domain.client_errors import BothThere

# Of these no row is taken away: it is a place somebody has.
WEIGHTY = ("booking", "waitlist_entry", "enrolment")
LIVE = tuple(status for status in Status if status.is_live)


def pointing_to_person() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every column that names a person, table by table."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is Person.__table__.c.id:
                yield table, key.parent


def move(kept: Person, other: Person) -> list[dict[str, Any]]:
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
    table = db.metadata.tables[Booking.__tablename__]
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


def bring_wards(kept: Person) -> list[dict[str, Any]]:
    """Whose guardian is in an account comes into it as well."""
    table = db.metadata.tables[Person.__tablename__]
    if kept.account_id is None:
        return []
    is_meant = and_(table.c.guardian_id == kept.id, table.c.account_id.is_(None))
    rows = db.session.execute(select(table.c.id).where(is_meant)).all()
    db.session.execute(update(table).where(is_meant).values(account_id=kept.account_id))
    return [_change(table, table.c.account_id, row, None, kept.account_id) for row in rows]


def move_back(change: dict[str, Any], kept_id: int) -> None:
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
