"""Local hours become instants as the clock on the wall would have it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.domain.availability import (
    Hours,
    Spell,
    WeeklyHours,
    day_interval,
    instant_of,
    offsets_around,
    open_between,
    open_on,
)
from booking.domain.intervals import Interval
from booking.domain.slots import Busy, Demand, around, is_start_on_grid, starts_on_grid
from booking.domain.zones import load_zone
from tests.domain import oracle

ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
]
# The days on which the clocks of these zones change, and their neighbours.
CHANGES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "Asia/Kathmandu": [date(2026, 3, 8), date(2026, 11, 1)],
}

zone_names = st.sampled_from(ZONES)


@st.composite
def spells(draw: st.DrawFn) -> list[Spell]:
    edges = draw(st.lists(st.integers(0, 24 * 12), min_size=2, max_size=6, unique=True))
    edges = sorted(edge * 5 for edge in edges)
    return [Spell(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def zone_days(draw: st.DrawFn) -> tuple[str, date]:
    name = draw(zone_names)
    near = st.sampled_from(CHANGES[name]).flatmap(
        lambda change: st.integers(-1, 1).map(lambda n: change + timedelta(days=n))
    )
    return name, draw(st.one_of(near, st.dates(date(2025, 1, 1), date(2027, 12, 31))))


@given(zone_days(), spells())
@settings(max_examples=150, deadline=None)
@example(("America/New_York", date(2026, 11, 1)), [Spell(0, 90)])
@example(("Australia/Lord_Howe", date(2026, 4, 5)), [Spell(60, 110), Spell(115, 130)])
def test_open_time_is_every_minute_the_wall_clock_shows(zone_day, day_spells):
    name, day = zone_day
    zone = load_zone(name)
    computed = {
        interval.start + timedelta(minutes=n)
        for interval in open_on(day, day_spells, zone)
        for n in range(int((interval.end - interval.start).total_seconds() // 60))
    }
    assert computed == oracle.open_minutes(day, day_spells, zone)


@given(
    zone_days(),
    spells(),
    st.sampled_from([15, 30, 45, 60, 75, 90]),
    st.sampled_from([0, 5, 15]),
    st.sampled_from([0, 10, 15]),
    st.sampled_from([5, 15, 20, 30, 60]),
    st.lists(st.tuples(st.integers(-60, 300), st.integers(1, 30)), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_starts_are_those_the_slow_oracle_finds(
    zone_day, day_spells, minutes, before, after, grid, taken
):
    name, day = zone_day
    zone = load_zone(name)
    midnight = datetime.combine(day, time(), UTC)
    busy = [
        Interval(midnight + timedelta(minutes=5 * a), midnight + timedelta(minutes=5 * (a + b)))
        for a, b in taken
    ]
    demand = Demand(minutes, before, after)
    open_time = open_on(day, day_spells, zone)
    free = Busy(busy)
    computed = [
        start
        for start in starts_on_grid(day, open_time, demand, grid, zone)
        if free.is_free(demand.whole(start))
    ]
    open_at = oracle.open_minutes(day, day_spells, zone)
    assert computed == oracle.starts(day, open_at, busy, demand, grid, zone)


def test_an_hour_that_is_skipped_holds_no_time():
    zone = load_zone("America/New_York")
    assert open_on(date(2026, 3, 8), [Spell(120, 180)], zone) == []


def test_an_hour_that_comes_twice_holds_two_hours():
    zone = load_zone("America/New_York")
    (interval,) = open_on(date(2026, 11, 1), [Spell(60, 120)], zone)
    assert interval.end - interval.start == timedelta(hours=2)


def test_lord_howe_changes_by_half_an_hour():
    zone = load_zone("Australia/Lord_Howe")
    day = day_interval(date(2026, 4, 5), zone)
    assert day.end - day.start == timedelta(hours=24, minutes=30)


def test_a_day_that_a_zone_leaves_out_holds_no_time():
    """West of the date line one evening, east of it the next morning: no 30 December 2011."""
    day = day_interval(date(2011, 12, 30), load_zone("Pacific/Apia"))
    assert day.start == day.end == datetime(2011, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "changes"),
    [
        ("America/New_York", date(2026, 11, 24), []),
        ("America/New_York", date(2026, 3, 8), [datetime(2026, 3, 8, 7, tzinfo=UTC)]),
        ("Australia/Lord_Howe", date(2026, 4, 5), [datetime(2026, 4, 4, 15, tzinfo=UTC)]),
        # A minute past midnight, so that no halving of hours meets it by chance.
        ("America/St_Johns", date(2010, 3, 14), [datetime(2010, 3, 14, 3, 31, tzinfo=UTC)]),
    ],
)
def test_a_change_of_clocks_is_found_to_the_second_and_nothing_else_is_one(name, day, changes):
    found = offsets_around(day, load_zone(name))
    assert [one.start for one in found[1:]] == [one.end for one in found[:-1]] == changes
    assert found[-1].end - found[0].start == timedelta(hours=56)


def test_of_a_month_of_hours_only_those_near_the_date_are_looked_at():
    days = [datetime(2026, 11, number, 14, tzinfo=UTC) for number in range(1, 31)]
    month = [Interval(start, start + timedelta(hours=8)) for start in days]
    assert around(date(2026, 11, 15), month) == month[13:16]


@pytest.mark.parametrize(
    ("wall", "grid", "is_on"),
    [
        (time(10, 15), 15, True), (time(10, 7), 15, False), (time(10, 15, 30), 15, False),
        (time(10, 15, 0, 1), 15, False), (time(1, 30), 45, True), (time(1), 45, False),
    ],
)  # fmt: skip
def test_the_grid_is_counted_from_midnight_and_to_the_instant(wall, grid, is_on):
    zone = load_zone("Asia/Kathmandu")
    start = datetime.combine(date(2026, 11, 24), wall, zone).astimezone(UTC)
    assert is_start_on_grid(start, grid, zone) is is_on


def test_hours_stay_on_the_wall_over_a_change_of_clocks():
    zone = load_zone("Europe/Berlin")
    hours = [WeeklyHours(weekday, Spell(540, 600)) for weekday in range(7)]
    found = open_between(date(2026, 10, 24), date(2026, 10, 26), Hours(hours), zone)
    assert [interval.start.astimezone(zone).hour for interval in found] == [9, 9, 9]
    assert [interval.start.hour for interval in found] == [7, 8, 8]


def test_an_exception_takes_the_place_of_the_weekly_hours():
    monday = date(2026, 11, 23)
    weekly = [WeeklyHours(0, Spell(540, 1020))]
    lunch = [WeeklyHours(0, Spell(720, 780))]
    other = {monday: [Spell(600, 900)]}
    assert Hours(weekly, breaks=lunch).breaks_on(monday) == [Spell(720, 780)]
    assert Hours(weekly, closed={monday}).spells_on(monday) == ()
    for closed in (set(), {monday}):
        changed = Hours(weekly, other, lunch, closed)
        assert changed.spells_on(monday) == [Spell(600, 900)]
        assert changed.breaks_on(monday) == ()
    assert Hours(weekly, {monday: []}).spells_on(monday) == []


@st.composite
def rules(draw: st.DrawFn, days: list[date]) -> list[WeeklyHours]:
    """Spells of the weekdays of these days, some of them for a season that begins or ends then."""
    season = st.sampled_from([None, None, *days])
    return [
        WeeklyHours(draw(st.sampled_from(days)).weekday(), spell, draw(season), draw(season))
        for spell in draw(spells())
    ]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[str, list[date], Hours]:
    """Three days around a change of the clocks, and all that can be said of the hours on them."""
    name = draw(zone_names)
    change = draw(st.sampled_from(CHANGES[name]))
    days = [change + timedelta(days=number) for number in (-1, 0, 1)]
    midnight = datetime.combine(days[0], time(), UTC)
    spans = st.tuples(st.integers(-100, 900), st.integers(1, 300))
    hours = Hours(
        weekly=draw(rules(days)) + draw(rules(days)),
        exceptions=draw(st.dictionaries(st.sampled_from(days), spells(), max_size=1)),
        breaks=draw(rules(days)),
        closed=draw(st.sets(st.sampled_from(days), max_size=1)),
        away=[
            Interval(midnight + timedelta(minutes=5 * a), midnight + timedelta(minutes=5 * (a + b)))
            for a, b in draw(st.lists(spans, max_size=2))
        ],
    )
    return name, days, hours


@given(calendars())
@settings(max_examples=80, deadline=None)
def test_open_time_with_breaks_closed_days_and_time_off_is_what_the_slow_oracle_finds(calendar):
    name, days, hours = calendar
    zone = load_zone(name)
    found = open_between(days[0], days[-1], hours, zone)
    computed = {
        interval.start + timedelta(minutes=n)
        for interval in found
        for n in range(int((interval.end - interval.start).total_seconds() // 60))
    }
    assert computed == oracle.open_in_all(days, hours, zone)
    assert found == sorted(found)


def test_hours_count_from_and_until_their_dates():
    hours = WeeklyHours(0, Spell(0, 60), date(2026, 11, 23), date(2026, 11, 30))
    days = [date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)]
    assert [hours.applies_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize("name", ZONES)
def test_a_wall_time_that_exists_comes_back_as_it_was(name):
    zone = load_zone(name)
    for day in CHANGES[name]:
        for minute in range(0, 24 * 60, 5):
            wall = datetime.combine(day, time(minute // 60, minute % 60))
            instant = instant_of(wall, zone)
            assert instant.tzinfo is UTC
            shown = instant.astimezone(zone).replace(tzinfo=None)
            exists = (
                any(
                    seen.replace(tzinfo=None) == wall
                    for _i, seen in oracle.minutes_around(day, zone)
                )
                if shown != wall
                else True
            )
            assert shown == wall if exists else shown > wall


def test_a_wall_time_that_is_skipped_means_the_change_itself():
    zone = load_zone("America/New_York")
    assert instant_of(datetime(2026, 3, 8, 2, 30), zone) == datetime(2026, 3, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_wall_time_that_comes_twice_means_the_first(fold):
    zone = load_zone("America/New_York")
    wall = datetime(2026, 11, 1, 1, 30, fold=fold)
    assert instant_of(wall, zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
