"""Sessions every few weeks: the same time on the wall, whatever the clocks do in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.domain.series import WEEK, start_of
from booking.domain.walltime import instants_at

WEEKS = range(1, 9)
TIMES = range(2, 27)


class Clock(StrEnum):
    """What the clocks do at a time on the wall."""

    PLAIN = "plain"  # It comes once, as nearly always.
    SKIPPED = "skipped"  # It does not come: the moment the clocks go forward is meant.
    TWICE = "twice"  # It comes twice: the first of the two is meant.


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series, counted from 0."""

    number: int
    day: date
    starts_at: datetime
    clock: Clock


def occurrences(first: datetime, weeks: int, times: int, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Yield `times` sessions, `weeks` weeks apart, from the instant `first` on.

    The first is taken as it was said, also in an hour that comes twice.
    """
    wall = first.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    yield Occurrence(0, wall.date(), first, Clock.PLAIN)
    for number in range(1, times):
        day = wall.date() + number * weeks * WEEK
        found = instants_at(datetime.combine(day, wall.time()), zone)
        clock = (Clock.SKIPPED, Clock.PLAIN, Clock.TWICE)[len(found)]
        yield Occurrence(number, day, start_of(day, minute, zone), clock)
