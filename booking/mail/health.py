"""How the mails are doing: what waits, what is stuck, and when the worker was last at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from booking import setbacks
from booking.database import db
from booking.mail import lane, pulse
from booking.mail.claims import LEASE
from booking.mail.models import MailLane, OutgoingMail, WorkerBeat
from booking.setbacks import Setback

STOPPED = timedelta(minutes=10)
OVERDUE = timedelta(minutes=15)
# What got stuck is told of until somebody tries it again or closes it, but no longer than this.
RECENTLY = timedelta(days=7)
# In the words of the indexes over these rows alone, so that SQLite sees that they are enough.
IS_WAITING = text("outgoing_mail.state = 'waiting'")
IS_STUCK = text("outgoing_mail.state IN ('failed', 'parked')")


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the queue at `now`; instants are UTC, counts are of mails."""

    now: datetime
    waiting: int
    overdue: int  # Should have been looked at a quarter of an hour ago.
    stuck: int  # Refused for good, or given up, within a week.
    being_sent: int
    held: int  # Would have left by now, were it not for the mail server.
    last_run: datetime | None
    last_sent: datetime | None
    trouble: str | None  # What the server, or the way to it, says no with.
    trouble_since: datetime | None
    setbacks: int  # Work on which our own code fails, or failed until it was too late.

    @property
    def last_event(self) -> datetime | None:
        return max((one for one in (self.last_run, self.last_sent) if one), default=None)

    @property
    def is_clock_back(self) -> bool:
        """Whether the clock of this machine stands too far before what has happened."""
        return pulse.stands_back(self.now, self.last_event)

    @property
    def has_stopped(self) -> bool:
        """Whether no worker has been at work for ten minutes."""
        if self.being_sent:
            return False  # A slow server: a mail is in a worker's hands just now.
        return self.last_run is None or self.last_run < self.now - STOPPED

    @property
    def is_shut_out(self) -> bool:
        """Whether the mail server has served nobody for ten minutes while somebody waits.

        Such mails are not overdue: each try puts them off by some minutes.
        """
        since = self.trouble_since
        return bool(self.held and since is not None and since <= self.now - STOPPED)

    @property
    def is_ill(self) -> bool:
        """Whether somebody should be told."""
        is_held_up = self.has_stopped or self.is_shut_out or self.overdue
        return bool(self.is_clock_back or is_held_up or self.stuck or self.setbacks)


def look(now: datetime) -> Health:
    """Return how the mails are doing, in one select that reads indexes alone."""
    waits = select(func.count()).select_from(OutgoingMail).where(IS_WAITING)
    stuck = (
        select(func.count())
        .select_from(OutgoingMail)
        .where(IS_STUCK, OutgoingMail.due_at > now - RECENTLY)
    )
    being_sent = waits.where(
        OutgoingMail.due_at > now,
        OutgoingMail.due_at <= now + LEASE,
        OutgoingMail.lease.is_not(None),
    )
    found = db.session.execute(
        select(
            waits.scalar_subquery(),
            waits.where(OutgoingMail.due_at < now - OVERDUE).scalar_subquery(),
            stuck.scalar_subquery(),
            being_sent.scalar_subquery(),
            waits.where(OutgoingMail.due_at <= now + lane.LONGEST).scalar_subquery(),
            select(func.max(WorkerBeat.beat_at)).scalar_subquery(),
            select(func.max(OutgoingMail.sent_at)).scalar_subquery(),
            select(MailLane.trouble).where(MailLane.id == lane.THE_ONE).scalar_subquery(),
            select(MailLane.trouble_since).where(MailLane.id == lane.THE_ONE).scalar_subquery(),
            select(func.count(Setback.row_id)).where(setbacks.are_told(now)).scalar_subquery(),
        )
    ).one()
    return Health(now, *found)
