"""Many processes want the same time: what can be kept is booked, and everybody else is told so."""

from collections import Counter

from booking.upkeep.check import findings
from tests.faults.attempts import as_the_pages_do
from tests.faults.bookings_seen import conflict, deadlocks, doubled, live_bookings
from tests.faults.figures import tell
from tests.faults.wishes import crowd, scattered


def test_of_a_hundred_attempts_at_one_time_exactly_one_is_booked(offer, race, now, engine_name):
    """Two processes, fifty attempts each, all of them let go at once."""
    run = race(crowd(offer, 100), as_the_pages_do, processes=2, threads=50)
    tell("one slot", engine_name, **run.figures)
    assert run.faults == {}
    assert len(run.booked) == 1
    assert Counter(one.refusal for one in run.refused) == {"SlotTaken": 99}
    assert list(live_bookings()) == [run.booked[0].booking_id]
    assert findings(now()) == []


def test_a_time_is_booked_if_and_only_if_it_was_really_free(offer, race, now, engine_name):
    """200 overlapping wishes of unequal length, by four processes, forty at a time.

    Both directions count: no two bookings need the same person or room at once, and nobody was
    refused for whose wish no booking stands in the way. A site that refuses all would pass the
    first and fail the second.
    """
    run = race(scattered(offer, 200), as_the_pages_do, processes=4, threads=10)
    tell("overlapping slots", engine_name, **run.figures)
    kept = live_bookings()
    assert run.faults == {}
    assert doubled(kept.values()) == 0
    assert kept == {one.booking_id: offer.taken_by(one.attempt) for one in run.booked}
    assert {one.refusal for one in run.refused} == {"SlotTaken"}
    assert refused_for_nothing(offer, run, kept) == []
    assert findings(now()) == []


def test_nobody_waits_in_a_circle_when_all_press_at_once(offer, race, engine_name):
    """180 visitors at once, all for overlapping times of one day.

    Two transactions that each wait for the other's time stand still for a second until the
    database ends one of them; in a crowd that comes again and again, until somebody has tried
    too often and gets an error instead of an answer.
    """
    wishes = scattered(offer, 180, day_count=1)
    run = race(wishes, as_the_pages_do, processes=4, threads=45)
    circles = deadlocks()
    tell("crush", engine_name, **run.figures, deadlocks=circles)
    assert run.faults == {}
    assert circles == 0
    assert refused_for_nothing(offer, run, live_bookings()) == []


def refused_for_nothing(offer, run, kept):
    """The attempts that were refused although all that was booked leaves room for them."""
    return [
        one.attempt
        for one in run.refused
        if not any(conflict(offer.taken_by(one.attempt), booking) for booking in kept.values())
    ]
