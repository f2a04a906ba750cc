"""Openings: a fixed handful of selects whatever the range, then arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from booking.catalog.queries import Terms
from booking.database import db
from booking.domain.availability import DAY, Spell, WeeklyHours, day_interval, open_between
from booking.domain.intervals import Interval
from booking.domain.policies import Policy
from booking.domain.slots import Busy, is_start_on_grid, starts_on_grid
from booking.scheduling.calendar import LONGEST
from booking.scheduling.models import Claim, ClaimKind, HoursException, OpeningHours, TimeClaim


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


def load_diary(
    terms: Iterable[Terms],
    first: date,
    last: date,
    zone: ZoneInfo,
    now: datetime,
    without: Sequence[int] = (),
) -> Diary:
    """Read hours and taken time in three selects.

    `without` names claims that are looked through: those of a booking that is to be moved.
    """
    terms = list(terms)
    practitioners = {one for each in terms for one in each.practitioner_ids}
    rooms = {one for each in terms for one in each.room_ids}
    window = Interval(day_interval(first, zone).start, day_interval(last, zone).end)
    taken = _load_taken(practitioners | rooms, window, now, without)
    return Diary(
        first=first,
        last=last,
        zone=zone,
        open_time=_load_open(practitioners, first, last, zone),
        busy={resource: Busy(intervals) for resource, intervals in taken.items()},
        taken=taken,
    )


def _load_open(
    practitioners: set[int], first: date, last: date, zone: ZoneInfo
) -> dict[int, list[Interval]]:
    weekly: dict[int, list[WeeklyHours]] = {one: [] for one in practitioners}
    for row in db.session.execute(
        select(
            OpeningHours.practitioner_id,
            OpeningHours.weekday,
            OpeningHours.opens_minute,
            OpeningHours.closes_minute,
            OpeningHours.valid_from,
            OpeningHours.valid_until,
        ).where(OpeningHours.practitioner_id.in_(practitioners))
    ):
        hours = WeeklyHours(row[1], Spell(row[2], row[3]), row[4], row[5])
        weekly[row[0]].append(hours)
    exceptions = _load_exceptions(practitioners, first, last)
    # A day more on each side: a session may reach over midnight.
    return {
        one: open_between(first - DAY, last + DAY, weekly[one], exceptions.get(one, {}), zone)
        for one in practitioners
    }


def _load_exceptions(
    practitioners: set[int], first: date, last: date
) -> dict[int, dict[date, list[Spell]]]:
    found: dict[int, dict[date, list[Spell]]] = {}
    for practitioner_id, day, opens, closes in db.session.execute(
        select(
            HoursException.practitioner_id,
            HoursException.on_date,
            HoursException.opens_minute,
            HoursException.closes_minute,
        ).where(
            HoursException.practitioner_id.in_(practitioners),
            HoursException.on_date.between(first - DAY, last + DAY),
        )
    ):
        spells = found.setdefault(practitioner_id, {}).setdefault(day, [])
        if opens is not None and closes is not None:
            spells.append(Spell(opens, closes))
    return found


def _load_taken(
    resources: set[int], window: Interval, now: datetime, without: Sequence[int]
) -> dict[int, list[Interval]]:
    margin = timedelta(hours=13)  # Longest session and turnover that begin or end in the window.
    rows = db.session.execute(
        select(TimeClaim.resource_id, TimeClaim.starts_at, TimeClaim.ends_at)
        .join(Claim, Claim.id == TimeClaim.claim_id)
        .where(
            TimeClaim.resource_id.in_(resources),
            TimeClaim.starts_at < window.end + margin,
            TimeClaim.starts_at > window.start - margin - LONGEST,
            TimeClaim.claim_id.not_in(without),
            # An expired hold is free; an expired offer passes on to the next in line.
            or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > now),
        )
    )
    taken: dict[int, list[Interval]] = {}
    for resource_id, starts_at, ends_at in rows:
        taken.setdefault(resource_id, []).append(Interval(starts_at, ends_at))
    return taken


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
