"""Web processes are killed while people book: what was confirmed stays, nothing is half or twice.

Each death falls at a named step of a booking or at any moment; whoever gets no answer sends the
same form again.
"""

import random
import signal
import time
from collections import Counter
from multiprocessing.connection import wait

import pytest

from tests.faults.callers import Callers, judge, widen
from tests.faults.deaths import STEPS, Mortal, MortalAndHasty
from tests.faults.figures import size, tell
from tests.faults.forks import CONTEXT
from tests.faults.sites import Site, sites

KILLS = size(12, 500)
ANY_MOMENT = "any moment"
ROUNDS = 10


@pytest.fixture
def armed():
    """The number of the step at which a process is to die. No lock: its holder might die."""
    return CONTEXT.Value("i", -1, lock=False)


def die(group: list[Site], armed, step: str, dice: random.Random) -> None:
    """Let one of the processes die at a step, and start another in its place."""
    if step == ANY_MOMENT:
        time.sleep(dice.uniform(0, 0.1))
        dice.choice(group).end(signal.SIGKILL)
    else:
        armed.value = STEPS.index(step)
    assert wait([one.process.sentinel for one in group], 60), f"nobody reached {step}"
    armed.value = -1
    for one in group:
        one.process.join(0.05)
        if not one.process.is_alive():
            assert one.process.exitcode == -signal.SIGKILL, one.said()
            one.begin()
            one.wait()


def test_who_was_told_of_a_booking_has_it_whoever_dies(
    app, studio, database_url, tmp_path, engine_name, armed
):
    dice, died = random.Random(1), Counter()
    wide = widen(studio, 1 + KILLS // 60)
    steps = [*STEPS, ANY_MOMENT, ANY_MOMENT]
    with (
        sites(database_url, tmp_path, 2, Mortal(armed), WTF_CSRF_ENABLED=False) as group,
        Callers(group, wide).calling() as callers,
    ):
        for death in range(KILLS):
            die(group, armed, steps[death % len(steps)], dice)
            died[steps[death % len(steps)]] += 1
        callers.wait_for(3)
    seen = judge(callers)
    tell(
        "web processes killed", engine_name, kills=died.total(), **vars(seen),
        answers=callers.told(), steps=dict(died),
    )  # fmt: skip
    assert (seen.lost, seen.doubled, seen.unasked, seen.half) == (0, 0, 0, 0)
    assert seen.booked == len(callers.acknowledged) > 0
    assert set(callers.answers) <= {303, 409, "none"}


def test_who_presses_anew_instead_of_again_books_twice(
    app, studio, database_url, tmp_path, engine_name, armed
):
    """The control: without the key, nobody knows whether the lost answer was a yes."""
    wide, dice, deaths = widen(studio, 1), random.Random(2), 0
    with (
        sites(database_url, tmp_path, 2, Mortal(armed), WTF_CSRF_ENABLED=False) as group,
        Callers(group, wide, afresh=True).calling() as callers,
    ):
        while deaths < ROUNDS and judge(callers).doubled == 0:
            die(group, armed, "after the commit", dice)
            callers.wait_for(2)
            deaths += 1
    seen = judge(callers)
    tell("web processes killed", engine_name, control="no key", kills=deaths, **vars(seen))
    assert seen.doubled > 0


def test_what_is_committed_in_parts_is_left_half(
    app, studio, database_url, tmp_path, engine_name, armed
):
    """The control: each step in a transaction of its own."""
    wide, dice, deaths, half = widen(studio, 1), random.Random(3), 0, 0
    with (
        sites(database_url, tmp_path, 2, MortalAndHasty(armed), WTF_CSRF_ENABLED=False) as group,
        Callers(group, wide).calling() as callers,
    ):
        while deaths < ROUNDS and not half:
            die(group, armed, "reminders planned", dice)
            deaths += 1
            half = judge(callers).half
    seen = judge(callers)
    control = "a commit after each step"
    tell("web processes killed", engine_name, control=control, kills=deaths, **vars(seen))
    assert seen.half > 0
