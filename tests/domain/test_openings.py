"""What is offered, and who could give it where, against an oracle that tries every minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings

from booking.domain.availability import DAY, MINUTE, Hours, Spell, WeeklyHours, local_date
from booking.domain.intervals import Interval
from booking.domain.openings import (
    Diary,
    Opening,
    Place,
    Terms,
    nearest_openings,
    next_openings,
    openings_on,
    places_at,
)
from booking.domain.policies import GapMode, Policy
from booking.domain.slots import Busy, Demand
from booking.domain.workload import Limits, Work
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
    return datetime(2026, 11, 24, 5, tzinfo=UTC) + timedelta(hours=hour)


def test_who_has_least_that_day_comes_first():
    terms, diary = quiet_day()
    diary.taken[1].append(Interval(local(9), local(10)))
    opening = openings_on(diary.first, terms, diary, Policy(), NOW)[-1]
    assert opening.practitioner_ids == (2, 1)


def test_one_alone_needs_no_choice():
    terms, diary = quiet_day()
    (first, *_others) = openings_on(diary.first, terms.only(2), diary, Policy(), NOW)
    assert first == Opening(local(9), (2,))


def test_whoever_has_a_full_day_on_the_wall_is_left_out():
    """An hour late that evening, which is the next day further east, counts as that day's."""
    terms, diary = quiet_day()
    terms = replace(terms, limits={1: Limits(day_minutes=100), 2: Limits(day_minutes=100)})
    diary = replace(diary, work={1: [Work(local(22), 60)]})
    found = openings_on(diary.first, terms, diary, Policy(), NOW)
    assert {one.practitioner_ids for one in found} == {(2,)}
    short = replace(terms, demand=Demand(40))
    found = openings_on(diary.first, short, diary, Policy(), NOW)
    assert {one.practitioner_ids for one in found} == {(1, 2)}


@pytest.mark.parametrize("mode", GapMode)
def test_whoever_has_no_hours_is_left_out(mode):
    terms, diary = quiet_day()
    diary = replace(diary, open_time={2: diary.open_time[2]})
    found = openings_on(diary.first, terms, diary, Policy(gap_mode=mode), NOW)
    assert {one.practitioner_ids for one in found} == {(2,)}


def test_the_next_openings_are_the_first():
    terms, diary = quiet_day()
    policy = Policy(grid_minutes=60)
    for now in (NOW, local(9) - policy.notice_minutes * MINUTE):
        found = next_openings(terms, diary, policy, now, 2)
        assert [one.starts_at for one in found] == [local(9), local(10)]


def test_a_place_is_who_could_give_it_and_each_room_that_is_free():
    terms, diary = quiet_day()
    diary = replace(diary, busy={11: Busy([Interval(local(9), local(10))])})
    roomy = replace(terms, room_ids=(11, 12), needs_room=True)

    def places(terms: Terms, hour: int, now: datetime = NOW) -> list[tuple] | None:
        found = places_at(local(hour), terms, diary, Policy(), now)
        return None if found is None else [tuple(one) for one in found]

    assert places(terms, 9) == [(1, None), (2, None)]
    assert places(roomy, 9) == [(1, 12), (2, 12)]
    assert places(roomy, 10) == [(1, 11), (1, 12), (2, 11), (2, 12)]
    # Taken is one answer, not offered at all another.
    small, none = replace(roomy, room_ids=(11,)), replace(roomy, room_ids=())
    assert places(small, 9) == []
    assert openings_on(diary.first, small, diary, Policy(), NOW)[0].starts_at == local(10)
    assert places(roomy, 8) is places(roomy, 9, local(8)) is places(none, 9) is None
    early = local(4) - Policy().furthest_days * DAY
    assert places(terms, 9, early) == [(1, None), (2, None)]
    assert places(terms, 9, early - DAY) is None
    diary.taken[1].append(Interval(local(12), local(13)))
    assert places(terms, 9) == [(2, None), (1, None)]


def test_whose_time_it_suits_best_is_named_first():
    """At a quarter past nine one would have a quarter before and after it, the other neither."""
    terms, diary = quiet_day()
    quarter, half = local(9) + 15 * MINUTE, local(10) + 30 * MINUTE
    busy = {1: Busy([Interval(half, local(17))]), 2: Busy([Interval(local(8), quarter)])}
    diary = replace(diary, busy=busy)
    policy = Policy(gap_mode=GapMode.PREFER, gap_minutes=30)
    nine, later, *_others = openings_on(diary.first, terms, diary, policy, NOW)
    assert (nine, later) == (Opening(local(9), (1,)), Opening(quarter, (2, 1)))
    places = places_at(quarter, terms, diary, policy, NOW)
    assert places == [Place(2, None), Place(1, None)]


def test_each_free_stretch_has_a_best_start_of_its_own():
    """Seventy minutes leave ten, wherever the hour lies; an hour leaves nothing."""
    terms, diary = quiet_day()
    ten = local(10) + 10 * MINUTE
    busy = {1: Busy([Interval(ten, local(12)), Interval(local(13), local(17))])}
    diary = replace(diary, busy=busy)
    policy = Policy(grid_minutes=5, gap_mode=GapMode.ONLY, gap_minutes=30)
    found = openings_on(diary.first, terms.only(1), diary, policy, NOW)
    assert [one.starts_at for one in found] == [
        local(9), local(9) + 5 * MINUTE, local(9) + 10 * MINUTE, local(12)
    ]  # fmt: skip


def test_the_nearest_openings_lie_around_a_time():
    terms, diary = quiet_day()
    found = nearest_openings(local(12), terms, diary, Policy(grid_minutes=60), NOW, 3)
    assert [one.starts_at for one in found] == [local(11), local(12), local(13)]
    assert len(nearest_openings(local(12), terms, diary, Policy(), NOW)) == 4


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
