"""A class is sold out and not beyond: many processes press for its places at the same moment."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.database import db
from booking.upkeep.check import findings
from tests.cast_classes import plan_class
from tests.faults.bookings_seen import deadlocks
from tests.faults.class_crew import (
    Press,
    as_the_page_does,
    live_places,
    parties,
    session_now,
    visitors,
)
from tests.faults.figures import size, tell

ATTEMPTS, PLACES = size(250, 10_000), size(20, 100)
PARTIES, PARTY_PLACES = size(120, 1_000), 30


@pytest.fixture
def class_of(studio, now):
    """Plan a class and return the id of its first session."""

    def plan(capacity: int) -> int:
        session_id = plan_class(studio, now(), capacity=capacity)[0]
        db.session.remove()
        return session_id

    return plan


def test_of_many_attempts_exactly_as_many_get_a_place_as_there_are(
    class_of, race, now, engine_name
):
    session_id = class_of(PLACES)
    run = race(visitors(session_id, ATTEMPTS), as_the_page_does, processes=2, threads=8)
    circles = deadlocks()
    tell("places in one class", engine_name, **run.figures, places=PLACES, deadlocks=circles)
    assert run.faults == {}
    assert circles == 0
    assert live_places() == {one.booking_id: 1 for one in run.booked}
    assert len(run.booked) == session_now(session_id).taken == PLACES
    assert Counter(one.refusal for one in run.refused) == {"ClassFull": ATTEMPTS - PLACES}
    assert findings(now()) == []


def test_a_party_gets_all_its_places_or_none_and_no_seat_is_kept_from_who_fits(
    class_of, race, now, engine_name
):
    """Nobody gives a place back, so whoever was refused must be more than are free at the end."""
    session_id = class_of(PARTY_PLACES)
    run = race(parties(session_id, PARTIES), as_the_page_does, processes=2, threads=8)
    tell("parties", engine_name, **run.figures, places=PARTY_PLACES)
    assert run.faults == {}
    assert live_places() == {one.booking_id: len(one.attempt.names) for one in run.booked}
    session = session_now(session_id)
    assert session.taken == sum(live_places().values()) <= PARTY_PLACES
    assert {one.refusal for one in run.refused} == {"ClassFull"}
    assert session.free < min(len(one.attempt.names) for one in run.refused)
    assert findings(now()) == []


def test_one_press_that_arrives_twenty_times_at_once_is_one_enrolment(
    class_of, race, now, engine_name
):
    session_id = class_of(30)
    press = Press("visitor", "token", session_id, ("grace hill", "tom wexler"))
    run = race([press] * 20, as_the_page_does, processes=2, threads=10)
    tell("one press", engine_name, **run.figures)
    assert run.faults == {}
    assert len(run.booked) == 20
    assert live_places() == {run.booked[0].booking_id: 2}
    assert {one.booking_id for one in run.booked} == set(live_places())
    assert db.session.scalar(select(func.count(Booking.id))) == 2
    visiting = select(func.count(Person.id)).where(Person.account_id.is_(None))
    assert db.session.scalar(visiting) == 2
    assert findings(now()) == []
