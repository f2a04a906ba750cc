"""The timetable: one week of classes, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking.classes import queries
from booking.classes.models import ClassSession
from booking.classes.queries import Filter
from booking.domain.availability import DAY, day_interval, local_date
from booking.domain.intervals import Interval
from booking.domain.series import WEEK
from booking.practice.models import Practice


@dataclass(frozen=True, slots=True)
class Day:
    """One date and its classes, in order of time."""

    day: date
    sessions: Sequence[ClassSession]


@dataclass(frozen=True, slots=True)
class Timetable:
    """Seven days, the first week beginning today."""

    days: Sequence[Day]
    previous: date | None
    following: date | None

    @property
    def sessions(self) -> list[ClassSession]:
        return [session for day in self.days for session in day.sessions]


def week_of(first: date, zone: ZoneInfo) -> Interval:
    """Return the instants of seven local dates."""
    last = first + 6 * DAY
    return Interval(day_interval(first, zone).start, day_interval(last, zone).end)


def timetable(wanted: date | None, chosen: Filter, practice: Practice, now: datetime) -> Timetable:
    """Return the week that holds `wanted` (this one when None), within what is planned.

    Classes of today that have begun stay.
    """
    today = local_date(now, practice.zone)
    furthest = today + practice.class_days * DAY
    wanted = min(max(wanted or today, today), furthest)
    # Weeks begin today and every seventh day from there: no days that are over take up room.
    first = today + (wanted - today) // WEEK * WEEK
    by_day: dict[date, list[ClassSession]] = {}
    for session in queries.between(week_of(first, practice.zone), chosen):
        by_day.setdefault(local_date(session.starts_at, practice.zone), []).append(session)
    days = [first + number * DAY for number in range(7)]
    return Timetable(
        days=[Day(day, by_day.get(day, [])) for day in days],
        previous=first - WEEK if first > today else None,
        following=first + WEEK if first + WEEK <= furthest else None,
    )
