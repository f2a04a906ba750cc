"""How fast mails leave, held to a count of every window of a minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.pace import MINUTE, next_free

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(
    per_minute=st.integers(1, 200),
    pauses=st.lists(st.integers(0, 20_000), min_size=1, max_size=60),
)
def test_no_minute_holds_more_than_allowed(per_minute, pauses):
    """Whenever workers come by, and however many mails they have then."""
    free_at, now, left = None, NOON, []
    for pause in pauses:
        now += timedelta(milliseconds=pause)
        while (after := next_free(free_at, per_minute, now)) is not None:
            free_at = after
            left.append(now)
    for begun in left:
        assert sum(begun <= one < begun + MINUTE for one in left) <= per_minute


@given(per_minute=st.integers(1, 600))
def test_a_worker_that_looks_every_five_seconds_sends_nearly_all_of_it(per_minute):
    free_at, now, count = None, NOON, 0
    for _look in range(12 * 5):
        while (after := next_free(free_at, per_minute, now)) is not None:
            free_at = after
            count += 1
        now += timedelta(seconds=5)
    assert count >= 5 * per_minute * 0.8 - 5


@given(per_minute=st.integers(1, 600))
def test_what_a_clock_wrote_that_ran_ahead_holds_nothing_up(per_minute):
    full = ahead = NOON + timedelta(days=10)
    while (after := next_free(full, per_minute, ahead)) is not None:
        full = after
    assert next_free(full, per_minute, ahead - timedelta(seconds=1)) is None  # Clocks differ a bit.
    assert next_free(full, per_minute, NOON) == next_free(None, per_minute, NOON)
