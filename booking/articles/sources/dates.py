"""Dates as other systems write them, as instants."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from booking.domain.walltime import instants_at

EARLIEST = 1990  # Before it there was no web to publish on: the date is a mistake.
FURTHEST = timedelta(days=5 * 365)

# 2019-05-01, 2019-05-01 10:00, 2019-05-01T10:00:00.5Z, 2019-05-01 10:00:00 -0400
_WHEN = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[T ]\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?)"
    r"\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)


def instant(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Read a date with or without time and offset; None for what is none, or cannot be meant.

    A time without an offset is the practice's wall time; a date alone is noon in UTC, so that it
    is the same date nearly everywhere.
    """
    found = _WHEN.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = date.fromisoformat("-".join(part.zfill(2) for part in found["day"].split("-")))
        if found["time"] is None:
            return plausible(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), now)
        offset = (found["offset"] or "").replace("UTC", "Z")
        hour, rest = found["time"].split(":", 1)
        when = datetime.fromisoformat(f"{day}T{hour.zfill(2)}:{rest}{offset}")
        return plausible(when if when.tzinfo else at_wall(when, zone), now)
    except (ValueError, OverflowError):
        return None


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time: the first of two, the one an hour on where none is."""
    found = instants_at(wall, zone)
    return found[0] if found else wall.replace(tzinfo=zone).astimezone(UTC)


def mail_date(text: str, now: datetime) -> datetime | None:
    """Read a date as feeds write it, ``Wed, 01 May 2019 10:00:00 +0000``; None for none."""
    try:
        when = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return plausible(when, now) if when.tzinfo else None


def plausible(when: datetime, now: datetime) -> datetime | None:
    """Return the instant in UTC, None when no article can have been published then."""
    try:
        when = when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if when.year >= EARLIEST and when <= now + FURTHEST else None
