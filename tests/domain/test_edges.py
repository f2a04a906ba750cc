"""The minute at which a rule begins and the one at which it ends; mutants lived just there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.availability import Spell, WeeklyHours
from booking.domain.gaps import gaps
from booking.domain.grid import Lane, Mark, Rows, frame, hours_shown, lanes
from booking.domain.intervals import Interval
from booking.domain.mail_times import day_after, next_at
from booking.domain.objections import Objection, objections
from booking.domain.offers import offer_time
from booking.domain.openings import Diary, Terms, nearest_openings, next_openings
from booking.domain.pace import next_free
from booking.domain.policies import (
    MINUTE,
    Newcomer,
    Policy,
    after_quiet,
    before_quiet,
    is_quiet,
    next_quiet,
    undo_until,
)
from booking.domain.slots import Busy, Demand
from booking.domain.terms import term_of, weigh
from booking.domain.workload import Limits, Work
from booking.domain.zones import load_zone

ZONE = load_zone("America/New_York")
DAY = date(2026, 11, 24)
POLICY = Policy()


def ny(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


QUIET = [
    # at, is quiet, before, after, the next evening
    (ny(20, 59), False, ny(20, 59), ny(20, 59), ny(21)),
    (ny(21), True, ny(20, 30), ny(8, day=25), ny(21, day=25)),
    (ny(21, 1), True, ny(20, 30), ny(8, day=25), ny(21, day=25)),
    (ny(23, 59), True, ny(20, 30), ny(8, day=25), ny(21, day=25)),
    (ny(0), True, ny(20, 30, day=23), ny(8), ny(21)),
    (ny(7, 59), True, ny(20, 30, day=23), ny(8), ny(21)),
    (ny(8), False, ny(8), ny(8), ny(21)),
    (ny(8, 1), False, ny(8, 1), ny(8, 1), ny(21)),
]


@pytest.mark.parametrize(("at", "quiet", "before", "after", "evening"), QUIET)
def test_quiet_hours_begin_and_end_on_the_minute(at, quiet, before, after, evening):
    assert is_quiet(at, POLICY, ZONE) == quiet
    assert before_quiet(at, POLICY, ZONE) == before
    assert after_quiet(at, POLICY, ZONE) == after
    assert next_quiet(at, POLICY, ZONE) == evening


# Quiet from 20:45 to 7:30, on a clock whose minutes count as much as its hours.
LATE = Policy(quiet_from=20 * 60 + 45, quiet_until=7 * 60 + 30)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [(ny(20, 44), False), (ny(20, 45), True), (ny(7, 29), True), (ny(7, 30), False)],
)
def test_quiet_hours_may_begin_within_an_hour(at, quiet):
    assert is_quiet(at, LATE, ZONE) == quiet
    assert after_quiet(ny(20, 45), LATE, ZONE) == ny(7, 30, day=25)
    assert before_quiet(ny(20, 50), LATE, ZONE) == ny(20, 15)
    assert before_quiet(ny(7, 29), LATE, ZONE) == ny(20, 15, day=23)
    assert next_quiet(ny(20, 44), LATE, ZONE) == ny(20, 45)
    assert next_quiet(ny(20, 45), LATE, ZONE) == ny(20, 45, day=25)


def test_quiet_hours_may_leave_a_quarter_of_an_hour_a_day():
    nearly = Policy(quiet_from=20 * 60 + 45, quiet_until=20 * 60 + 30)
    assert before_quiet(ny(20, 29), nearly, ZONE) == ny(20, 15, day=23)
    assert after_quiet(ny(20, 50), nearly, ZONE) == ny(20, 30, day=25)


def test_an_offer_counts_the_evening_and_the_morning_together():
    """Half an hour tonight and one tomorrow: a quarter of both is 22 minutes and a half."""
    found = offer_time(ny(20, 30), ny(9, day=25), 30, POLICY, ZONE)
    assert found is not None
    assert (found.tell_at, found.expires_at) == (ny(20, 30), ny(20, 52))


def test_an_offer_may_end_when_the_quiet_hours_begin_and_needs_five_minutes():
    found = offer_time(ny(20, 30), ny(18, day=26), 30, POLICY, ZONE)
    assert found is not None
    assert found.expires_at == ny(21)
    last = offer_time(ny(10), ny(10, 5), 30, POLICY, ZONE)
    assert last is not None
    assert last.expires_at == ny(10, 5)
    assert offer_time(ny(10), ny(10, 4), 30, POLICY, ZONE) is None


@pytest.mark.parametrize(
    ("per_minute", "at_once", "seconds"), [(1, 1, 60), (5, 1, 12), (6, 2, 12), (60, 11, 1.2)]
)
def test_so_many_mails_leave_at_once_and_then_one_by_one(per_minute, at_once, seconds):
    free_at, now, count = None, ny(12), 0
    while (after := next_free(free_at, per_minute, now)) is not None:
        free_at, count = after, count + 1
    assert count == at_once
    assert free_at is not None
    assert abs(free_at - now - at_once * timedelta(seconds=seconds)) < timedelta(milliseconds=1)
    soon = free_at - timedelta(seconds=seconds * (at_once - 1))
    assert next_free(free_at, per_minute, soon) is not None
    assert next_free(free_at, per_minute, soon - timedelta(seconds=0.1)) is None


def test_a_share_that_ends_two_minutes_ahead_counts_and_a_later_one_is_a_mistake():
    ahead = ny(12) + 2 * MINUTE
    assert next_free(ahead, 6, ny(12)) is None
    mistaken = ahead + timedelta(seconds=1)
    assert next_free(mistaken, 6, ny(12)) == next_free(None, 6, ny(12))


def test_a_gap_lies_within_the_day_and_is_long_enough():
    whole, open_time = Interval(ny(9), ny(12)), [Interval(ny(8), ny(13))]
    taken = [Interval(ny(9, 15), ny(11, 46))]
    assert gaps(open_time, taken, whole, ny(8)) == [Interval(ny(9), ny(9, 15))]
    assert gaps(open_time, [], whole, ny(11)) == [Interval(ny(11), ny(12))]
    beside = [Interval(ny(7), ny(9)), Interval(ny(12), ny(13))]
    assert gaps(beside, [], whole, ny(8), least=timedelta()) == []


def test_the_hours_of_a_day_are_marked_where_they_begin():
    found = frame(DAY, 8, 10, ZONE)
    assert found.marks == (Mark(0, ny(8)), Mark(12, ny(9)))
    assert [found.row_at(one) for one in (ny(7, 59), ny(8), ny(8, 9), ny(10))] == [
        None, 0, 1, None,
    ]  # fmt: skip
    assert isinstance(found.row_at(ny(8, 9)), int)
    half = load_zone("Asia/Kolkata")
    assert [one.row for one in frame(DAY, 8, 10, half).marks] == [0, 12]


def test_hours_are_shown_to_the_second():
    on_the_hour = Interval(ny(17), ny(19))
    assert hours_shown([DAY], [on_the_hour], ZONE) == (8, 19)
    later = Interval(ny(17), ny(19) + timedelta(seconds=1))
    assert hours_shown([DAY], [later], ZONE) == (8, 20)
    to_midnight = Interval(ny(22), ny(0, day=25))
    assert hours_shown([DAY, date(2026, 11, 25)], [to_midnight], ZONE) == (8, 24)


def test_what_begins_when_another_ends_stands_alone_and_the_longest_stands_first():
    assert lanes([Rows(0, 6), Rows(6, 6)]) == [Lane(0, 1), Lane(0, 1)]
    assert lanes([Rows(0, 6), Rows(0, 6), Rows(6, 6)])[2] == Lane(0, 1)
    assert lanes([Rows(0, 2), Rows(0, 9)]) == [Lane(1, 2), Lane(0, 2)]


def test_a_mail_that_goes_by_the_day_goes_at_once_when_its_minute_is_now():
    assert next_at(ny(10), 600, ZONE) == ny(10)
    assert next_at(ny(10, 1), 600, ZONE) == ny(10, day=25)
    assert next_at(ny(23), 600, ZONE) == ny(10, day=25)
    late = day_after(ny(18), 22 * 60, POLICY, ZONE)
    assert (late, late.tzinfo) == (ny(20, 30, day=25), UTC)
    assert day_after(ny(20, 30), 7 * 60, POLICY, ZONE) == ny(8, day=25)


def diary(*, work: tuple[Work, ...] = ()) -> Diary:
    return Diary(DAY, DAY, ZONE, {1: [Interval(ny(9), ny(17))]}, {1: Busy()}, work={1: list(work)})


TERMS = Terms(7, Demand(60, 0, 15), (1, 2), (), needs_room=False, limits={1: Limits(1)})


@pytest.mark.parametrize(
    ("start", "now", "against"),
    [
        (ny(9), ny(7), ()),
        (ny(9), ny(7, 1), (Objection.NOTICE,)),
        (ny(9), ny(9), (Objection.NOTICE,)),
        (ny(9), ny(9, 1), (Objection.PAST,)),
        (ny(16), ny(7), ()),
        (ny(16, 1), ny(7), (Objection.CLOSED,)),
        (ny(8, 59), ny(6), (Objection.CLOSED,)),
    ],
)
def test_what_speaks_against_a_time_does_so_from_its_minute_on(start, now, against):
    assert objections(start, 1, TERMS, diary(), POLICY, now) == against


def test_a_far_date_a_full_day_and_somebody_without_hours_are_objected_to():
    far = Policy(furthest_days=0)
    assert objections(ny(9), 1, TERMS, diary(), far, ny(7, day=23)) == (Objection.TOO_FAR,)
    assert objections(ny(9), 1, TERMS, diary(), far, ny(7)) == ()
    full = diary(work=(Work(ny(12), 60),))
    assert objections(ny(9), 1, TERMS, full, POLICY, ny(7)) == (Objection.FULL,)
    assert objections(ny(9), 2, TERMS, full, POLICY, ny(7)) == (Objection.CLOSED,)
    hour_a_day = replace(TERMS, limits={1: Limits(day_minutes=100), 2: Limits(1)})
    assert objections(ny(9), 1, hour_a_day, full, POLICY, ny(7)) == (Objection.FULL,)
    assert objections(ny(9), 1, hour_a_day, diary(), POLICY, ny(7)) == ()
    assert objections(ny(9), 2, hour_a_day, full, POLICY, ny(7)) == (Objection.CLOSED,)


def test_terms_for_one_practitioner_know_only_them():
    assert TERMS.only(None) is TERMS
    assert TERMS.only(2).practitioner_ids == (2,)
    assert TERMS.only(3).practitioner_ids == ()
    assert TERMS.only(2).demand == TERMS.demand
    assert Demand(60, is_hands_on=False).work(ny(9)) == Work(ny(9), 0)
    assert Demand(60).work(ny(9)) == Work(ny(9), 60)


def test_openings_are_gathered_from_one_date_after_the_other():
    hours = [Interval(ny(9, day=day), ny(10, day=day)) for day in (24, 25, 26)]
    three = Diary(DAY, date(2026, 11, 26), ZONE, {1: hours}, {1: Busy()})
    starts = [one.start for one in hours]
    for count, expected in ((2, starts[:2]), (3, starts), (9, starts)):
        found = next_openings(TERMS, three, POLICY, ny(6), count)
        assert [one.starts_at for one in found] == expected
    nearest = nearest_openings(ny(9, day=26), TERMS, three, POLICY, ny(6), 2)
    assert [one.starts_at for one in nearest] == starts[1:]


def test_a_text_is_weighed_by_its_own_words_alone():
    assert weigh([("knee", 2)]) == {term_of("knee"): 2}


def test_a_newcomer_has_the_longer_notice_and_hours_of_their_own():
    hours = (WeeklyHours(1, Spell(600, 720)),)
    policy = Policy(notice_minutes=120, newcomer=Newcomer(notice_minutes=600, hours=hours))
    assert policy.for_newcomer().notice_minutes == 600
    assert policy.for_newcomer().hours == hours
    assert Policy(notice_minutes=120).for_newcomer().notice_minutes == 120
    for newcomer, differs in (
        (Newcomer(), False), (Newcomer(needs_approval=True), False),
        (Newcomer(notice_minutes=1), True), (Newcomer(hours=hours), True),
    ):  # fmt: skip
        assert Policy(newcomer=newcomer).differs_for_newcomers is differs
    assert undo_until(ny(9), Policy(undo_minutes=3)) == ny(9) + 3 * MINUTE
