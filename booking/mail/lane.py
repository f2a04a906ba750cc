"""The way out as all workers share it: closed while the server is away, and no faster than set."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, text, update

from booking.database import db
from booking.domain.pace import next_free
from booking.mail.models import MailLane

THE_ONE = 1
# How long nothing is offered after the first trouble, the second in a row, and so on.
CLOSED_MINUTES = (1, 2, 4, 5)
LONGEST = timedelta(minutes=CLOSED_MINUTES[-1])
MAKE = text(
    "INSERT INTO mail_lane (id, trouble, troubles) VALUES (1, '', 0) ON CONFLICT (id) DO NOTHING"
)


def state() -> MailLane | None:
    """Return what is known of the way out; None when there never was anything to say."""
    return db.session.get(MailLane, THE_ONE, populate_existing=True)


def is_closed(now: datetime) -> ColumnElement[bool]:
    """A condition: nothing is offered to the server just now.

    What is closed for longer than it ever is was closed by a clock that ran ahead.
    """
    return (
        select(MailLane.id)
        .where(
            MailLane.id == THE_ONE,
            MailLane.closed_until > now,
            MailLane.closed_until <= now + 2 * LONGEST,
        )
        .exists()
    )


def close(reason: str, now: datetime) -> datetime:
    """Offer nothing for a while; return until when. Several workers close it once."""
    lane = _locked()
    if lane.closed_until is not None and now < lane.closed_until <= now + 2 * LONGEST:
        return lane.closed_until
    minutes = CLOSED_MINUTES[min(lane.troubles, len(CLOSED_MINUTES) - 1)]
    lane.troubles += 1
    lane.trouble, lane.trouble_since = reason, lane.trouble_since or now
    until = now + timedelta(minutes=minutes)
    lane.closed_until = until
    return until


def is_well() -> bool:
    """Tell whether the server has answered for a mail since there was trouble, or never had any."""
    lane = state()
    return lane is None or lane.troubles == 0


def open_again() -> None:
    """All is well: the server has answered for a mail."""
    db.session.execute(
        update(MailLane)
        .where(MailLane.id == THE_ONE, MailLane.troubles > 0)
        .values(closed_until=None, trouble="", trouble_since=None, troubles=0)
        .execution_options(synchronize_session=False)
    )


def trust_clock(now: datetime) -> None:
    """Open the way out, and let the rate begin anew, where a clock wrote that ran ahead."""
    db.session.execute(
        update(MailLane)
        .where(MailLane.id == THE_ONE, MailLane.trouble_since > now)
        .values(trouble_since=now)
        .execution_options(synchronize_session=False)
    )
    for moment in (MailLane.closed_until, MailLane.free_at):
        db.session.execute(
            update(MailLane)
            .where(MailLane.id == THE_ONE, moment > now)
            .values({moment: None})
            .execution_options(synchronize_session=False)
        )


def is_free(per_minute: int, now: datetime, *, lock: bool = False) -> bool:
    """Tell whether the rate lets a mail leave now; with `lock` nobody else finds that meanwhile."""
    lane = _locked() if lock else state()
    return next_free(lane.free_at if lane else None, per_minute, now) is not None


def take_share(per_minute: int, now: datetime) -> None:
    """Count a mail that leaves now."""
    lane = _locked()
    lane.free_at = next_free(lane.free_at, per_minute, now)


def _locked() -> MailLane:
    db.session.execute(MAKE)
    return db.session.get_one(MailLane, THE_ONE, with_for_update=True, populate_existing=True)
