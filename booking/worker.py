"""Background work: reminders that are due, mails that wait, and sweeping up.

One turn does one thing after the other and says how much it did; the loop repeats it until it
is told to stop. Any number of workers may run at once.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.exc import DBAPIError, InterfaceError

from booking import clock, sending, setbacks
from booking.accounts import tokens
from booking.bookings import approvals, follow_ups, holds, reminders, times, waiting
from booking.classes import planning
from booking.clients import importing, merging
from booking.database import DatabaseBusy, db, transact
from booking.mail import claims, lateness, whose
from booking.mail.pulse import Pulse
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.studio import sheets
from booking.web import limits

log = logging.getLogger(__name__)

IDLE_SECONDS = 5
# Who is called each minute has ended by then.
ONCE_AT_MOST = timedelta(seconds=60)
# How often the calendar is looked through for those who wait. What is cancelled reaches them at
# once; this finds what became free in another way, an undone move or longer hours.
LOOK_SECONDS = 60
# How many things one turn does before it looks whether it should stop.
BATCH = 100


def turn(is_stopping: Callable[[], bool] = sending.never) -> int:
    """Do what is due, each thing in a transaction of its own; return how many things.

    `is_stopping` is asked where a turn may take long: between two mails.
    """
    return (
        _repeat(_guarded("what is late", lateness.settle))
        + _repeat(_guarded("an offer", waiting.expire_next))
        + _repeat(_guarded("a line", waiting.end_next))
        + _repeat(_guarded("a request", approvals.lapse_next))
        + _repeat(_guarded("a new plan of reminders", reminders.replan_next))
        + _repeat(_guarded("a reminder", reminders.handle_next))
        + _repeat(_guarded("what follows a session", follow_ups.handle_next))
        + _repeat(_guarded("a morning's sheet", sheets.write_next))
        + sending.send_due(is_stopping)
    )


def _guarded(what: str, step: Callable[[Practice, datetime], bool]) -> Callable[[], bool]:
    """One step in a transaction of its own, whose failure holds up nothing else.

    The row that it has in hand then waits (`setbacks`), and the others have their turn before.
    """

    def run() -> bool:
        try:
            return transact(_take_step, step)
        except Exception as error:
            log.exception("%s failed", what)
            db.session.rollback()
            return not _is_passing(error) and _put_off()

    return run


def _take_step(step: Callable[[Practice, datetime], bool]) -> bool:
    setbacks.start()
    is_done = step(practice.current(), clock.utcnow())
    setbacks.succeed()
    return is_done


def _is_passing(error: Exception) -> bool:
    """Tell trouble with the database, which is no row's fault: all is tried again next turn."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (DatabaseBusy, InterfaceError))


def _put_off() -> bool:
    """Let the row wait on which a step failed; tell whether the next may have its turn."""
    try:
        return transact(setbacks.put_off, clock.utcnow())
    except Exception:
        log.exception("what failed could not be put off")
        db.session.rollback()
        return False


def look_around() -> None:
    """What nobody presses for: free times for those who wait, classes up to the horizon."""
    _guarded("free times", times.offer_any)()
    _guarded("free places", waiting.fill_idle)()
    _repeat(_guarded("planning a class", planning.extend_next))


def _repeat(step: Callable[[], bool]) -> int:
    count = 0
    while count < BATCH and step():
        count += 1
    return count


def sweep(now: datetime) -> None:
    """Clear away what has ended: holds, tokens, limits, mails nobody will send."""
    calendar.sweep(now)
    holds.sweep(now)
    tokens.sweep(now)
    importing.sweep(now)
    merging.sweep(now)
    claims.sweep(now)
    whose.erase(now)
    setbacks.sweep(now)
    limits.sweep(now.timestamp())


class Loop:
    """Turns until told to stop; a turn that fails is logged and tried again later."""

    def __init__(self, app: Flask, idle_seconds: float = IDLE_SECONDS, name: str | None = None):
        self.app = app
        self.idle_seconds = idle_seconds
        self.stopping = threading.Event()
        self._swept_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._pulse = Pulse(name)

    def run(self, *, once: bool = False) -> None:
        """Do what is due again and again; with `once`, until nothing is due any more.

        What only waits for its share of the rate is due: for a minute `once` waits for it, until
        the next run that cron begins.
        """
        until = clock.utcnow() + ONCE_AT_MOST if once else None
        while not self.stopping.is_set():
            if self._one_turn():
                continue
            if until is not None and not self._waits_for_its_share(until):
                return
            self.stopping.wait(self.idle_seconds)

    def _waits_for_its_share(self, until: datetime) -> bool:
        with self.app.app_context():
            now = clock.utcnow()
            return now + timedelta(seconds=self.idle_seconds) < until and sending.is_paced(now)

    def _one_turn(self) -> int:
        with self.app.app_context():
            try:
                if not transact(self._pulse.beat, clock.utcnow()):
                    return 0
                self._sweep_now_and_then()
                self._look_around_now_and_then()
                return turn(self.stopping.is_set)
            except Exception:
                log.exception("the worker's turn failed")
                db.session.rollback()
                return 0

    def _sweep_now_and_then(self) -> None:
        now = clock.utcnow()
        if self._swept_at is None or (now - self._swept_at).total_seconds() > 600:
            transact(sweep, now)
            self._swept_at = now

    def _look_around_now_and_then(self) -> None:
        now = clock.utcnow()
        if self._looked_at is None or (now - self._looked_at).total_seconds() > LOOK_SECONDS:
            look_around()
            self._looked_at = now

    def stop(self) -> None:
        self.stopping.set()
