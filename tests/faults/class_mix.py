"""Everything that can happen to classes, at random, by threads that know nothing of each other.

Time runs fast, so that offers expire and undo ends while it goes on.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import date, datetime

from booking.classes.models import WaitlistMode
from booking.database import db
from booking.domain.errors import Refusal
from tests import cast
from tests.faults import class_steps as steps
from tests.faults.class_steps import Mix, Nothing

Step = Callable[[Mix, random.Random], object]

# How often each is done beside the others.
STEPS: dict[str, tuple[float, Step]] = {
    "book": (16, steps.book),
    "book a term": (5, steps.book_term),
    "walk in": (2, steps.walk_in),
    "join": (16, steps.join),
    "leave": (3, steps.leave),
    "accept": (8, steps.accept),
    "decline": (4, steps.decline),
    "cancel": (16, steps.cancel),
    "cancel of a term": (6, steps.cancel_of_a_term),
    "undo": (4, steps.undo),
    "mark": (1, steps.mark),
    "resize": (5, steps.resize),
    "move": (4, steps.move),
    "change all": (2, steps.change_all),
    "call off": (0.7, steps.call_off),
    "expire": (6, steps.expire),
    "end": (2, steps.end),
    "look around": (2, steps.look_around),
    "remind": (2, steps.remind),
    "send": (6, steps.send),
}
# Two terms of six weeks, one an hour and a half after the other in the same hall.
LAST = date(2026, 12, 29)


def make(now: datetime) -> cast.Studio:
    """A studio with a class that offers what frees and one that gives it, in one hall."""
    studio = cast.make_studio(now)
    cast.plan_class(studio, now, capacity=4, trial_cents=900, term_cents=1500, last_on=LAST)
    cast.plan_class(
        studio, now, name="Late yoga", practitioner_id=studio.marco, start_minute=19 * 60 + 30,
        capacity=3, trial_cents=900, term_cents=1500, last_on=LAST,
        waitlist_mode=WaitlistMode.AUTOMATIC,
    )  # fmt: skip
    db.session.remove()
    return studio


def run(mix: Mix, seconds: float, threads: int = 8) -> None:
    """Let threads take steps until the time is over."""
    until = time.monotonic() + seconds
    started = [
        threading.Thread(target=_work, args=(mix, random.Random(n), until)) for n in range(threads)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def _work(mix: Mix, dice: random.Random, until: float) -> None:
    names, weights = list(STEPS), [weight for weight, _step in STEPS.values()]
    while time.monotonic() < until:
        [name] = dice.choices(names, weights)
        with mix.app.app_context():
            _take(mix, name, dice)
            db.session.remove()


def _take(mix: Mix, name: str, dice: random.Random) -> None:
    try:
        STEPS[name][1](mix, dice)
        mix.done[name] += 1
    except Nothing:
        pass
    except Refusal as refusal:
        mix.refused[f"{name}: {type(refusal).__name__}"] += 1
    except Exception as fault:  # noqa: BLE001 - counted, and shown by the test
        mix.faults[f"{name}: {fault!r}"[:600]] += 1
