"""The clock on the practice's wall: which date it shows, and times of day as minutes."""

from datetime import date, time

from booking import clock
from booking.domain.availability import local_date
from booking.practice import queries as practice


def today() -> date:
    """Return the date on the practice's wall."""
    return local_date(clock.utcnow(), practice.current().zone)


def wall_time(minute: int) -> time:
    """Return the time so many minutes after midnight; 1440 is midnight again."""
    return time(minute // 60 % 24, minute % 60)


def wall_minute(value: time) -> int:
    """Return minutes since local midnight."""
    return value.hour * 60 + value.minute
