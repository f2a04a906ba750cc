"""What is offered, and who could give it where, against an oracle that tries every minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings

from booking.domain.availability import Hours, Spell, WeeklyHours, local_date
from booking.domain.intervals import Interval
from booking.domain.openings import (
    Diary,
    Terms,
    nearest_openings,
    next_openings,
    openings_on,
    places_at,
)
from booking.domain.policies import GapMode, Policy
from booking.domain.slots import Busy, Demand
from booking.domain.zones import load_zone
from tests.domain.slow_openings import PEOPLE, known, slow_offer, worlds


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_what_is_offered_is_what_the_slow_oracle_finds(world):
    terms, diary = known(world)
    found = openings_on(world["day"], terms, diary, world["policy"], world["now"])
    assert {one.starts_at: set(one.practitioner_ids) for one in found} == slow_offer(world)
    assert [one.starts_at for one in found] == sorted(one.starts_at for one in found)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_time_can_be_taken_exactly_when_it_is_offered(world):
    terms, diary = known(world)
    found = openings_on(world["day"], terms, diary, world["policy"], world["now"])
    offered = {one.starts_at: set(one.practitioner_ids) for one in found}
    for minutes in range(0, 24 * 60, 15):
        start = datetime.combine(world["day"], time(), UTC) + timedelta(minutes=minutes)
        if local_date(start, world["zone"]) == world["day"]:
            places = places_at(start, terms, diary, world["policy"], world["now"])
            who = {place.practitioner_id for place in places or ()}
            assert who == offered.get(start, set())


def quiet_day() -> tuple[Terms, Diary]:
    zone, day = load_zone("America/New_York"), date(2026, 11, 24)
    world = {
        "day": day, "zone": zone, "demand": Demand(60), "rooms": (),
        "hours": {
            one: Hours([WeeklyHours(day.weekday(), Spell(540, 1020))]) for one in PEOPLE
        },
        "taken": {one: [] for one in PEOPLE},
    }  # fmt: skip
    return known(world)


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def local(hour: int) -> datetime:
    return datetime(2026, 11, 24, hour + 5, tzinfo=UTC)


def test_who_has_least_that_day_comes_first():
    terms, diary = quiet_day()
    diary.taken[1].append(Interval(local(9), local(10)))
    opening = openings_on(diary.first, terms, diary, Policy(), NOW)[-1]
    assert opening.practitioner_ids == (2, 1)


def test_the_next_openings_are_the_first():
    terms, diary = quiet_day()
    found = next_openings(terms, diary, Policy(grid_minutes=60), NOW, 2)
    assert [one.starts_at for one in found] == [local(9), local(10)]


def test_the_nearest_openings_lie_around_a_time():
    terms, diary = quiet_day()
    found = nearest_openings(local(12), terms, diary, Policy(grid_minutes=60), NOW, 3)
    assert [one.starts_at for one in found] == [local(11), local(12), local(13)]


def test_of_two_gaps_the_smaller_is_chosen_and_the_others_are_only_put_behind():
    terms, diary = quiet_day()
    diary = replace(diary, busy={one: Busy([Interval(local(10), local(11))]) for one in PEOPLE})
    policy = Policy(grid_minutes=15, gap_mode=GapMode.PREFER, gap_minutes=30)
    found = openings_on(diary.first, terms, diary, policy, NOW)
    quarter = local(11) + timedelta(minutes=15)
    assert {one.starts_at: one.is_best for one in found}[quarter] is False
    assert next_openings(terms, diary, policy, NOW, 2)[1].starts_at == local(11)
    only = openings_on(diary.first, terms, diary, replace(policy, gap_mode=GapMode.ONLY), NOW)
    assert [one.starts_at for one in only] == [one.starts_at for one in found if one.is_best]
    assert quarter not in [one.starts_at for one in only]


def test_where_every_start_leaves_a_gap_the_least_is_offered_all_the_same():
    terms, diary = quiet_day()
    taken = Busy([Interval(local(10) + timedelta(minutes=10), local(17))])
    diary = replace(diary, busy=dict.fromkeys(PEOPLE, taken))
    policy = Policy(grid_minutes=5, gap_mode=GapMode.ONLY, gap_minutes=30)
    found = openings_on(diary.first, terms, diary, policy, NOW)
    # Ten minutes are over, wherever the hour lies.
    assert [one.starts_at for one in found] == [
        local(9), local(9) + timedelta(minutes=5), local(9) + timedelta(minutes=10)
    ]  # fmt: skip
