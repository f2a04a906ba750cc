"""An independent look at what was booked: plain arithmetic on the rows, nothing of the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import select, text

from booking.bookings.models import Booking, Status
from booking.database import db


class Taken(NamedTuple):
    """Whose and which time a session takes, turnover before and after included."""

    resources: frozenset[int]
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Need:
    """What one option asks for wherever it is put, in minutes."""

    resources: frozenset[int]
    before: int
    minutes: int
    after: int

    def at(self, start: datetime) -> Taken:
        begin = start - timedelta(minutes=self.before)
        return Taken(self.resources, begin, start + timedelta(minutes=self.minutes + self.after))


def conflict(one: Taken, other: Taken) -> bool:
    """Tell whether two sessions need the same practitioner or room at the same time."""
    shares_time = one.start < other.end and other.start < one.end
    return shares_time and bool(one.resources & other.resources)


def doubled(bookings: Iterable[Taken]) -> int:
    """Count the pairs that cannot both be kept."""
    return sum(conflict(one, other) for one, other in combinations(bookings, 2))


def live_bookings() -> dict[int, Taken]:
    """Return what each booking takes, by its id, from the terms that were copied into it."""
    db.session.rollback()
    return {
        booking.id: _need_of(booking).at(booking.starts_at)
        for booking in db.session.scalars(select(Booking).where(Booking.status == Status.BOOKED))
    }


def _need_of(booking: Booking) -> Need:
    assert booking.room_id is not None
    resources = frozenset({booking.practitioner_id, booking.room_id})
    return Need(resources, booking.before_minutes, booking.minutes, booking.after_minutes)


def deadlocks() -> int:
    """Count the transactions that PostgreSQL had to end because they waited in a circle."""
    if db.engine.dialect.name == "sqlite":
        return 0  # It has one writer at a time and nobody to wait for.
    db.session.rollback()
    return db.session.scalars(
        text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    ).one()
