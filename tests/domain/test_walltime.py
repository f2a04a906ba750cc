"""What is typed as local time: once, twice or never on that day's clock."""

import zoneinfo
from datetime import UTC, datetime

import pytest

from booking.domain.walltime import instants_at
from booking.domain.zones import load_zone

NEW_YORK = load_zone("America/New_York")


def test_zones_come_from_their_package_and_never_from_the_machine():
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    ("wall", "instants"),
    [
        (datetime(2026, 11, 24, 10), [datetime(2026, 11, 24, 15, tzinfo=UTC)]),
        (datetime(2026, 3, 8, 2, 30), []),
        (datetime(2026, 3, 8, 3, 0), [datetime(2026, 3, 8, 7, tzinfo=UTC)]),
        (
            datetime(2026, 11, 1, 1, 30),
            [datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)],
        ),
    ],
)
def test_a_time_on_the_wall_is_one_instant_two_or_none(wall, instants):
    found = instants_at(wall, NEW_YORK)
    assert list(found) == instants
    assert all(one.tzinfo is UTC for one in found)
