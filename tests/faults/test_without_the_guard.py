"""The controls: the same races double-book as soon as the database's guard is taken out.

There are two protections: the guard, and that the page looks into the diary only once it has the
write lock (SQLite) or stands in line for the practitioner (PostgreSQL). The controls take out both;
the last test shows that the second protects by itself.

A race can by luck end well: each control is run again, on other days, until the harm is seen.
"""

from functools import partial

import pytest

from booking import guards
from booking.database import db
from booking.upkeep.check import findings
from tests.faults.attempts import as_the_pages_do, check_first_claim_later
from tests.faults.bookings_seen import doubled, live_bookings
from tests.faults.figures import tell
from tests.faults.wishes import crowd, scattered

ROUNDS = 10


@pytest.fixture
def unguarded(offer):
    """The studio in a database whose constraint or triggers against overlaps are gone."""
    with db.engine.begin() as connection:
        guards.remove(connection)
    return offer


def race_until_doubled(race, wishes, way, **crew):
    """Repeat a race until two bookings need the same time; return the last and how many pairs."""
    for number in range(ROUNDS):
        run = race(wishes(round_number=number), way, **crew)
        if pairs := doubled(live_bookings().values()):
            return run, pairs
    return run, 0


def test_without_the_guard_one_time_is_booked_more_than_once(unguarded, race, now, engine_name):
    """Removed: the constraint or the triggers, and that look and claim are one transaction."""
    way = check_first_claim_later
    wishes = partial(crowd, unguarded, 100)
    run, pairs = race_until_doubled(race, wishes, way, processes=2, threads=50)
    tell("one slot, no guard", engine_name, **run.figures, doubled_pairs=pairs)
    assert pairs > 0
    assert run.faults == {}
    assert any(finding.startswith("time is claimed twice") for finding in findings(now()))


def test_without_the_guard_overlapping_times_are_booked(unguarded, race, engine_name):
    """The second race without the same protections as above."""
    way = check_first_claim_later
    wishes = partial(scattered, unguarded, 200)
    run, pairs = race_until_doubled(race, wishes, way, processes=4, threads=10)
    tell("overlapping slots, no guard", engine_name, **run.figures, doubled_pairs=pairs)
    assert pairs > 0
    assert run.faults == {}


def test_the_guard_alone_keeps_a_naive_order_of_steps_from_double_booking(
    offer, race, now, engine_name
):
    """The control's control: check first and claim later, with the guard in place, books once.

    So it is the missing guard that does the harm above, not the order of the steps.
    """
    run = race(crowd(offer, 100), check_first_claim_later, processes=2, threads=50)
    tell("one slot, guard alone", engine_name, **run.figures)
    assert run.faults == {}
    assert len(run.booked) == len(live_bookings()) == 1
    assert findings(now()) == []


def test_the_line_alone_protects_as_well(unguarded, race, engine_name):
    """Without the guard the page still books once: nobody else can take what it has looked at."""
    run = race(crowd(unguarded, 100), as_the_pages_do, processes=2, threads=50)
    tell("one slot, the line alone", engine_name, **run.figures)
    assert run.faults == {}
    assert len(run.booked) == len(live_bookings()) == 1
