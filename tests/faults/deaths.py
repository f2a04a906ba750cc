"""Named steps of a booking at which a web process can die, and wrong ways to go through them.

A `Prepare` of tests.faults.sites: it changes the process that it is given to, and no other.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from booking.accounts import audit
from booking.bookings import clients, holds, messages, operations, reminders
from booking.database import db
from booking.scheduling import calendar

# What has just been done when the process dies, in the order of a booking.
DONE = {
    "time claimed": (calendar, "claim"),
    "hold written": (holds, "_remember"),
    "person known": (clients, "person_for"),
    "claim confirmed": (calendar, "confirm"),
    "booking written": (operations, "write"),
    "reminders planned": (reminders, "plan"),
    "mails written": (messages, "confirmed"),
    "trail written": (audit, "record"),
}
STEPS = (*DONE, "before the commit", "after the commit")


@dataclass
class Mortal:
    """A process that kills itself at the step whose number `armed` holds."""

    armed: Any

    def __call__(self, app: Flask) -> None:
        on_steps(app, self._die_at)

    def _die_at(self, step: str) -> None:
        if self.armed.value == STEPS.index(step):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class MortalAndHasty(Mortal):
    """The control: it commits after each step."""

    def __call__(self, app: Flask) -> None:
        hasty(app)
        super().__call__(app)


def dawdle(app: Flask) -> None:
    """Take a while before and after each commit, so that a signal falls into it."""
    pauses = {"before the commit": 0.05, "after the commit": 0.2}
    on_steps(app, lambda step: time.sleep(pauses.get(step, 0)))


def hasty(app: Flask) -> None:
    """The control: commit after each step."""
    on_steps(app, lambda step: db.session.commit() if step in DONE else None)


def on_steps(app: Flask, act: Callable[[str], object]) -> None:
    """Let `act` be called with the name of each step when that is done."""
    for step, (module, name) in DONE.items():
        setattr(module, name, _followed(getattr(module, name), step, act))
    with app.app_context():
        event.listen(db.engine, "commit", lambda _connection: act("before the commit"))
        event.listen(db.session, "after_commit", lambda _session: act("after the commit"))


def _followed(real: Callable, step: str, act: Callable[[str], object]) -> Callable:
    def followed(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        act(step)
        return result

    return followed
