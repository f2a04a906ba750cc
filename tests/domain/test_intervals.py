"""The algebra of half-open intervals, against sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.intervals import Interval, merge, subtract
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
    assert minutes(subtract(whole, parts)) == minutes([whole]) - minutes(parts)


@given(intervals.filter(lambda one: one.start < one.end), st.lists(intervals))
def test_free_means_that_no_minute_is_taken(wanted, taken):
    assert Busy(taken).is_free(wanted) == (not minutes([wanted]) & minutes(taken))


def test_touching_intervals_do_not_overlap():
    assert not make(0, 10).overlaps(make(10, 10))
    assert make(0, 11).overlaps(make(10, 10))
