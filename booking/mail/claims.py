"""Taking mails out of the outbox: by one worker at a time, and never lost when it dies.

A mail is claimed by a conditional UPDATE with a lease, sent with no lock held, and then marked.
A worker that dies in between loses its lease, and the same Message-ID goes out again.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, case, or_, select, update
from sqlalchemy.engine import CursorResult

from booking.database import db
from booking.mail import lane, outbox
from booking.mail.models import MailState, OutgoingMail

LEASE = timedelta(minutes=5)
RETRY_MINUTES = (1, 2, 4, 8, 15, 30, 60)
# A mail that ends the worker each time is not taken for ever.
MOST_TRIES = len(RETRY_MINUTES) + 1


def is_due(now: datetime) -> bool:
    """Tell whether there is a mail to send, without taking it: whether to connect at all."""
    return db.session.scalar(_due(now)) is not None


def _due(now: datetime) -> Select[int]:
    return (
        select(OutgoingMail.id)
        .where(
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.due_at <= now,
            OutgoingMail.void_reason.is_(None),
            outbox.is_useful(now),
            OutgoingMail.attempts < MOST_TRIES,
            ~lane.is_closed(now),
        )
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
    )


def claim_next(now: datetime) -> OutgoingMail | None:
    """Take the mail that has waited longest, under a lease; None when nothing is due.

    Two workers never get the same row: the UPDATE asks again for what the SELECT saw.
    """
    found = db.session.scalar(_due(now).with_for_update(skip_locked=True, of=OutgoingMail))
    if found is None:
        return None
    result = db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == found,
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.due_at <= now,
        )
        .values(
            lease=secrets.token_hex(16),
            due_at=now + LEASE,
            attempts=OutgoingMail.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return db.session.get(OutgoingMail, found, populate_existing=True) if _count(result) else None


def mark_sent(mail_id: int, lease: str, now: datetime) -> None:
    """The server has taken it, whatever became of the row, and of the lease, meanwhile."""
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == mail_id,
            or_(OutgoingMail.lease == lease, OutgoingMail.state == MailState.WAITING),
        )
        .values(state=MailState.SENT, sent_at=now, last_error=None, lease=None)
        .execution_options(synchronize_session=False)
    )


def mark_failed(mail_id: int, lease: str, reason: str) -> None:
    """The server will never take it: no further attempt, a person has to look."""
    _finish(mail_id, lease, state=MailState.FAILED, last_error=reason)


def mark_retry(
    mail_id: int,
    lease: str,
    attempts: int,
    reason: str,
    now: datetime,
    most: int = len(RETRY_MINUTES),
) -> None:
    """Try again after the next delay of the table, or park it after `most` more tries."""
    if attempts > most:
        _finish(mail_id, lease, state=MailState.PARKED, last_error=reason)
        return
    is_void = OutgoingMail.void_reason.is_not(None)
    _finish(
        mail_id,
        lease,
        state=case((is_void, MailState.VOID), else_=MailState.WAITING),
        due_at=now + timedelta(minutes=RETRY_MINUTES[attempts - 1]),
        last_error=reason,
    )


def release(mail_id: int, lease: str, reason: str, until: datetime) -> None:
    """Give a mail back that was never really offered: the try does not count."""
    is_void = OutgoingMail.void_reason.is_not(None)
    _finish(
        mail_id,
        lease,
        state=case((is_void, MailState.VOID), else_=MailState.WAITING),
        attempts=OutgoingMail.attempts - 1,
        due_at=until,
        last_error=reason,
    )


def drop(mail_id: int, lease: str, reason: str) -> None:
    """Close a mail that is not to be sent after all; it was not offered."""
    _finish(
        mail_id,
        lease,
        state=MailState.VOID,
        void_reason=reason,
        attempts=OutgoingMail.attempts - 1,
    )


def sweep(now: datetime) -> None:
    """Close mails that a worker which has died leaves behind: dropped ones, and deadly ones."""
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.void_reason.is_(None),
            OutgoingMail.due_at <= now,
            OutgoingMail.attempts >= MOST_TRIES,
        )
        .values(state=MailState.PARKED, lease=None, last_error="each try ended the worker")
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.void_reason.is_not(None),
            OutgoingMail.due_at <= now,
        )
        .values(state=MailState.VOID, lease=None)
        .execution_options(synchronize_session=False)
    )


def _finish(mail_id: int, lease: str, **values: object) -> None:
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.lease == lease)
        .values(lease=None, **values)
        .execution_options(synchronize_session=False)
    )


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
