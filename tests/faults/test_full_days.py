"""A day that holds one session more, and many who press different times of it at once."""

import threading

from sqlalchemy import func, select

from booking.bookings.models import Hold
from booking.catalog.models import Practitioner
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.scheduling import calendar
from booking.scheduling.models import Claim
from booking.upkeep.check import findings
from tests.cast import at, hold
from tests.faults.beside import Beside

HOURS = (9, 11, 13, 15)


def limit_to_one(lena: int) -> None:
    db.session.get_one(Practitioner, lena).day_sessions = 1


def press_all(app, studio, now) -> int:
    """Let four visitors hold four times of one day at once; return how many have one."""
    gate = threading.Barrier(len(HOURS))

    def press(hour: int) -> object:
        gate.wait(10)
        return hold(studio.hour, at(hour), f"visitor-{hour}", now(), studio.lena).id

    pressing = [Beside(app, lambda hour=hour: press(hour)) for hour in HOURS]
    answers = [one.join() for one in pressing]
    assert all(isinstance(one, (int, Refusal)) for one in answers), answers
    db.session.rollback()
    held = db.session.scalar(select(func.count(Hold.id)).where(Hold.claim_id.is_not(None)))
    assert held == sum(isinstance(one, int) for one in answers)
    return held


def test_the_last_session_of_a_day_is_given_once(app, studio, now):
    transact(limit_to_one, studio.lena)
    assert press_all(app, studio, now) == 1
    assert db.session.scalar(select(func.count(Claim.id))) == 1
    assert findings(now()) == []


def test_without_the_line_postgresql_gives_it_more_than_once(
    app, studio, now, monkeypatch, database_url
):
    """No two of these times overlap, so nothing else stands between them.

    On SQLite the one writer is the line: there the last session is given once all the same.
    """
    transact(limit_to_one, studio.lena)
    monkeypatch.setattr(calendar, "line_up", lambda resource_ids: None)
    looked = threading.Barrier(len(HOURS))
    real = calendar.claim

    def after_all_have_looked(*args, **kwargs):
        if database_url.startswith("postgresql"):
            looked.wait(10)
        return real(*args, **kwargs)

    monkeypatch.setattr(calendar, "claim", after_all_have_looked)
    held = press_all(app, studio, now)
    assert held == (len(HOURS) if database_url.startswith("postgresql") else 1)
