"""The day after, the next visit, the morning: by the clock on the wall, and never at night."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.mail_times import day_after, next_at, next_visit, rhythm
from booking.domain.policies import Policy, is_quiet, plan_reminders
from booking.domain.zones import load_zone

NEW_YORK = load_zone("America/New_York")
POLICY = Policy()
TEN, SEVEN = 10 * 60, 7 * 60


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("ended", "minute", "goes"),
    [
        ("2026-11-24T15:00", TEN, "2026-11-25T10:00"),
        ("2026-10-31T15:00", TEN, "2026-11-01T10:00"),
        ("2026-03-07T15:00", TEN, "2026-03-08T10:00"),
        ("2026-11-24T15:00", SEVEN, "2026-11-24T20:30"),
        ("2026-11-24T20:45", SEVEN, "2026-11-25T08:00"),
    ],
    ids=["a day", "autumn's change", "spring's", "a quiet time is pulled", "not before the end"],
)
def test_the_day_after_is_a_time_on_the_wall(ended, minute, goes):
    assert day_after(local(ended), minute, POLICY, NEW_YORK) == local(goes)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(0, 1439))
def test_what_follows_comes_after_the_session_and_never_at_night(ended, minute):
    ended = ended.replace(tzinfo=UTC)
    goes = day_after(ended, minute, POLICY, NEW_YORK)
    assert ended < goes <= ended + timedelta(days=2)
    assert not is_quiet(goes, POLICY, NEW_YORK)


@pytest.mark.parametrize(
    ("gaps", "usual"),
    [([], None), ([14], None), ([14, 28], 21), ([14, 14, 90], 14), ([7, 0, 7], 7)],
    ids=["one visit", "two", "the middle of two", "a long absence is no rhythm", "twice in a day"],
)
def test_a_rhythm_is_the_median_from_three_visits_on(gaps, usual):
    days = [date(2026, 1, 5)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    assert rhythm(reversed(days)) == (None if usual is None else timedelta(days=usual))


def test_the_next_visit_keeps_the_time_of_day_over_a_change():
    days = [date(2026, 9, 1), date(2026, 9, 29), date(2026, 10, 27)]
    due = next_visit(days, local("2026-10-27T16:00"), TEN, POLICY, NEW_YORK)
    assert due == local("2026-11-24T10:00")
    assert next_visit(days[1:], local("2026-10-27T16:00"), TEN, POLICY, NEW_YORK) is None


def test_the_next_morning_is_today_until_it_has_come():
    assert next_at(local("2026-11-24T06:59"), SEVEN, NEW_YORK) == local("2026-11-24T07:00")
    assert next_at(local("2026-11-24T07:00"), SEVEN, NEW_YORK) == local("2026-11-24T07:00")
    assert next_at(local("2026-10-31T07:01"), SEVEN, NEW_YORK) == local("2026-11-01T07:00")


@pytest.mark.parametrize(
    ("start", "day_before", "hours_before"),
    [
        ("2026-03-08T14:00", "2026-03-07T14:00", "2026-03-07T23:00"),
        ("2026-11-01T14:00", "2026-10-31T14:00", "2026-11-01T01:00"),
    ],
    ids=["spring forward", "fall back"],
)
def test_reminders_keep_the_wall_by_days_and_the_elapsed_time_by_hours(
    start, day_before, hours_before
):
    """Fourteen hours before 14:00 are 23:00 when an hour is skipped, 01:00 when one is twice."""
    never_quiet = Policy(quiet_from=0, quiet_until=0)
    booked = local(start) - timedelta(days=9)
    due = plan_reminders(local(start), booked, [24 * 60, 14 * 60], never_quiet, NEW_YORK)
    assert [one.at for one in due] == [local(day_before), local(hours_before)]
    assert local(start) - due[1].at == timedelta(hours=14)
