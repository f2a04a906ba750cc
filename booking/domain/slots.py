"""Which starts can be offered: open hours, less what is taken, on the start grid."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, offsets_around
from booking.domain.intervals import Interval, merge
from booking.domain.workload import Work

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a session asks of the calendar, in minutes."""

    minutes: int
    before: int = 0
    after: int = 0
    is_hands_on: bool = True

    @property
    def hands_on_minutes(self) -> int:
        """How much of it counts as hands-on work of who gives it."""
        return self.minutes if self.is_hands_on else 0

    def work(self, start: datetime) -> Work:
        """What it adds to the day of who gives it."""
        return Work(start, self.hands_on_minutes)

    def session(self, start: datetime) -> Interval:
        """The time the client is there."""
        return Interval(start, start + self.minutes * MINUTE)

    def whole(self, start: datetime) -> Interval:
        """The time taken from practitioner and room, turnover included."""
        return Interval(start - self.before * MINUTE, start + (self.minutes + self.after) * MINUTE)


class Busy:
    """Taken time of one resource, searchable by bisection."""

    def __init__(self, intervals: Sequence[Interval] = ()):
        self.intervals = merge(intervals)
        self._ends = [interval.end for interval in self.intervals]

    def around(self, wanted: Interval) -> tuple[datetime | None, datetime | None]:
        """Return the end of what is taken before free time, and the start of what is after it."""
        place = bisect_right(self._ends, wanted.start)
        before = self.intervals[place - 1].end if place else None
        after = self.intervals[place].start if place < len(self.intervals) else None
        return before, after

    def is_free(self, wanted: Interval) -> bool:
        # Of the stretches that end after the wanted start the first begins first: if it begins
        # at or after the wanted end, so do all the others.
        place = bisect_right(self._ends, wanted.start)
        return place == len(self._ends) or self.intervals[place].start >= wanted.end


def starts_on_grid(
    day: date, open_time: Sequence[Interval], demand: Demand, grid: int, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield the starts on `day` at which a session lies wholly in open time.

    `grid` is in minutes on the local clock, counted from midnight. The session itself must fit
    the open hours; turnover may reach beyond them. In the hour that comes twice each start is
    yielded twice, as two instants.
    """
    midnight = datetime.combine(day, time(), UTC)
    step = grid * MINUTE
    open_time = around(day, open_time)
    for offset in offsets_around(day, zone):
        day_start = midnight - offset.ahead
        first = max(offset.start, day_start)
        last = min(offset.end, day_start + DAY)
        for interval in open_time:
            start = max(interval.start, first)
            start += -(start - day_start) % step
            limit = min(last - timedelta(microseconds=1), interval.end - demand.minutes * MINUTE)
            while start <= limit:
                yield start
                start += step


def is_start_on_grid(start: datetime, grid: int, zone: ZoneInfo) -> bool:
    """Tell whether the local clock shows a time on the grid at `start`."""
    wall = start.astimezone(zone)
    return (wall.hour * 60 + wall.minute) % grid == 0 and not wall.second and not wall.microsecond


def around(day: date, open_time: Sequence[Interval]) -> Sequence[Interval]:
    """Return what of the open time can lie on `day`, whatever the zone: a month holds much more."""
    midnight = datetime.combine(day, time(), UTC)
    first = bisect_right(open_time, midnight - 16 * HOUR, key=lambda one: one.end)
    last = bisect_left(open_time, midnight + 40 * HOUR, key=lambda one: one.start)
    return open_time[first:last]
