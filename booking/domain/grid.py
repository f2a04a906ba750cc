"""The geometry of a calendar: days as columns of five-minute rows, and who stands beside whom.

Rows follow elapsed time, so that a day on which the clocks change has 23 or 25 hours of them; the
labels beside them are what the clock on the wall shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, instant_of
from booking.domain.intervals import Interval, subtract

ROW = 5 * MINUTE
# The hours that are shown of a day on which nothing happens.
FIRST_HOUR, LAST_HOUR = 8, 18
# As many as stand side by side: a column is divided into so many parts.
PARTS = 12


class Rows(NamedTuple):
    """From row `start` on, `span` rows."""

    start: int
    span: int

    @property
    def end(self) -> int:
        return self.start + self.span


class Lane(NamedTuple):
    """The place of one among `beside` that stand side by side, counted from 0."""

    number: int
    beside: int

    @property
    def parts(self) -> Rows:
        """Return the part of the column: of PARTS, from which on, how many."""
        span = max(PARTS // self.beside, 1)
        return Rows(min(self.number * span, PARTS - span), span)


class Mark(NamedTuple):
    """A full hour on the wall, and the row it begins in."""

    row: int
    instant: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """The part `[start, end)` of one local date that is shown."""

    day: date
    start: datetime
    end: datetime
    marks: tuple[Mark, ...]

    @property
    def rows(self) -> int:
        return -(-(self.end - self.start) // ROW)

    @property
    def whole(self) -> Interval:
        return Interval(self.start, self.end)

    def place(self, interval: Interval) -> Rows | None:
        """Return the rows that an interval touches, None when it is not shown at all."""
        start, end = max(interval.start, self.start), min(interval.end, self.end)
        if start >= end:
            return None
        first = (start - self.start) // ROW
        return Rows(first, max(-(-(end - self.start) // ROW) - first, 1))

    def row_at(self, instant: datetime) -> int | None:
        """Return the row of an instant, None when it is not shown."""
        return (instant - self.start) // ROW if self.start <= instant < self.end else None

    def closed(self, open_time: Iterable[Interval]) -> list[Rows]:
        """Return the rows of the time that is not open."""
        placed = (self.place(one) for one in subtract(self.whole, open_time))
        return [one for one in placed if one is not None]


@lru_cache(maxsize=1024)
def frame(day: date, first_hour: int, last_hour: int, zone: ZoneInfo) -> Frame:
    """Return a date from one hour of the wall to another, 0 to 24; the end is not within."""
    midnight = datetime.combine(day, time())
    start = instant_of(midnight + timedelta(hours=first_hour), zone)
    end = instant_of(midnight + timedelta(hours=last_hour), zone)
    return Frame(day, start, end, tuple(_marks(start, end, zone)))


def _marks(start: datetime, end: datetime, zone: ZoneInfo) -> Iterable[Mark]:
    instant = start
    while instant < end:
        if instant.astimezone(zone).minute == 0:
            yield Mark((instant - start) // ROW, instant)
        instant += ROW


def hours_shown(
    days: Sequence[date], intervals: Iterable[Interval], zone: ZoneInfo
) -> tuple[int, int]:
    """Return the first and last full hour on the wall that holds all intervals on these dates."""
    first, last = FIRST_HOUR, LAST_HOUR
    shown = set(days)
    for interval in intervals:
        start, end = interval.start.astimezone(zone), interval.end.astimezone(zone)
        on, until = start.date(), (end - timedelta(microseconds=1)).date()
        if until > on:
            # Over midnight: to the end of the one day, from the beginning of the other.
            last = 24 if on in shown else last
            first = 0 if until in shown or (until - on > DAY) else first
        if on in shown:
            first = min(first, start.hour)
        if until in shown:
            last = max(last, _full_hour(end) if end.date() == until else 24)
    return first, last


def _full_hour(local: datetime) -> int:
    return local.hour + bool(local.minute or local.second or local.microsecond)


def lanes(spans: Sequence[Rows]) -> list[Lane]:
    """Return for each span, in their order, where it stands among those it overlaps with.

    Spans that hang together by overlaps share one division of the column, into no more parts
    than stand side by side anywhere among them.
    """
    order = sorted(range(len(spans)), key=lambda index: (spans[index].start, -spans[index].span))
    found: dict[int, Lane] = {}
    group: list[tuple[int, int]] = []
    ends: list[int] = []
    for index in order:
        span = spans[index]
        if ends and span.start >= max(ends):
            _close(group, len(ends), found)
            group, ends = [], []
        number = next((lane for lane, end in enumerate(ends) if end <= span.start), len(ends))
        if number == len(ends):
            ends.append(span.end)
        else:
            ends[number] = span.end
        group.append((index, number))
    _close(group, len(ends), found)
    return [found[index] for index in range(len(spans))]


def _close(group: list[tuple[int, int]], count: int, found: dict[int, Lane]) -> None:
    for index, number in group:
        found[index] = Lane(number, count)
