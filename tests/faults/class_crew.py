"""What visitors of a class do: press for places as the page does, and as naive systems do it."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text, update

from booking.bookings import enrolments, places
from booking.bookings.models import Booking, Enrolment, PlaceKind, Status
from booking.classes import seats
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.domain.errors import ClassFull
from booking.practice import queries as practice
from tests.cast_classes import guests


@dataclass(frozen=True)
class Press:
    """A party wants places in one class; the same visitor and token are the same press."""

    visitor: str
    token: str
    session_id: int
    names: tuple[str, ...]

    def book(self, way: "Way", now: datetime) -> int:
        return way(self, now)


# A way to get the places of a press: it returns the enrolment's id, or raises what refuses it.
Way = Callable[[Press, datetime], int]


def as_the_page_does(press: Press, now: datetime) -> int:
    """Take the places and write them down, in one write transaction."""
    return transact(
        places.book_class,
        press.session_id,
        enrolments.Attempt(press.visitor, press.token),
        guests(*press.names),
        PlaceKind.DROP_IN,
        None,
        practice.current(),
        now,
    ).id


def look_first_book_later(press: Press, now: datetime) -> int:
    """Look how many are free in one transaction that writes nothing; book in a second."""
    db.session.rollback()
    free = db.session.get_one(ClassSession, press.session_id).free
    db.session.rollback()
    if free < len(press.names):
        raise ClassFull
    return as_the_page_does(press, now)


def visitors(session_id: int, count: int) -> list[Press]:
    """Everybody wants one place in the same class."""
    return [
        Press(f"visitor-{n}", f"token-{n}", session_id, (f"guest{n} of many",))
        for n in range(count)
    ]


def parties(session_id: int, count: int, largest: int = 4) -> list[Press]:
    """Parties of one to `largest`, at random but the same in every run."""
    dice = random.Random(count)
    return [
        Press(f"visitor-{n}", f"token-{n}", session_id, _names(n, dice.randint(1, largest)))
        for n in range(count)
    ]


def _names(number: int, size: int) -> tuple[str, ...]:
    return tuple(f"guest{number} the {which}" for which in range(size))


def live_places() -> dict[int, int]:
    """Return how many live places each enrolment has, by its id."""
    db.session.rollback()
    live = [status for status in Status if status.is_live]
    rows = db.session.execute(
        select(Enrolment.id, func.count(Booking.id).label("places"))
        .join(Enrolment.places)
        .where(Booking.status.in_(live))
        .group_by(Enrolment.id)
    )
    return {row.id: row.places for row in rows}


def session_now(session_id: int) -> ClassSession:
    db.session.rollback()
    return db.session.get_one(ClassSession, session_id, populate_existing=True)


# The naive ways to take places. They replace the real ones in the processes of a crew that is
# made for it, so that no other race can meet them.


def read_without_the_line() -> None:
    """Nobody waits for a turn at a class: its row is read, not locked."""
    seats.lock = _read


def read_then_write() -> None:
    """The number of places is read, compared and written back, as one does without thinking."""
    read_without_the_line()
    seats.take = _compare_and_write


def trust_what_was_read() -> None:
    """Places are taken without asking: somebody has looked before."""
    read_without_the_line()
    seats.take = _write


def _read(session_ids: Iterable[int]) -> Sequence[ClassSession]:
    return db.session.scalars(
        select(ClassSession)
        .where(ClassSession.id.in_(set(session_ids)))
        .order_by(ClassSession.id)
        .execution_options(populate_existing=True)
    ).all()


def _compare_and_write(session: ClassSession, count: int) -> None:
    if session.taken + count > session.capacity:
        raise ClassFull
    _write(session, count)


def _write(session: ClassSession, count: int) -> None:
    db.session.execute(
        update(ClassSession)
        .where(ClassSession.id == session.id)
        .values(taken=session.taken + count)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(session)


TAKEN = "ck_class_session_taken"


def drop_the_check(connection: Connection) -> None:
    """Take out the CHECK that holds `taken` to the places there are; nothing else changes."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"ALTER TABLE class_session DROP CONSTRAINT {TAKEN}"))
        return
    # SQLite drops no constraint: the text of the table is what it reads when it opens the file.
    is_table = "type = 'table' AND name = 'class_session'"
    query = f"SELECT sql FROM sqlite_master WHERE {is_table}"
    before = connection.exec_driver_sql(query).scalar_one()
    begin = before.index(f"CONSTRAINT {TAKEN} CHECK")
    end = before.index("overbooked)", begin) + len("overbooked)")
    after = f"{before[:begin]}CONSTRAINT {TAKEN} CHECK (1){before[end:]}"
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(f"UPDATE sqlite_master SET sql = ? WHERE {is_table}", (after,))
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
