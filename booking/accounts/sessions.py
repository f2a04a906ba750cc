"""Signed-in devices as rows, so that signing out is true everywhere at once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from booking.accounts.models import Account, AccountSession
from booking.accounts.tokens import digest
from booking.database import db

# (idle, in all), by role: a therapist's screen stands in a room with strangers.
STAFF_LIMITS = (timedelta(minutes=60), timedelta(hours=12))
CLIENT_LIMITS = (timedelta(days=14), timedelta(days=30))
# The last use is noted at most this often, so that reading pages hardly writes.
TOUCH_EVERY = timedelta(minutes=5)


def begin(account: Account, device: str, now: datetime) -> str:
    """Begin a session and return its key for the cookie; only a hash of it is kept."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        AccountSession(
            key_hash=digest(key),
            account_id=account.id,
            device=device.replace("\0", "")[:200],
            created_at=now,
            last_used_at=now,
        )
    )
    db.session.flush()
    return key


def find(key: str, now: datetime) -> AccountSession | None:
    """Return the live session of `key`, its account loaded; None when it has ended."""
    found = db.session.scalar(
        select(AccountSession)
        .join(AccountSession.account)
        .where(AccountSession.key_hash == digest(key), AccountSession.ended_at.is_(None))
    )
    if found is None or found.account.is_closed:
        return None
    idle, whole = STAFF_LIMITS if found.account.role.is_staff else CLIENT_LIMITS
    is_over = now - found.last_used_at > idle or now - found.created_at > whole
    return None if is_over else found


def touch(key: str, now: datetime) -> None:
    """Note that the session was used."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.key_hash == digest(key), AccountSession.ended_at.is_(None))
        .values(last_used_at=now)
    )


def end(key: str, now: datetime) -> None:
    """End one session: its cookie is dead from now on, wherever it was copied to."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.key_hash == digest(key), AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(account_id: int, now: datetime) -> None:
    """End every session of an account: after a new password the old cookies are dead."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )
