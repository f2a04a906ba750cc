"""How much one person gives in a day and in a week, and how much of it is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, local_date


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that somebody gives; None is no limit. A week runs from Monday to Sunday."""

    day_sessions: int | None = None
    day_minutes: int | None = None
    week_sessions: int | None = None
    week_minutes: int | None = None


NO_LIMITS = Limits()


class Work(NamedTuple):
    """A session that takes somebody's time, and how many minutes of it are hands-on."""

    starts_at: datetime
    minutes: int


def monday_of(day: date) -> date:
    """Return the first date of the week that `day` is in."""
    return day - day.weekday() * DAY


def has_room(day: date, minutes: int, limits: Limits, work: Sequence[Work], zone: ZoneInfo) -> bool:
    """Tell whether one more session of so many hands-on minutes fits on `day`.

    A session belongs to the date and the week on the wall at its start.
    """
    if limits == NO_LIMITS:
        return True
    dated = [(local_date(one.starts_at, zone), one.minutes) for one in work]
    monday = monday_of(day)
    this_day = [each for on, each in dated if on == day]
    this_week = [each for on, each in dated if monday <= on < monday + 7 * DAY]
    return (
        _within(len(this_day) + 1, limits.day_sessions)
        and _within(len(this_week) + 1, limits.week_sessions)
        and _minutes_within(this_day, minutes, limits.day_minutes)
        and _minutes_within(this_week, minutes, limits.week_minutes)
    )


def _within(count: int, most: int | None) -> bool:
    return most is None or count <= most


def _minutes_within(known: Iterable[int], more: int, most: int | None) -> bool:
    """A session without hands-on work adds nothing, and a full day does not keep it out."""
    return not more or _within(sum(known) + more, most)
