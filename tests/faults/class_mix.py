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
from tests.cast_classes import plan_class
from tests.faults import class_steps, time_steps
from tests.faults.class_steps import Mix, Nothing

Step = Callable[[Mix, random.Random], object]

Steps = dict[str, tuple[float, Step]]

# How often each is done beside the others.
CLASSES: Steps = {
    "book": (16, class_steps.book),
    "book a term": (5, class_steps.book_term),
    "walk in": (2, class_steps.walk_in),
    "join": (16, class_steps.join),
    "leave": (3, class_steps.leave),
    "accept": (8, class_steps.accept),
    "decline": (4, class_steps.decline),
    "cancel": (16, class_steps.cancel),
    "cancel of a term": (6, class_steps.cancel_of_a_term),
    "undo": (4, class_steps.undo),
    "mark": (1, class_steps.mark),
    "resize": (5, class_steps.resize),
    "move": (4, class_steps.move),
    "change all": (2, class_steps.change_all),
    "call off": (0.7, class_steps.call_off),
    "expire": (6, class_steps.expire),
    "end": (2, class_steps.end),
    "look around": (2, class_steps.look_around),
    "remind": (2, class_steps.remind),
    "send": (6, class_steps.send),
}
# The same for private times that people wait for, in the hours of a class.
TIMES: Steps = {
    "book": (10, time_steps.book),
    "cancel": (14, time_steps.cancel),
    "move": (8, time_steps.move),
    "undo": (4, time_steps.undo),
    "take time off": (2, time_steps.take_time_off),
    "come back": (3, time_steps.come_back),
    "join": (20, time_steps.join),
    "leave": (8, time_steps.leave),
    "accept": (6, time_steps.accept),
    "decline": (8, time_steps.decline),
    "look around": (4, time_steps.look_around),
    "expire": (6, class_steps.expire),
    "end": (2, class_steps.end),
    "move the class": (4, class_steps.move),
    "send": (2, class_steps.send),
}
# Two terms of six weeks, one an hour and a half after the other in the same hall.
LAST = date(2026, 12, 29)


def make(now: datetime) -> cast.Studio:
    """A studio with a class that offers what frees and one that gives it, in one hall."""
    studio = cast.make_studio(now)
    plan_class(studio, now, capacity=4, trial_cents=900, term_cents=1500, last_on=LAST)
    plan_class(
        studio, now, name="Late yoga", practitioner_id=studio.marco, start_minute=19 * 60 + 30,
        capacity=3, trial_cents=900, term_cents=1500, last_on=LAST,
        waitlist_mode=WaitlistMode.AUTOMATIC,
    )  # fmt: skip
    db.session.remove()
    return studio


def run(mix: Mix, steps: Steps, seconds: float, threads: int = 8) -> None:
    """Let threads take steps until the time is over."""
    until = time.monotonic() + seconds
    started = [
        threading.Thread(target=_work, args=(mix, steps, random.Random(n), until))
        for n in range(threads)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def _work(mix: Mix, steps: Steps, dice: random.Random, until: float) -> None:
    weights = [weight for weight, _step in steps.values()]
    while time.monotonic() < until:
        [(name, (_weight, step))] = dice.choices(list(steps.items()), weights)
        with mix.app.app_context():
            _take(mix, name, step, dice)
            db.session.remove()


def _take(mix: Mix, name: str, step: Step, dice: random.Random) -> None:
    try:
        step(mix, dice)
        mix.done[name] += 1
    except Nothing:
        pass
    except Refusal as refusal:
        mix.refused[f"{name}: {type(refusal).__name__}"] += 1
    except Exception as fault:  # noqa: BLE001 - counted, and shown by the test
        mix.faults[f"{name}: {fault!r}"[:600]] += 1
