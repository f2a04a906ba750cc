"""A process is killed while it books a term or passes an offer on: all of it is done or nothing.

The moment is random; over several deaths it falls before, into and after the write.
"""

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from booking import PROJECT
from booking.accounts.audit import GUEST
from booking.bookings import changes
from booking.bookings.models import Booking, Enrolment, PlaceKind
from booking.bookings.waiting_models import Offer
from booking.database import db, transact
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast_classes import plan_class, take, wait
from tests.faults.class_victim import moment
from tests.faults.figures import size, tell

DEATHS = size(3, 40)
# How many steps a victim may take. It dies within about the time, in seconds, that the last one
# needs: a term is long, an offer is short.
STEPS, A_TERM, AN_OFFER = 20, 0.3, 0.02


@pytest.fixture
def classes(studio, now):
    """A term of eight classes with room for many, and a full class for which forty people wait."""
    # None of them begins while the victims live.
    first, last = date(2026, 12, 1), date(2027, 1, 19)
    term = plan_class(studio, now(), capacity=500, term_cents=1500, first_on=first, last_on=last)
    full = plan_class(
        studio, now(), name="Late yoga", start_minute=20 * 60, capacity=1, first_on=last,
        last_on=last,
    )[0]  # fmt: skip
    booking_id = take(full, now(), "Grace Hill").places[0].id
    for number in range(40):
        wait(full, now(), f"waits{number} long")
    transact(changes.cancel, booking_id, GUEST, practice.current(), now())
    db.session.remove()
    return term


def live_and_die(url: str, folder, first: int, dice: random.Random) -> int:
    """Start a victim and kill it in the middle of a step; return which step that was."""
    command = [sys.executable, "-m", "tests.faults.class_victim", url, str(folder), str(first)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout is not None
            for _step in range(dice.randint(2, STEPS // 2)):
                begun = int(process.stdout.readline())
            time.sleep(dice.uniform(0, AN_OFFER if begun % 2 else A_TERM))
        finally:
            process.kill()
        # What it had begun when it was killed: perhaps a step more than was read.
        return int([begun, *process.stdout.read().split()][-1])


def test_who_is_killed_has_booked_the_whole_term_or_nothing(
    classes, database_url, tmp_path, engine_name
):
    dice = random.Random(1)
    died: Counter[str] = Counter()
    for death in range(DEATHS):
        step = live_and_die(database_url, tmp_path, death * STEPS, dice)
        db.session.rollback()
        assert findings(moment(step)) == []
        assert {places for _step, places in terms()} == {2 * len(classes)}
        died[how_it_died(step)] += 1
    offers = db.session.scalar(select(func.count(Offer.id)))
    tell(
        "killed", engine_name, deaths=dict(died), terms=len(terms()), offers=offers,
    )  # fmt: skip
    assert len(terms()) >= DEATHS
    assert offers is not None
    assert offers > DEATHS


def how_it_died(step: int) -> str:
    if step % 2:
        return "passing an offer on"
    return "after a term" if f"step-{step}" in dict(terms()) else "in a term"


def terms() -> list[tuple[str, int]]:
    """Each term that was booked, by its token, and how many places it has."""
    return [
        (token, places)
        for token, places in db.session.execute(
            select(Enrolment.token, func.count(Booking.id))
            .outerjoin(Enrolment.places)
            .where(Enrolment.kind == PlaceKind.TERM)
            .group_by(Enrolment.token)
        )
    ]
