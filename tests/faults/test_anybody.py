"""Anybody will do, in any room: as many are booked at one time as there are pairs of both."""

import pytest

from booking import guards
from booking.catalog.models import Room, Service
from booking.database import db, transact
from booking.upkeep.check import findings
from tests.faults.attempts import as_the_pages_do, check_first_claim_later
from tests.faults.bookings_seen import deadlocks, doubled, live_bookings
from tests.faults.figures import size, tell
from tests.faults.wishes import Offer, crowd

ATTEMPTS, ROUNDS = size(60, 1000), 8


def offer_of(studio, rooms: list[int]) -> Offer:
    """Lena's and Marco's massages in these rooms; who comes does not mind which."""

    def arrange() -> None:
        service = db.session.get_one(Service, studio.massage)
        service.rooms = [db.session.get_one(Room, one) for one in rooms]

    transact(arrange)
    return Offer(studio.hour, {})


@pytest.mark.parametrize(("what", "pairs"), [("any practitioner", 2), ("one room", 1)])
def test_whoever_is_free_in_whatever_room_is_booked_and_nobody_more(
    studio, race, now, engine_name, what, pairs
):
    """Two practitioners and two rooms are two sessions; with one room they are one."""
    offer = offer_of(studio, [studio.room, studio.hall][:pairs])
    run = race(crowd(offer, ATTEMPTS), as_the_pages_do, processes=2, threads=20)
    kept, circles = live_bookings(), deadlocks()
    tell(what, engine_name, **run.figures, pairs=doubled(kept.values()), deadlocks=circles)
    assert run.faults == {}
    assert circles == 0
    assert len(run.booked) == len(kept) == pairs
    assert {one.refusal for one in run.refused} == {"SlotTaken"}
    assert doubled(kept.values()) == 0
    assert findings(now()) == []


def test_without_the_guard_one_room_is_booked_for_two(studio, race, engine_name):
    """The control: without the guard, and with the look into the diary apart from the claim."""
    offer = offer_of(studio, [studio.room])
    with db.engine.begin() as connection:
        guards.remove(connection)
    pairs = rounds = 0
    while not pairs and rounds < ROUNDS:
        run = race(crowd(offer, 60, rounds), check_first_claim_later, processes=2, threads=20)
        rounds += 1
        pairs = doubled(live_bookings().values())
    control = "the guard, and one transaction"
    tell("one room", engine_name, control=control, **run.figures, pairs=pairs)
    assert run.faults == {}
    assert pairs > 0
