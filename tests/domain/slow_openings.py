"""What may be offered, found the slow way: every start asked for by itself."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from booking.domain.availability import Hours, Spell, WeeklyHours, local_date, open_between
from booking.domain.intervals import Interval
from booking.domain.openings import (
    Diary,
    Terms,
)
from booking.domain.policies import GapMode, Policy
from booking.domain.slots import Busy, Demand
from booking.domain.workload import NO_LIMITS, Limits, Work
from booking.domain.zones import load_zone
from tests.domain import oracle

DAYS = {
    "America/New_York": date(2026, 11, 1),
    "Europe/Berlin": date(2026, 3, 29),
    "Australia/Lord_Howe": date(2026, 10, 4),
    "Africa/Casablanca": date(2026, 2, 15),
    "Asia/Kathmandu": date(2026, 6, 1),
}
PEOPLE, ROOMS = (1, 2), (11, 12)
spans = st.tuples(st.integers(0, 280), st.integers(1, 24))


LIMITS = (
    Limits(day_sessions=2), Limits(day_minutes=100), Limits(week_sessions=3),
    Limits(week_minutes=200, day_sessions=3),
)  # fmt: skip


def within(day: date, first: int, last: int) -> tuple[WeeklyHours, ...]:
    """The hours that everybody is held to, on this weekday."""
    return (WeeklyHours(day.weekday(), Spell(60 * first, 60 * last)),)


@st.composite
def worlds(draw: st.DrawFn) -> dict:
    """A day, who works when, what is taken, what is asked for, and when it is asked."""
    name = draw(st.sampled_from(sorted(DAYS)))
    zone, day = load_zone(name), DAYS[name]
    midnight = datetime.combine(day, time(), UTC) - timedelta(hours=12)
    hours = {
        one: [
            Spell(5 * a, min(5 * (a + 4 * b), 1440)) for a, b in draw(st.lists(spans, max_size=2))
        ]
        for one in PEOPLE
    }
    breaks = {
        one: [
            WeeklyHours(day.weekday(), Spell(5 * a, min(5 * (a + b), 1440)))
            for a, b in draw(st.lists(spans, max_size=1))
        ]
        for one in PEOPLE
    }
    away = {
        one: [
            Interval(midnight + timedelta(minutes=5 * a), midnight + timedelta(minutes=5 * (a + b)))
            for a, b in draw(st.lists(spans, max_size=1))
        ]
        for one in PEOPLE
    }
    taken = {
        one: [
            Interval(
                midnight + timedelta(minutes=10 * a), midnight + timedelta(minutes=10 * (a + b))
            )
            for a, b in draw(st.lists(spans, max_size=3))
        ]
        for one in (*PEOPLE, *ROOMS)
    }
    return {
        "zone": zone,
        "day": day,
        "hours": {
            one: Hours(
                [WeeklyHours(day.weekday(), spell) for spell in hours[one]],
                breaks=breaks[one], away=away[one],
                closed={day} if draw(st.integers(0, 9)) == 0 else (),
            )
            for one in PEOPLE
        },
        "taken": taken,
        "rooms": draw(st.sampled_from([(), ROOMS[:1], ROOMS])),
        "demand": Demand(
            draw(st.sampled_from([30, 50, 90])), draw(st.sampled_from([0, 10])),
            draw(st.sampled_from([0, 15])),
        ),
        "policy": Policy(
            grid_minutes=draw(st.sampled_from([15, 30, 60])),
            notice_minutes=draw(st.sampled_from([0, 120, 600])),
            furthest_days=draw(st.integers(0, 2)),
            gap_mode=draw(st.sampled_from(GapMode)),
            gap_minutes=draw(st.sampled_from([20, 45, 120])),
            hours=draw(st.sampled_from([(), within(day, 8, 12), within(day, 0, 20)])),
        ),
        "limits": draw(st.sampled_from([NO_LIMITS, *LIMITS])),
        "work": {
            one: [
                Work(midnight + timedelta(hours=hour), 60)
                for hour in draw(st.lists(st.integers(-150, 200), max_size=4))
            ]
            for one in PEOPLE
        },
        # On the half hour, so that the edges of notice are met and not only passed.
        "now": midnight + timedelta(minutes=30 * draw(st.integers(-60, 50))),
    }  # fmt: skip


def known(world: dict) -> tuple[Terms, Diary]:
    day, zone = world["day"], world["zone"]
    terms = Terms(
        1, world["demand"], PEOPLE, world["rooms"], needs_room=bool(world["rooms"]),
        limits={1: world["limits"]} if "limits" in world else {},
    )  # fmt: skip
    diary = Diary(
        first=day,
        last=day,
        zone=zone,
        open_time={one: open_between(day, day, world["hours"][one], zone) for one in PEOPLE},
        busy={one: Busy(taken) for one, taken in world["taken"].items()},
        taken=world["taken"],
        work=world.get("work", {}),
    )
    return terms, diary


def slow_offer(world: dict) -> dict[datetime, set[int]]:
    """Every start that keeps to all the rules, with who could give it, the slow way."""
    day, zone, policy, now = world["day"], world["zone"], world["policy"], world["now"]
    if day > local_date(now, zone) + timedelta(days=policy.furthest_days):
        return {}
    room_starts = [
        set(slow_starts(world, world["taken"][room], anywhen=True)) for room in world["rooms"]
    ]
    offer: dict[datetime, set[int]] = {}
    for one in PEOPLE:
        if one == 1 and not slow_has_room(world):
            continue
        starts = [
            start
            for start in slow_starts(world, world["taken"][one], world["hours"][one])
            if (not world["rooms"] or any(start in free for free in room_starts))
            and start >= now + timedelta(minutes=policy.notice_minutes)
            and slow_within(world, start)
        ]
        for start in slow_without_gaps(world, one, starts):
            offer.setdefault(start, set()).add(one)
    return offer


def slow_has_room(world: dict) -> bool:
    """Count what the first of the two has that day and that week, and one session more."""
    limits, zone, day = world["limits"], world["zone"], world["day"]
    dates = [(local_date(one.starts_at, zone), one.minutes) for one in world["work"][1]]
    dates.append((day, world["demand"].minutes))
    of_day = [minutes for on, minutes in dates if on == day]
    of_week = [minutes for on, minutes in dates if on.isocalendar()[:2] == day.isocalendar()[:2]]
    return (
        len(of_day) <= (limits.day_sessions or 99)
        and sum(of_day) <= (limits.day_minutes or 9999)
        and len(of_week) <= (limits.week_sessions or 99)
        and sum(of_week) <= (limits.week_minutes or 9999)
    )


def slow_within(world: dict, start: datetime) -> bool:
    """Each minute of the session lies in the hours that everybody is held to."""
    hours = [one.spell for one in world["policy"].hours]
    if not hours:
        return True
    allowed = oracle.open_minutes(world["day"], hours, world["zone"])
    minutes = range(world["demand"].minutes)
    return all(start + timedelta(minutes=number) in allowed for number in minutes)


def slow_without_gaps(world: dict, one: int, starts: list[datetime]) -> list[datetime]:
    """Leave out what spoils more of its free stretch than another start does."""
    policy, demand = world["policy"], world["demand"]
    if policy.gap_mode is not GapMode.ONLY:
        return starts
    free = oracle.open_in_all([world["day"]], world["hours"][one], world["zone"])
    for span in world["taken"][one]:
        free -= {
            span.start + timedelta(minutes=number)
            for number in range(int((span.end - span.start) / timedelta(minutes=1)))
        }
    spoilt = {}
    for start in starts:
        end = start + timedelta(minutes=demand.minutes)
        first, last = oracle.stretch_of(start, end, free)
        left = (
            start - timedelta(minutes=demand.before) - first,
            last - (end + timedelta(minutes=demand.after)),
        )
        minutes = [int(each / timedelta(minutes=1)) for each in left]
        lost = sum(each for each in minutes if 0 < each < policy.gap_minutes)
        spoilt[start] = ((first, last), lost)
    least = {
        stretch: min(lost for other, lost in spoilt.values() if other == stretch)
        for stretch, _lost in spoilt.values()
    }
    return [start for start in starts if spoilt[start][1] == least[spoilt[start][0]]]


def slow_starts(world: dict, taken, hours=None, *, anywhen: bool = False) -> list[datetime]:
    day, zone = world["day"], world["zone"]
    if anywhen:
        open_at = {instant for instant, _wall in oracle.minutes_around(day, zone)}
    else:
        open_at = oracle.open_in_all([day], hours, zone)
    return oracle.starts(day, open_at, taken, world["demand"], world["policy"].grid_minutes, zone)
