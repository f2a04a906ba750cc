"""How much a day and a week hold, and what of free time is of no use."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.intervals import Interval
from booking.domain.openings import spoilt_minutes
from booking.domain.workload import Limits, Work, has_room
from booking.domain.zones import load_zone

ZONE = load_zone("America/New_York")
TUESDAY = date(2026, 11, 24)


def at(day: int, hour: int = 10) -> datetime:
    """An hour in New York in November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


def work(*days: int, minutes: int = 60) -> list[Work]:
    return [Work(at(day), minutes) for day in days]


@pytest.mark.parametrize(
    ("limits", "known", "minutes", "fits"),
    [
        (Limits(), work(*[24] * 30), 60, True),
        (Limits(day_sessions=2), work(24), 60, True),
        (Limits(day_sessions=2), work(24, 24), 60, False),
        (Limits(day_sessions=2), work(23, 25, 25), 60, True),
        (Limits(day_minutes=120), work(24), 60, True),
        (Limits(day_minutes=119), work(24), 60, False),
        (Limits(day_minutes=60), work(24), 0, True),
        (Limits(week_sessions=3), work(23, 29), 60, True),
        (Limits(week_sessions=2), work(23, 29), 60, False),
        (Limits(week_sessions=1), work(22, 30), 60, True),
        (Limits(week_minutes=180), work(23, 29), 60, True),
        (Limits(week_minutes=179), work(23, 29), 60, False),
        (Limits(day_sessions=5, week_minutes=60), work(23), 60, False),
    ],
)
def test_one_more_session_fits_or_not(limits, known, minutes, fits):
    assert has_room(TUESDAY, minutes, limits, known, ZONE) is fits


def test_a_session_belongs_to_the_date_on_the_wall():
    late = [Work(at(24, 23), 60)]
    assert late[0].starts_at.date() == date(2026, 11, 25)
    assert not has_room(TUESDAY, 60, Limits(day_sessions=1), late, ZONE)
    assert has_room(date(2026, 11, 25), 60, Limits(day_sessions=1), late, ZONE)


@pytest.mark.parametrize(
    ("before", "after", "spoilt"),
    [
        (0, 0, 0),
        (1, 0, 1),
        (0.5, 0, 0),
        (-5, -5, 0),
        (29, 0, 29),
        (30, 0, 0),
        (0, 29, 29),
        (0, 30, 0),
        (15, 20, 35),
        (15, 90, 15),
    ],
)
def test_what_is_left_too_short_is_spoilt(before, after, spoilt):
    stretch = Interval(at(24) - timedelta(minutes=before), at(24, 11) + timedelta(minutes=after))
    assert spoilt_minutes(Interval(at(24), at(24, 11)), stretch, 30) == spoilt
