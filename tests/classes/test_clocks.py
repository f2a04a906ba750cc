"""A class keeps its time on the wall over both changes of the clocks, whatever is done to it.

Lord Howe moves by half an hour; New York and Berlin change on different days of the year.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from booking import worker
from booking.accounts.audit import Actor
from booking.bookings import class_changes
from booking.bookings.class_changes import Change
from booking.bookings.models import Booking
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.upkeep.check import findings
from tests.cast_classes import plan_class, take

STAFF = Actor("staff", 1)
SIX, HALF_PAST_SIX, HALF_PAST_TWO = 18 * 60, 18 * 60 + 30, 2 * 60 + 30
DAY = timedelta(days=1)
WEEK = 7 * DAY


@dataclass(frozen=True)
class Changing:
    """A zone, the date on which its clocks change, and by how much they go forward there."""

    zone_name: str
    day: date
    forward: timedelta

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def __str__(self) -> str:
        return f"{self.zone_name.partition('/')[2]} {self.day}"


HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
FORWARD = [
    Changing("America/New_York", date(2027, 3, 14), HOUR),
    Changing("Europe/Berlin", date(2027, 3, 28), HOUR),
    Changing("Australia/Lord_Howe", date(2027, 10, 3), HALF),
]
BACK = [
    Changing("America/New_York", date(2027, 11, 7), -HOUR),
    Changing("Europe/Berlin", date(2027, 10, 31), -HOUR),
    Changing("Australia/Lord_Howe", date(2027, 4, 4), -HALF),
]
# All go forward at two. Back, New York repeats the hour before two and Berlin the one after it;
# on Lord Howe both are half an hour.
SKIPPED = {"America/New_York": 150, "Europe/Berlin": 150, "Australia/Lord_Howe": 135}
REPEATED = {"America/New_York": 90, "Europe/Berlin": 150, "Australia/Lord_Howe": 105}
both_changes = pytest.mark.parametrize("changing", FORWARD + BACK, ids=str)


@pytest.fixture
def zoned(studio, now, changing) -> Changing:
    """The studio in the zone, three weeks before its clocks change, at noon."""

    def settle() -> None:
        db.session.get_one(Practice, 1).zone_name = changing.zone_name

    transact(settle)
    noon = datetime.combine(changing.day - 3 * WEEK, datetime.min.time(), changing.zone)
    now.set((noon + timedelta(hours=12)).astimezone(UTC))
    return changing


def plan(zoned: Changing, studio, now, **changes) -> list[int]:
    """Plan a class on the weekday of the change, from the next day of that name on."""
    first = changes.pop("first_on", zoned.day - 2 * WEEK)
    return plan_class(studio, now(), **{
        "weekday": first.weekday(), "first_on": first, "start_minute": SIX, **changes,
    })  # fmt: skip


def sessions() -> list[ClassSession]:
    db.session.rollback()
    return db.session.query(ClassSession).order_by(ClassSession.starts_at).all()


def on_the_wall(zoned: Changing) -> set[tuple[int, int, int]]:
    """Return the weekdays and times that the wall shows, asked of the instants alone."""
    walls = [one.starts_at.astimezone(zoned.zone) for one in sessions()]
    return {(wall.weekday(), wall.hour, wall.minute) for wall in walls}


def follow(session_id: int, change: Change, now) -> None:
    transact(class_changes.change_following, session_id, change, STAFF, practice.current(), now())


@both_changes
@pytest.mark.parametrize("offset", [-1, 0], ids=["day before", "on the day"])
def test_six_stays_six(zoned, studio, now, offset):
    plan(zoned, studio, now, first_on=zoned.day - 2 * WEEK + offset * DAY)
    assert on_the_wall(zoned) == {((zoned.day.weekday() + offset) % 7, 18, 0)}
    starts = [one.starts_at for one in sessions()]
    gaps = {later - one for one, later in pairwise(starts)}
    assert gaps == {WEEK, WEEK - zoned.forward}
    assert {one.ends_at - one.starts_at for one in sessions()} == {HOUR}
    assert findings(now()) == []


@both_changes
def test_half_past_six_stays_so_for_all_that_follow(zoned, studio, now):
    ids = plan(zoned, studio, now)
    take(ids[1], now(), "Grace Hill")
    take(ids[3], now(), "Tom Wexler")
    follow(ids[1], Change(start_minute=HALF_PAST_SIX), now)
    walls = [one.starts_at.astimezone(zoned.zone) for one in sessions()]
    assert [(wall.hour, wall.minute) for wall in walls] == [(18, 0)] + [(18, 30)] * (len(ids) - 1)
    booked = [one.starts_at.astimezone(zoned.zone) for one in db.session.query(Booking)]
    assert {(wall.hour, wall.minute) for wall in booked} == {(18, 30)}
    assert findings(now()) == []


@both_changes
@pytest.mark.parametrize("days", [-2, 3])
def test_another_weekday_keeps_the_time(zoned, studio, now, days):
    ids = plan(zoned, studio, now)
    first = zoned.day - 2 * WEEK
    follow(ids[0], Change(on_date=first + days * DAY), now)
    assert on_the_wall(zoned) == {((first.weekday() + days) % 7, 18, 0)}
    assert [one.on_date for one in sessions()] == [
        first + days * DAY + number * WEEK for number in range(len(ids))
    ]
    assert findings(now()) == []


@both_changes
@pytest.mark.parametrize("days", [-2, 2])
def test_what_the_worker_plans_later_keeps_what_was_moved(zoned, studio, now, days):
    """The horizon passes over the change after the class has moved in day and time."""
    first = zoned.day - 10 * WEEK - days * DAY
    now.set(now() - 9 * WEEK)
    ids = plan(zoned, studio, now, first_on=first)
    follow(ids[0], Change(first + days * DAY, HALF_PAST_SIX), now)
    for _week in range(6):
        now.forward(days=7)
        worker.look_around()
    assert on_the_wall(zoned) == {(zoned.day.weekday(), 18, 30)}
    dates = [one.starts_at.astimezone(zoned.zone).date() for one in sessions()]
    assert dates == [first + days * DAY + number * WEEK for number in range(len(dates))]
    horizon = now().astimezone(zoned.zone).date() + practice.current().class_days * DAY
    assert zoned.day <= dates[-1] <= horizon < dates[-1] + WEEK
    assert findings(now()) == []


def start_on_the_day(zoned: Changing) -> ClassSession:
    return next(one for one in sessions() if one.on_date == zoned.day)


@pytest.mark.parametrize("changing", FORWARD, ids=str)
def test_a_time_that_is_skipped_is_the_moment_of_the_change(zoned, studio, now):
    plan(zoned, studio, now, start_minute=SKIPPED[zoned.zone_name])
    session = start_on_the_day(zoned)
    wall = session.starts_at.astimezone(zoned.zone)
    before = (session.starts_at - timedelta(minutes=1)).astimezone(zoned.zone)
    assert wall.utcoffset() - before.utcoffset() == zoned.forward
    assert (before.hour, before.minute) == (1, 59)
    assert session.local_start.hour * 60 + session.local_start.minute == SKIPPED[zoned.zone_name]
    assert session.ends_at - session.starts_at == HOUR
    others = [one for one in sessions() if one.on_date != zoned.day]
    assert {_wall_minute(one, zoned) for one in others} == {SKIPPED[zoned.zone_name]}
    assert findings(now()) == []


@pytest.mark.parametrize("changing", BACK, ids=str)
def test_of_a_time_that_comes_twice_it_is_the_first(zoned, studio, now):
    plan(zoned, studio, now, start_minute=REPEATED[zoned.zone_name])
    session = start_on_the_day(zoned)
    again = (session.starts_at - zoned.forward).astimezone(zoned.zone)
    assert {_wall_minute(one, zoned) for one in sessions()} == {REPEATED[zoned.zone_name]}
    assert again.hour * 60 + again.minute == REPEATED[zoned.zone_name]
    assert session.starts_at.astimezone(zoned.zone).fold == 0
    assert again.fold == 1
    assert session.ends_at - session.starts_at == HOUR
    assert findings(now()) == []


@pytest.mark.parametrize("changing", FORWARD + BACK, ids=str)
def test_half_past_two_is_booked_and_moved_like_any_time(zoned, studio, now):
    """The class of that night is moved away and back, with somebody in it."""
    ids = plan(zoned, studio, now, start_minute=HALF_PAST_TWO)
    session = start_on_the_day(zoned)
    known = session.starts_at
    take(session.id, now(), "Grace Hill")
    follow(ids[0], Change(start_minute=SIX), now)
    assert on_the_wall(zoned) == {(zoned.day.weekday(), 18, 0)}
    follow(ids[0], Change(start_minute=HALF_PAST_TWO), now)
    assert start_on_the_day(zoned).starts_at == known
    assert db.session.query(Booking).one().starts_at == known
    assert findings(now()) == []


def _wall_minute(session: ClassSession, zoned: Changing) -> int:
    wall = session.starts_at.astimezone(zoned.zone)
    return wall.hour * 60 + wall.minute
