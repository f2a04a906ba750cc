"""The worker's heartbeat, and its refusal to run with a clock that was set back.

With a wrong clock it would remind people of the wrong hour and judge what is late wrongly. The
newest thing that has happened, a beat of any worker or a mail that left, tells how late it is at
least: who stands more than an hour before it does nothing until that is over.
"""

import logging
import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from booking.database import db
from booking.mail import lane
from booking.mail.models import MailState, OutgoingMail, WorkerBeat

log = logging.getLogger(__name__)

# A beat is written at most this often, and a refusal said so.
APART = timedelta(seconds=30)
SAID_AGAIN = timedelta(minutes=10)
# Machines differ by seconds or minutes, and that harms nobody.
TOLERANCE = timedelta(hours=1)
KEPT = timedelta(days=1)


def last_event() -> datetime | None:
    """Return the instant of the newest beat or sent mail, None when nothing has happened yet."""
    newest = db.session.execute(
        select(
            select(func.max(WorkerBeat.beat_at)).scalar_subquery(),
            select(func.max(OutgoingMail.sent_at)).scalar_subquery(),
        )
    ).one()
    return max((one for one in newest if one is not None), default=None)


def stands_back(now: datetime, event: datetime | None) -> bool:
    """Tell whether a clock that shows `now` stands too far before what has happened."""
    return event is not None and now < event - TOLERANCE


def beats() -> Sequence[WorkerBeat]:
    """Return the workers of the last day, who was at work last first."""
    return db.session.scalars(select(WorkerBeat).order_by(WorkerBeat.beat_at.desc())).all()


def trust_clock(now: datetime) -> None:
    """Take this clock's word: what is written down as later than `now` happened now at the latest.

    For when the clock ran ahead for a while and is right again.
    """
    db.session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at > now))
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.sent_at > now)
        .values(sent_at=now)
        .execution_options(synchronize_session=False)
    )
    # A lease and the pause after a try are shorter than this: it was put off by that clock.
    too_late = OutgoingMail.due_at > now + TOLERANCE
    was_offered = or_(OutgoingMail.lease.is_not(None), OutgoingMail.last_error.is_not(None))
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.state == MailState.WAITING, too_late, was_offered)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
    lane.trust_clock(now)


class Pulse:
    """The heartbeat of one worker."""

    def __init__(self, name: str | None = None):
        self.name = (name or f"{socket.gethostname()}:{os.getpid()}")[-120:]
        self._written_at: datetime | None = None
        self._said_at: datetime | None = None

    def beat(self, now: datetime) -> bool:
        """Note that this worker is at work; False when its clock stands back: do nothing then."""
        event = last_event()
        if event is not None and stands_back(now, event):
            self._refuse(event, now)
            return False
        if self._said_at is not None:
            log.warning("the clock is right again: mails are sent")
        if self._said_at is not None or _is_ago(self._written_at, APART, now):
            self._write(now)
            self._written_at = now
        self._said_at = None
        return True

    def _refuse(self, event: datetime, now: datetime) -> None:
        if not _is_ago(self._said_at, SAID_AGAIN, now):
            return
        log.error("%s", behind_words(event, now))
        self._write(now, is_refusing=True)
        self._said_at = now

    def _write(self, now: datetime, *, is_refusing: bool = False) -> None:
        row = db.session.get(WorkerBeat, self.name, with_for_update=True)
        if row is None:
            row = WorkerBeat(name=self.name, beat_at=now)
            db.session.add(row)
        if not is_refusing:  # What it did before counts while it does nothing.
            row.beat_at = now
        row.refused_at = now if is_refusing else None
        db.session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < now - KEPT))


def behind_words(event: datetime, now: datetime) -> str:
    """Say for the log and the command line why nothing is sent."""
    return (
        f"The clock shows {now:%Y-%m-%d %H:%M} UTC, but something happened at "
        f"{event:%Y-%m-%d %H:%M} UTC already: no mail is sent until the clock is right. If it is "
        "right, say so: flask worker --clock-is-right"
    )


def _is_ago(moment: datetime | None, length: timedelta, now: datetime) -> bool:
    """Tell whether it is long enough ago, or the clock was moved meanwhile."""
    return moment is None or not moment <= now < moment + length
