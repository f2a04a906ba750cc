"""Reading hours and taken time: a fixed handful of selects whatever the range."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.availability import DAY, Hours, day_interval, open_between
from booking.domain.intervals import Interval
from booking.domain.openings import Diary, Terms
from booking.domain.slots import Busy
from booking.domain.workload import Work, monday_of
from booking.scheduling.calendar import LONGEST
from booking.scheduling.hours import load_hours
from booking.scheduling.models import Claim, ClaimKind, TimeClaim

# Put together once: that takes longer than to run it.
_TAKEN = (
    select(
        TimeClaim.resource_id,
        TimeClaim.starts_at,
        TimeClaim.ends_at,
        Claim.session_at,
        Claim.hands_on_minutes,
    )
    .join(Claim, Claim.id == TimeClaim.claim_id)
    .where(
        TimeClaim.resource_id.in_(bindparam("resources", expanding=True)),
        TimeClaim.starts_at < bindparam("ends", type_=UTCDateTime()),
        TimeClaim.starts_at > bindparam("begins", type_=UTCDateTime()),
        TimeClaim.claim_id.not_in(bindparam("without", expanding=True)),
        # An expired hold is free; an expired offer passes on to the next in line.
        or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > bindparam("now", type_=UTCDateTime())),
    )
)


def load_diary(
    terms: Iterable[Terms],
    first: date,
    last: date,
    zone: ZoneInfo,
    now: datetime,
    without: Sequence[int] = (),
) -> Diary:
    """Read hours and taken time in two selects.

    `without` names claims that are looked through: those of a booking that is to be moved.
    """
    terms = list(terms)
    practitioners = {one for each in terms for one in each.practitioner_ids}
    rooms = {one for each in terms for one in each.room_ids}
    window = Interval(day_interval(first, zone).start, day_interval(last, zone).end)
    with_limits = {one for each in terms for one in each.limits}
    if with_limits:
        monday, sunday = monday_of(first), monday_of(last) + 6 * DAY
        window = Interval(day_interval(monday, zone).start, day_interval(sunday, zone).end)
    taken, work = _load_taken(practitioners | rooms, window, now, without)
    hours = load_hours(practitioners | rooms, first, last, zone)
    return Diary(
        first=first,
        last=last,
        zone=zone,
        open_time=_open_time(practitioners, hours, first, last, zone),
        # The whole of a room's time off, also where a session was kept that is called off since.
        busy={one: Busy([*taken.get(one, ()), *hours[one].away]) for one in hours},
        taken=taken,
        work={one: work.get(one, []) for one in with_limits},
    )


def open_time_of(
    practitioner_ids: set[int], first: date, last: date, zone: ZoneInfo
) -> dict[int, list[Interval]]:
    """Return the hours of these practitioners on these dates, by their id, in one select.

    Time off is not taken from them: it has the time like a session.
    """
    known = load_hours(practitioner_ids, first, last, zone)
    hours = {one: each._replace(away=()) for one, each in known.items()}
    return _open_time(practitioner_ids, hours, first, last, zone)


def _open_time(
    practitioners: set[int], hours: dict[int, Hours], first: date, last: date, zone: ZoneInfo
) -> dict[int, list[Interval]]:
    # A day more on each side: a session may reach over midnight.
    return {one: open_between(first - DAY, last + DAY, hours[one], zone) for one in practitioners}


def _load_taken(
    resources: set[int], window: Interval, now: datetime, without: Sequence[int]
) -> tuple[dict[int, list[Interval]], dict[int, list[Work]]]:
    """Return what is taken of each resource's time, and which sessions take it."""
    margin = timedelta(hours=13)  # Longest session and turnover that begin or end in the window.
    asked = {
        "resources": sorted(resources),
        "ends": window.end + margin,
        "begins": window.start - margin - LONGEST,
        "without": list(without),
        "now": now,
    }
    rows = db.session.execute(_TAKEN, asked)
    taken: dict[int, list[Interval]] = {}
    work: dict[int, list[Work]] = {}
    for resource_id, starts_at, ends_at, session_at, minutes in rows:
        taken.setdefault(resource_id, []).append(Interval(starts_at, ends_at))
        if session_at is not None:
            work.setdefault(resource_id, []).append(Work(session_at, minutes))
    return taken, work
