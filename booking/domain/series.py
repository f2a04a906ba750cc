"""The dates of a class that comes every week, and what each of them is on the clock."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, instant_of

WEEK = 7 * DAY


def dates_of(weekday: int, first: date, last: date, skipped: Collection[date] = ()) -> list[date]:
    """Return the dates from `first` to `last`, both included, that fall on `weekday` (Monday 0)."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    found = []
    while day <= last:
        if day not in skipped:
            found.append(day)
        day += WEEK
    return found


def wall_time(day: date, minute: int) -> datetime:
    """Return what the wall shows on `day`, `minute` minutes after midnight, without a zone."""
    return datetime.combine(day, time()) + minute * MINUTE


def start_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant at which a class of that wall time begins.

    The wall time stays the same over both changes of the clocks; one that is skipped means the
    moment at which they go forward, one that comes twice the first of the two.
    """
    return instant_of(wall_time(day, minute), zone)
