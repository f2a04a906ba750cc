"""Turns by the day."""

from datetime import date, timedelta

import pytest

from booking.domain.turns import in_turn

DAYS = [date(2026, 11, 23) + timedelta(days=number) for number in range(60)]


@pytest.mark.parametrize("count", range(13))
@pytest.mark.parametrize("places", range(5))
def test_all_have_their_turn_and_the_first_always_stands(count, places):
    ranked = list(range(count))
    shown = [in_turn(ranked, places, day) for day in DAYS]
    assert {len(set(one)) for one in shown} == {min(count, places)}
    if count and places:
        assert {one[0] for one in shown} == {0}
    if places > 1:
        assert {number for one in shown for number in one} == set(ranked)
    assert shown == [in_turn(ranked, places, day) for day in DAYS]
