"""Openings: free times that are offered, and who could give them where.

All arithmetic on what is known of people's and rooms' time; nothing here asks anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, Hours, day_interval, open_between
from booking.domain.intervals import Interval, intersect
from booking.domain.policies import GapMode, Policy
from booking.domain.slots import Busy, Demand, around, is_start_on_grid, starts_on_grid
from booking.domain.workload import NO_LIMITS, Limits, Work, has_room

ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Terms:
    """One option of a service as the calendar sees it; resources in the studio's order."""

    option_id: int
    demand: Demand
    practitioner_ids: tuple[int, ...]
    room_ids: tuple[int, ...]
    needs_room: bool
    # The most that each practitioner gives, of those who have set a limit.
    limits: Mapping[int, Limits] = field(default_factory=dict)

    @property
    def hands_on_minutes(self) -> int:
        return self.demand.hands_on_minutes

    def limits_of(self, practitioner_id: int) -> Limits:
        return self.limits.get(practitioner_id, NO_LIMITS)

    def only(self, practitioner_id: int | None) -> "Terms":
        """The same with one practitioner only; None leaves the choice open."""
        if practitioner_id is None:
            return self
        chosen = tuple(one for one in self.practitioner_ids if one == practitioner_id)
        return replace(self, practitioner_ids=chosen)


class Opening(NamedTuple):
    """A free time that is offered: who could give it, whom we would choose first.

    One that is not `is_best` would leave a stretch that is of no use, and another would not.
    """

    starts_at: datetime
    practitioner_ids: tuple[int, ...]
    is_best: bool = True


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
    # What each gives in the weeks of these dates, for their limits.
    work: dict[int, list[Work]] = field(default_factory=dict)

    def is_free(self, resource_id: int, wanted: Interval) -> bool:
        busy = self.busy.get(resource_id)
        return busy is None or busy.is_free(wanted)

    def time_taken(self, resource_id: int, day: Interval) -> timedelta:
        """How much of a day is taken: who has least is offered first."""
        spans = [one for one in self.taken.get(resource_id, ()) if one.overlaps(day)]
        return sum((min(one.end, day.end) - max(one.start, day.start) for one in spans), ZERO)


class Candidate(NamedTuple):
    """A start that somebody could give; the best of a stretch spoil least of it."""

    starts_at: datetime
    practitioner_id: int
    is_best: bool


def openings_on(
    day: date, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> list[Opening]:
    """Return the openings of one date in order, each with who could give it, best first."""
    by_start: dict[datetime, list[Candidate]] = {}
    for one in candidates_on(day, terms, diary, policy, now):
        by_start.setdefault(one.starts_at, []).append(one)
    return [
        Opening(
            start,
            tuple(one.practitioner_id for one in sorted(by_start[start], key=_worse)),
            any(one.is_best for one in by_start[start]),
        )
        for start in sorted(by_start)
    ]


def _worse(candidate: Candidate) -> bool:
    return not candidate.is_best


def candidates_on(
    day: date, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> list[Candidate]:
    """Return who could give which start of a date, who is chosen first before the others."""
    if not diary.first <= day <= min(diary.last, policy.furthest(now, diary.zone)):
        return []
    return [
        candidate
        for practitioner in _ranked(terms.practitioner_ids, day, diary)
        if has_room(
            day, terms.hands_on_minutes, terms.limits_of(practitioner),
            diary.work.get(practitioner, ()), diary.zone,
        )
        for candidate in _candidates_of(practitioner, day, terms, diary, policy, now)
    ]  # fmt: skip


def _candidates_of(
    practitioner: int, day: date, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> list[Candidate]:
    earliest = policy.earliest(now)
    open_time = open_time_of(practitioner, day, diary, policy)
    starts = [
        start
        for start in starts_on_grid(day, open_time, terms.demand, policy.grid_minutes, diary.zone)
        if start >= earliest
        and diary.is_free(practitioner, terms.demand.whole(start))
        and _has_room(terms, diary, start)
    ]
    if policy.gap_mode is GapMode.OFF:
        return [Candidate(start, practitioner, True) for start in starts]
    own_hours = around(day, diary.open_time.get(practitioner, []))
    return _weighed(starts, practitioner, own_hours, terms.demand, diary, policy)


def _weighed(
    starts: Sequence[datetime],
    practitioner: int,
    open_time: Sequence[Interval],
    demand: Demand,
    diary: Diary,
    policy: Policy,
) -> list[Candidate]:
    """Weigh each start against the others of its free stretch by what it would spoil of it."""
    busy = diary.busy.get(practitioner) or Busy()
    by_stretch: dict[Interval, list[tuple[datetime, int]]] = {}
    for start in starts:
        stretch = free_stretch(demand.session(start), open_time, busy)
        spoilt = spoilt_minutes(demand.whole(start), stretch, policy.gap_minutes)
        by_stretch.setdefault(stretch, []).append((start, spoilt))
    found = []
    for weighed in by_stretch.values():
        least = min(spoilt for _start, spoilt in weighed)
        found += [
            Candidate(start, practitioner, spoilt == least)
            for start, spoilt in weighed
            if spoilt == least or policy.gap_mode is not GapMode.ONLY
        ]
    return found


def free_stretch(session: Interval, open_time: Sequence[Interval], busy: Busy) -> Interval:
    """Return the free time around a session: open, and with nothing taken in it."""
    opened = next(one for one in open_time if one.contains(session))
    before, after = busy.around(session)
    return Interval(
        max(opened.start, before) if before else opened.start,
        min(opened.end, after) if after else opened.end,
    )


def spoilt_minutes(whole: Interval, stretch: Interval, useful: int) -> int:
    """Return how many minutes before and after are left that are too short to be of use."""
    left = (whole.start - stretch.start, stretch.end - whole.end)
    minutes = [one // MINUTE for one in left]
    return sum(one for one in minutes if 0 < one < useful)


def open_time_of(practitioner: int, day: date, diary: Diary, policy: Policy) -> Sequence[Interval]:
    """Return somebody's hours around `day`, within those that the policy sets to all."""
    own = around(day, diary.open_time.get(practitioner, []))
    if not policy.hours:
        return own
    allowed = open_between(day - DAY, day + DAY, Hours(policy.hours), diary.zone)
    return intersect(own, allowed)


def _ranked(practitioners: Sequence[int], day: date, diary: Diary) -> list[int]:
    """Who has the fewest minutes taken that day first, then in the studio's order."""
    if len(practitioners) < 2:
        return list(practitioners)
    whole = day_interval(day, diary.zone)
    return sorted(practitioners, key=lambda one: diary.time_taken(one, whole))


def _has_room(terms: Terms, diary: Diary, start: datetime) -> bool:
    if not terms.needs_room:
        return True
    whole = terms.demand.whole(start)
    return any(diary.is_free(room, whole) for room in terms.room_ids)


def next_openings(
    terms: Terms, diary: Diary, policy: Policy, now: datetime, count: int
) -> list[Opening]:
    """Return the first `count` openings within the diary, of each date the best."""
    found: list[Opening] = []
    day = diary.first
    while day <= diary.last and len(found) < count:
        found += [one for one in openings_on(day, terms, diary, policy, now) if one.is_best]
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
    is_offered = any(
        interval.contains(session)
        for one in terms.practitioner_ids
        for interval in open_time_of(one, day, diary, policy)
    )
    if not is_offered or (terms.needs_room and not terms.room_ids):
        return None
    found = [one for one in candidates_on(day, terms, diary, policy, now) if one.starts_at == start]
    whole = terms.demand.whole(start)
    rooms = [room for room in terms.room_ids if diary.is_free(room, whole)]
    return [
        Place(one.practitioner_id, room)
        for one in sorted(found, key=_worse)
        for room in (rooms if terms.needs_room else [None])
    ]
