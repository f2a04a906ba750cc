"""From the hours on the wall to instants: the only place where local time becomes UTC.

Opening hours are minutes on the clock of the practice. A spell on a date means *every instant
at which that clock shows that date and a time within the spell*. From this one sentence both
changes of the clocks follow: an hour that is skipped holds no time, one that comes twice holds
two hours.

What takes away from the hours is said in the same words: a recurring break is every instant at
which the clock shows a weekday and a time, a closed day every instant at which it shows that date.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.intervals import Interval, merge, without

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Spell(NamedTuple):
    """Open from `opens` to `closes`, minutes since local midnight, 0 to 1440."""

    opens: int
    closes: int


class WeeklyHours(NamedTuple):
    """A spell on one weekday (Monday is 0), on dates within `valid_from` … `valid_until`."""

    weekday: int
    spell: Spell
    valid_from: date | None = None
    valid_until: date | None = None

    def applies_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


class Hours(NamedTuple):
    """All that says when one practitioner gives sessions.

    An exception is the whole of its date: it counts on a closed day, and no weekly break is taken
    from it. `away` are instants, whatever the hours say.
    """

    weekly: Sequence[WeeklyHours] = ()
    exceptions: Mapping[date, Sequence[Spell]] = MappingProxyType({})
    breaks: Sequence[WeeklyHours] = ()
    closed: Collection[date] = ()
    away: Sequence[Interval] = ()

    def spells_on(self, day: date) -> Sequence[Spell]:
        """Return the spells of one date: the exception's if there is one (none = closed)."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.closed:
            return ()
        return [hours.spell for hours in self.weekly if hours.applies_on(day)]

    def breaks_on(self, day: date) -> Sequence[Spell]:
        """Return the weekly breaks of one date."""
        if day in self.exceptions:
            return ()
        return [one.spell for one in self.breaks if one.applies_on(day)]


class Offset(NamedTuple):
    """A stretch `[start, end)` of UTC during which the zone stands `ahead` of UTC."""

    start: datetime
    end: datetime
    ahead: timedelta


@lru_cache(maxsize=4096)
def offsets_around(day: date, zone: ZoneInfo) -> tuple[Offset, ...]:
    """Return the offsets in force around `day`, each with the stretch it is valid for.

    The window reaches from 16 hours before the date's UTC midnight to 40 hours after: no clock
    on Earth is further from UTC than 14 hours.
    """
    midnight = datetime.combine(day, time(), UTC)
    edge, end = midnight - timedelta(hours=16), midnight + timedelta(hours=40)
    offsets: list[Offset] = []
    while edge < end:
        ahead = _ahead(edge, zone)
        change = _next_change(edge, end, ahead, zone)
        offsets.append(Offset(edge, change, ahead))
        edge = change
    return tuple(offsets)


def _ahead(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _next_change(start: datetime, end: datetime, ahead: timedelta, zone: ZoneInfo) -> datetime:
    """Return the first second after `start` with another offset, or `end`."""
    step = timedelta(hours=8)
    low = start
    while low < end and _ahead(min(low + step, end), zone) == ahead:
        low = min(low + step, end)
    high = min(low + step, end)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _ahead(middle, zone) == ahead:
            low = middle
        else:
            high = middle
    return high


def open_on(day: date, spells: Iterable[Spell], zone: ZoneInfo) -> list[Interval]:
    """Return the instants at which the clock in `zone` shows `day` and a time in a spell."""
    midnight = datetime.combine(day, time(), UTC)
    found = []
    for spell in spells:
        opens, closes = midnight + spell.opens * MINUTE, midnight + spell.closes * MINUTE
        found += [
            Interval(max(opens - ahead, start), min(closes - ahead, end))
            for start, end, ahead in offsets_around(day, zone)
        ]
    return merge(found)


def open_between(first: date, last: date, hours: Hours, zone: ZoneInfo) -> list[Interval]:
    """Return all open time of the dates `first` to `last`, both included, as UTC intervals."""
    days = (first + DAY * number for number in range((last - first).days + 1))
    found = [
        interval
        for day in days
        for interval in without(
            open_on(day, hours.spells_on(day), zone), open_on(day, hours.breaks_on(day), zone)
        )
    ]
    return without(found, hours.away)


def day_interval(day: date, zone: ZoneInfo) -> Interval:
    """Return the whole of a local date: 23, 24 or 25 hours, or what the zone gives it."""
    spans = open_on(day, [Spell(0, 24 * 60)], zone)
    return Interval(spans[0].start, spans[-1].end) if spans else Interval(*[_midnight(day)] * 2)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the clock shows `wall` (naive).

    A time that comes twice means the first of the two; one that is skipped means the instant at
    which the clocks go forward.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # No zone changes its clocks twice within that window.
    return offsets_around(wall.date(), zone)[1].start


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the date on the practice's wall at `instant`."""
    return instant.astimezone(zone).date()
