"""Background work: reminders that are due, mails that wait, and sweeping up.

One turn does one thing after the other and says how much it did; the loop repeats it until it
is told to stop. Any number of workers may run at once.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app

from booking import clock
from booking.accounts import tokens
from booking.accounts.links import one_time_url
from booking.bookings import approvals, follow_ups, holds, reminders, times, waiting
from booking.classes import planning
from booking.clients import importing, merging
from booking.database import db, transact
from booking.mail import lateness, outbox, smtp, whose
from booking.mail.models import OutgoingMail
from booking.mail.pulse import Pulse
from booking.mail.smtp import FinalProblem, MailProblem, TemporaryProblem
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.studio import sheets
from booking.web import limits

log = logging.getLogger(__name__)

IDLE_SECONDS = 5
# How often the calendar is looked through for those who wait. What is cancelled reaches them at
# once; this finds what became free in another way, an undone move or longer hours.
LOOK_SECONDS = 60
# How many things one turn does before it looks whether it should stop.
BATCH = 100
# A mail that our own code fails on is parked sooner than one that a server puts off.
POISONED_TRIES = 4


def turn() -> int:
    """Do what is due, each thing in a transaction of its own; return how many things."""
    return (
        _repeat(_guarded("what is late", lateness.settle))
        + _repeat(_guarded("an offer", waiting.expire_next, waiting.put_off))
        + _repeat(_guarded("a line", waiting.end_next))
        + _repeat(_guarded("a request", approvals.lapse_next))
        + _repeat(_guarded("a new plan of reminders", reminders.replan_next))
        + _repeat(lambda: _remind(clock.utcnow()))
        + _repeat(_guarded("what follows a session", follow_ups.handle_next, follow_ups.put_off))
        + _repeat(_guarded("a morning's sheet", sheets.write_next, sheets.put_off))
        + _repeat(_send)
    )


def _guarded(
    what: str,
    step: Callable[[Practice, datetime], bool],
    put_off: Callable[[datetime], None] | None = None,
) -> Callable[[], bool]:
    """One step in a transaction of its own, whose failure holds up nothing else.

    With `put_off` it is tried again later, and the others have their turn before.
    """

    def run() -> bool:
        try:
            return transact(lambda: step(practice.current(), clock.utcnow()))
        except Exception:
            log.exception("%s failed", what)
            db.session.rollback()
            if put_off is None:
                return False
            transact(put_off, clock.utcnow())
            return True

    return run


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


def _remind(now: datetime) -> bool:
    try:
        return transact(lambda: reminders.handle_next(practice.current(), now))
    except Exception:
        # Put off, so that neither the other reminders nor the mails wait for this one.
        log.exception("a reminder failed")
        db.session.rollback()
        transact(reminders.put_off, now)
        return True


def _send() -> bool:
    """Claim one mail, send it with no lock held, and note how it went."""
    mail = transact(outbox.claim_next, clock.utcnow())
    if mail is None:
        return False
    mail_id, lease, attempts = mail.id, mail.lease or "", mail.attempts
    try:
        _hand_over(mail, clock.utcnow())
    except FinalProblem as problem:
        log.warning("mail %s refused for good: %s", mail_id, problem)
        transact(outbox.mark_failed, mail_id, lease, str(problem))
    except Exception as problem:  # noqa: BLE001 - a poisoned row must not hold up the others
        log.warning("mail %s put off: %s", mail_id, problem)
        is_known = isinstance(problem, MailProblem)
        reason = str(problem) if is_known else repr(problem)
        tries = len(outbox.RETRY_MINUTES) if is_known else POISONED_TRIES
        db.session.rollback()
        transact(outbox.mark_retry, mail_id, lease, attempts, reason, clock.utcnow(), tries)
    else:
        transact(outbox.mark_sent, mail_id, lease, clock.utcnow())
    return True


def _hand_over(mail: OutgoingMail, now: datetime) -> None:
    settings, studio = current_app.config, practice.current()
    sender, sender_name = settings["MAIL_FROM"], studio.sender_name or studio.name
    reply_to = studio.reply_to
    message = smtp.compose(mail, sender, sender_name, now, _one_time_link(mail, now), reply_to)
    db.session.rollback()  # Nothing is held while the network is slow.
    if settings["SMTP_URL"]:
        smtp.deliver(message, settings["SMTP_URL"])
    else:
        smtp.write_file(message, Path(settings["INSTANCE_PATH"]) / "mail", now)


def _one_time_link(mail: OutgoingMail, now: datetime) -> str | None:
    """Make the link a mail needs at the moment it leaves: its secret is kept nowhere."""
    if mail.token_purpose is None:
        return None
    mail_id, address, purpose, about = mail.id, mail.to_address, mail.token_purpose, mail.about

    def issue() -> str:
        if outbox.is_dropped(mail_id):
            raise TemporaryProblem("dropped while it was being sent")
        return tokens.issue(purpose, address, about, now)

    secret = transact(issue)
    db.session.get_one(OutgoingMail, mail_id)  # Read again: the commit let go of it.
    return one_time_url(purpose, secret)


def sweep(now: datetime) -> None:
    """Clear away what has ended: holds, tokens, limits, mails nobody will send."""
    calendar.sweep(now)
    holds.sweep(now)
    tokens.sweep(now)
    importing.sweep(now)
    merging.sweep(now)
    outbox.sweep(now)
    whose.erase(now)
    limits.sweep(now.timestamp())


class Loop:
    """Turns until told to stop; a turn that fails is logged and tried again later."""

    def __init__(self, app: Flask, idle_seconds: float = IDLE_SECONDS):
        self.app = app
        self.idle_seconds = idle_seconds
        self.stopping = threading.Event()
        self._swept_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._pulse = Pulse()

    def run(self) -> None:
        while not self.stopping.is_set():
            done = self._one_turn()
            if not done:
                self.stopping.wait(self.idle_seconds)

    def _one_turn(self) -> int:
        with self.app.app_context():
            try:
                if not transact(self._pulse.beat, clock.utcnow()):
                    return 0
                self._sweep_now_and_then()
                self._look_around_now_and_then()
                return turn()
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
