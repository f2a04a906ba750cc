"""Deadlines, quiet hours and when reminders are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.policies import (
    Due,
    Policy,
    after_quiet,
    before_quiet,
    deadline_after_move,
    earlier,
    is_quiet,
    plan_reminders,
)
from booking.domain.zones import load_zone

NEW_YORK = load_zone("America/New_York")
POLICY = Policy()
DAY = 24 * 60


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "lead", "deadline"),
    [
        ("2026-11-24T10:00", DAY, "2026-11-23T10:00"),
        ("2026-11-02T10:00", 2 * DAY, "2026-10-31T10:00"),
        ("2026-03-09T10:00", 2 * DAY, "2026-03-07T10:00"),
        ("2026-03-09T02:30", DAY, "2026-03-08T03:00"),
        ("2026-11-24T10:00", 180, "2026-11-24T07:00"),
    ],
    ids=["a day", "over autumn's change", "over spring's", "into the skipped hour", "hours"],
)
def test_whole_days_keep_the_wall_time(start, lead, deadline):
    assert earlier(local(start), lead, NEW_YORK) == local(deadline)


def test_hours_are_elapsed_time_even_over_a_change():
    start = local("2026-03-08T10:00")
    assert start - earlier(start, 12 * 60, NEW_YORK) == timedelta(hours=12)


def test_a_deadline_that_has_passed_is_never_renewed():
    agreed, renewed = local("2026-11-23T10:00"), local("2026-12-01T10:00")
    assert deadline_after_move(agreed, renewed, agreed - timedelta(seconds=1)) == renewed
    assert deadline_after_move(agreed, renewed, agreed) == agreed


def test_a_time_is_bookable_from_the_notice_on_until_the_last_moment_of_the_furthest_day():
    policy, now = Policy(notice_minutes=120, furthest_days=1), local("2026-11-23T20:00")
    times = ["23T21:59", "23T22:00", "24T23:59", "25T00:00"]
    bookable = [policy.is_bookable(local(f"2026-11-{one}"), now, NEW_YORK) for one in times]
    assert bookable == [False, True, True, False]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("20:59", False), ("21:00", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours_are_half_open(at, quiet):
    assert is_quiet(local(f"2026-11-24T{at}"), POLICY, NEW_YORK) is quiet


def test_a_quiet_moment_is_pulled_to_the_evening_before():
    assert before_quiet(local("2026-11-24T03:00"), POLICY, NEW_YORK) == local("2026-11-23T20:30")
    assert before_quiet(local("2026-11-23T22:00"), POLICY, NEW_YORK) == local("2026-11-23T20:30")


def test_what_was_missed_at_night_waits_for_the_morning():
    assert after_quiet(local("2026-11-23T22:00"), POLICY, NEW_YORK) == local("2026-11-24T08:00")
    assert after_quiet(local("2026-11-24T03:00"), POLICY, NEW_YORK) == local("2026-11-24T08:00")


def test_two_reminders_are_planned():
    due = plan_reminders(
        local("2026-11-27T14:00"), local("2026-11-20T12:00"), [180, 2880], POLICY, NEW_YORK
    )
    assert due == [
        Due(2880, local("2026-11-25T14:00")),
        Due(180, local("2026-11-27T11:00")),
    ]


def test_a_reminder_whose_moment_has_passed_is_skipped():
    due = plan_reminders(
        local("2026-11-27T14:00"), local("2026-11-26T12:00"), [180, 2880], POLICY, NEW_YORK
    )
    assert [one.lead for one in due] == [180]


def test_a_booking_for_within_the_hour_gets_none():
    start = local("2026-11-27T14:00")
    booked = start - timedelta(hours=1)
    assert plan_reminders(start, booked, [180, 2880], POLICY, NEW_YORK) == []


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    st.integers(0, 10 * DAY),
    st.lists(st.integers(1, 7 * DAY), max_size=4),
)
def test_reminders_are_early_enough_and_never_quiet(start, ahead, leads):
    start = start.replace(tzinfo=UTC)
    booked = start - timedelta(minutes=ahead)
    due = plan_reminders(start, booked, leads, POLICY, NEW_YORK)
    assert len({one.at for one in due}) == len(due)
    for one in due:
        assert booked < one.at <= earlier(start, one.lead, NEW_YORK)
        assert not is_quiet(one.at, POLICY, NEW_YORK)
