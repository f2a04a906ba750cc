"""Reading hours and taken time: a fixed handful of selects whatever the range."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from booking.database import db
from booking.domain.availability import DAY, Spell, WeeklyHours, day_interval, open_between
from booking.domain.intervals import Interval
from booking.domain.openings import Diary, Terms
from booking.domain.slots import Busy
from booking.scheduling.calendar import LONGEST
from booking.scheduling.models import Claim, ClaimKind, HoursException, OpeningHours, TimeClaim


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


def open_time_of(
    practitioner_ids: set[int], first: date, last: date, zone: ZoneInfo
) -> dict[int, list[Interval]]:
    """Return when these practitioners are there on these dates, by their id, in two selects."""
    return _load_open(practitioner_ids, first, last, zone)


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
