"""Signed-in devices as rows, so that signing out is true everywhere at once."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import contains_eager

from booking.accounts.models import Account, AccountSession
from booking.accounts.tokens import digest
from booking.database import db

# (idle, in all): a therapist's screen stands in a room with strangers, and so may a computer
# whose owner did not ask to be remembered.
SHORT_LIMITS = (timedelta(minutes=60), timedelta(hours=12))
LONG_LIMITS = (timedelta(days=14), timedelta(days=30))
# The last use is noted at most this often, so that reading pages hardly writes.
TOUCH_EVERY = timedelta(minutes=5)
# How long a proof of who one is stays good for what matters most: to open a form, and to send it.
FRESH_TO_OPEN = timedelta(minutes=15)
FRESH_TO_SEND = timedelta(minutes=60)

# Sessions that nobody has ended, with their accounts. Put together once: every page asks.
_LIVING = (
    select(AccountSession)
    .join(AccountSession.account)
    .options(contains_eager(AccountSession.account))
    .where(AccountSession.ended_at.is_(None), Account.closed_at.is_(None))
)
_BY_KEY = _LIVING.where(AccountSession.key_hash == bindparam("key_hash"))


def begin(account: Account, device: str, now: datetime, *, is_remembered: bool = True) -> str:
    """Begin a session and return its key for the cookie; only a hash of it is kept."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        AccountSession(
            key_hash=digest(key),
            account_id=account.id,
            device=device.replace("\0", "")[:200],
            created_at=now,
            last_used_at=now,
            is_remembered=is_remembered and not account.role.is_staff,
            proved_at=now,
        )
    )
    db.session.flush()
    return key


def _is_over(session: AccountSession, now: datetime) -> bool:
    is_short = session.account.role.is_staff or not session.is_remembered
    idle, whole = SHORT_LIMITS if is_short else LONG_LIMITS
    return now - session.last_used_at > idle or now - session.created_at > whole


def find(key: str, now: datetime) -> AccountSession | None:
    """Return the live session of `key`, its account loaded; None when it has ended."""
    found = db.session.scalar(_BY_KEY, {"key_hash": digest(key)})
    return None if found is None or _is_over(found, now) else found


def of_account(account_id: int, now: datetime) -> Sequence[AccountSession]:
    """Return an account's live sessions, the one used last first."""
    found = db.session.scalars(
        _LIVING.where(AccountSession.account_id == account_id).order_by(
            AccountSession.last_used_at.desc(), AccountSession.id.desc()
        )
    )
    return [session for session in found if not _is_over(session, now)]


def owner_of(session_id: int) -> int | None:
    """Return whose session this is."""
    return db.session.scalar(
        select(AccountSession.account_id).where(AccountSession.id == session_id)
    )


def _open(*conditions: object):  # noqa: ANN202 - an Update
    return update(AccountSession).where(AccountSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]


def touch(key: str, now: datetime) -> None:
    """Note that the session was used."""
    db.session.execute(_open(AccountSession.key_hash == digest(key)).values(last_used_at=now))


def renew(key: str, now: datetime, *, proved: bool = False, factor: bool = False) -> str:
    """Give a session that can do more from now on a new key, and return it.

    `proved` notes a fresh proof of who sits there, `factor` the second factor. Whoever copied the
    cookie while it could do less is left with a dead one.
    """
    new = secrets.token_urlsafe(32)
    values: dict[str, object] = {"key_hash": digest(new)}
    if proved:
        values["proved_at"] = now
    if factor:
        values["factor_at"] = now
    db.session.execute(_open(AccountSession.key_hash == digest(key)).values(**values))
    return new


def end(key: str, now: datetime) -> None:
    """End one session: its cookie is dead from now on, wherever it was copied to."""
    db.session.execute(_open(AccountSession.key_hash == digest(key)).values(ended_at=now))


def end_one(session_id: int, account_id: int, now: datetime) -> None:
    """End a session of this account by its number in the list."""
    db.session.execute(
        _open(AccountSession.id == session_id, AccountSession.account_id == account_id).values(
            ended_at=now
        )
    )


def end_all(account_id: int, now: datetime, but: str | None = None) -> None:
    """End every session of an account, `but` the one of this key.

    After a new password the old cookies are dead.
    """
    query = _open(AccountSession.account_id == account_id)
    if but:
        query = query.where(AccountSession.key_hash != digest(but))
    db.session.execute(query.values(ended_at=now))


def is_fresh(session: AccountSession, now: datetime, window: timedelta = FRESH_TO_OPEN) -> bool:
    """Tell whether the person has lately proved who they are, not merely kept a cookie."""
    return session.proved_at is not None and now - session.proved_at <= window
