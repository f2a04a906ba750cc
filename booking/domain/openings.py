"""Openings: free times that are offered, and who could give them where.

All arithmetic on what is known of people's and rooms' time; nothing here asks anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, day_interval
from booking.domain.intervals import Interval
from booking.domain.policies import Policy
from booking.domain.slots import Busy, Demand, is_start_on_grid, starts_on_grid


@dataclass(frozen=True, slots=True)
class Terms:
    """One option of a service as the calendar sees it; resources in the studio's order."""

    option_id: int
    demand: Demand
    practitioner_ids: tuple[int, ...]
    room_ids: tuple[int, ...]
    needs_room: bool

    def only(self, practitioner_id: int | None) -> "Terms":
        """The same with one practitioner only; None leaves the choice open."""
        if practitioner_id is None:
            return self
        chosen = tuple(one for one in self.practitioner_ids if one == practitioner_id)
        return Terms(self.option_id, self.demand, chosen, self.room_ids, self.needs_room)


class Opening(NamedTuple):
    """A free time that is offered: who could give it, whom we would choose first."""

    starts_at: datetime
    practitioner_ids: tuple[int, ...]


class Place(NamedTuple):
    """Who and where, for one start."""

    practitioner_id: int
    room_id: int | None


@dataclass(frozen=True, slots=True)
class Diary:
    """All that is known of some practitioners' and rooms' time on the dates `first` … `last`."""

    first: date
    last: date
    zone: ZoneInfo
    open_time: dict[int, list[Interval]]
    busy: dict[int, Busy]
    taken: dict[int, list[Interval]] = field(default_factory=dict)

    def is_free(self, resource_id: int, wanted: Interval) -> bool:
        busy = self.busy.get(resource_id)
        return busy is None or busy.is_free(wanted)

    def minutes_taken(self, resource_id: int, day: Interval) -> float:
        """How much of a day is taken, in minutes: who has least is offered first."""
        return sum(
            (min(one.end, day.end) - max(one.start, day.start)).total_seconds() / 60
            for one in self.taken.get(resource_id, ())
            if one.overlaps(day)
        )


def openings_on(
    day: date, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> list[Opening]:
    """Return the openings of one date in order, each with who could give it, best first."""
    if not diary.first <= day <= min(diary.last, policy.furthest(now, diary.zone)):
        return []
    earliest = policy.earliest(now)
    by_start: dict[datetime, list[int]] = {}
    for practitioner in _ranked(terms.practitioner_ids, day, diary):
        open_time = diary.open_time.get(practitioner, [])
        for start in starts_on_grid(day, open_time, terms.demand, policy.grid_minutes, diary.zone):
            if start >= earliest and diary.is_free(practitioner, terms.demand.whole(start)):
                by_start.setdefault(start, []).append(practitioner)
    return [
        Opening(start, tuple(by_start[start]))
        for start in sorted(by_start)
        if _has_room(terms, diary, start)
    ]


def _ranked(practitioners: Sequence[int], day: date, diary: Diary) -> list[int]:
    """Who has the fewest minutes taken that day first, then in the studio's order."""
    if len(practitioners) < 2:
        return list(practitioners)
    whole = day_interval(day, diary.zone)
    return sorted(practitioners, key=lambda one: diary.minutes_taken(one, whole))


def _has_room(terms: Terms, diary: Diary, start: datetime) -> bool:
    whole = terms.demand.whole(start)
    return not terms.needs_room or any(diary.is_free(room, whole) for room in terms.room_ids)


def next_openings(
    terms: Terms, diary: Diary, policy: Policy, now: datetime, count: int
) -> list[Opening]:
    """Return the first `count` openings within the diary."""
    found: list[Opening] = []
    day = diary.first
    while day <= diary.last and len(found) < count:
        found += openings_on(day, terms, diary, policy, now)
        day += DAY
    return found[:count]


def nearest_openings(
    start: datetime, terms: Terms, diary: Diary, policy: Policy, now: datetime, count: int = 4
) -> list[Opening]:
    """Return the openings of the diary nearest to a time that was just taken, in order of time."""
    day = diary.first
    found: list[Opening] = []
    while day <= diary.last:
        found += openings_on(day, terms, diary, policy, now)
        day += DAY
    nearest = sorted(found, key=lambda opening: abs(opening.starts_at - start))[:count]
    return sorted(nearest)


def places_at(
    start: datetime, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> list[Place] | None:
    """Return who and where could take a start, best first; None when it is not offered at all.

    An empty list says that it would be offered but is taken: the answers differ.
    """
    day = start.astimezone(diary.zone).date()
    if not policy.is_bookable(start, now, diary.zone):
        return None
    if not is_start_on_grid(start, policy.grid_minutes, diary.zone):
        return None
    session = terms.demand.session(start)
    offered = [
        one
        for one in _ranked(terms.practitioner_ids, day, diary)
        if any(interval.contains(session) for interval in diary.open_time.get(one, ()))
    ]
    if not offered or (terms.needs_room and not terms.room_ids):
        return None
    whole = terms.demand.whole(start)
    rooms = (
        [room for room in terms.room_ids if diary.is_free(room, whole)]
        if terms.needs_room
        else [None]
    )
    return [Place(one, room) for one in offered if diary.is_free(one, whole) for room in rooms]
