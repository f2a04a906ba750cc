"""The algebra of half-open intervals, against sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.intervals import Interval, intersect, merge, subtract
from booking.domain.slots import Busy

ZERO = datetime(2026, 1, 1, tzinfo=UTC)


def make(start: int, length: int) -> Interval:
    return Interval(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=start + length))


def minutes(intervals) -> set[datetime]:
    return {
        one.start + timedelta(minutes=n)
        for one in intervals
        for n in range(int((one.end - one.start).total_seconds() // 60))
    }


intervals = st.builds(make, st.integers(0, 60), st.integers(0, 20))


@given(st.lists(intervals))
def test_merging_keeps_the_time_and_leaves_gaps_between(several):
    merged = merge(several)
    assert minutes(merged) == minutes(several)
    assert all(a.end < b.start for a, b in pairwise(merged))


@given(intervals, st.lists(intervals))
def test_subtracting_leaves_exactly_the_rest(whole, parts):
    left = subtract(whole, parts)
    assert minutes(left) == minutes([whole]) - minutes(parts)
    assert all(one.start < one.end for one in left)


def test_of_what_ends_before_it_begins_nothing_is_left():
    backward = Interval(make(20, 0).start, make(10, 0).end)
    for parts in ([], [make(0, 30)], [make(12, 3)], [make(0, 5), make(25, 5)]):
        assert subtract(backward, parts) == []


@given(st.lists(intervals), st.lists(intervals))
def test_what_is_in_both_is_in_each_minute_of_them(some, others):
    both = intersect(merge(some), merge(others))
    assert minutes(both) == minutes(some) & minutes(others)
    assert all(one.start < one.end for one in both)


@given(intervals.filter(lambda one: one.start < one.end), st.lists(intervals))
def test_free_means_that_no_minute_is_taken(wanted, taken):
    assert Busy(taken).is_free(wanted) == (not minutes([wanted]) & minutes(taken))


def test_touching_intervals_do_not_overlap():
    assert not make(0, 10).overlaps(make(10, 10))
    assert not make(10, 10).overlaps(make(0, 10))
    assert make(0, 11).overlaps(make(10, 10))


def test_what_is_taken_before_and_after_free_time_is_known():
    busy = Busy([make(0, 10), make(20, 10), make(50, 10)])
    assert [busy.around(make(start, 5)) for start in (10, 30, 60)] == [
        (make(10, 0).start, make(20, 0).start),
        (make(30, 0).start, make(50, 0).start),
        (make(60, 0).start, None),
    ]
    assert Busy([make(20, 10)]).around(make(0, 5)) == (None, make(20, 0).start)
