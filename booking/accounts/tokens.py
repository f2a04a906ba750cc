"""Links that work once. The secret is random and only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from booking.accounts.models import OneTimeToken
from booking.database import db
from booking.domain.errors import LinkSpent

SIGN_IN = "sign_in"
PASSWORD = "password"  # noqa: S105 - a purpose
ADDRESS = "address"
GUEST = "guest"
INVITATION = "invitation"

LIFETIME = {
    SIGN_IN: timedelta(minutes=30),
    PASSWORD: timedelta(minutes=30),
    ADDRESS: timedelta(hours=2),
    # Stands in a confirmation, which is read late; who has an account is not signed in by it.
    GUEST: timedelta(days=14),
    INVITATION: timedelta(days=7),
}


def minutes(purpose: str) -> int:
    """How long a link of this purpose works, in minutes."""
    return int(LIFETIME[purpose].total_seconds() // 60)


def digest(secret: str) -> str:
    """How a secret is kept: as a hash that finds its row and gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(purpose: str, email: str, about: str, now: datetime) -> str:
    """Make a token for `email` and return its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeToken(
            token_hash=digest(secret),
            purpose=purpose,
            email=email,
            about=about,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    db.session.flush()
    return secret


def _is_live(purpose: str, secret: str, now: datetime) -> tuple:
    return (
        OneTimeToken.token_hash == digest(secret),
        OneTimeToken.purpose == purpose,
        OneTimeToken.used_at.is_(None),
        OneTimeToken.expires_at > now,
    )


def peek(purpose: str, secret: str, now: datetime) -> OneTimeToken | None:
    """Return a token that could still be used, for the page with the button; uses nothing up."""
    return db.session.scalar(select(OneTimeToken).where(*_is_live(purpose, secret, now)))


def consume(purpose: str, secret: str, now: datetime) -> OneTimeToken:
    """Use a token up and return it with the address it proves. Raises LinkSpent.

    The conditional UPDATE decides between two who press at once.
    """
    used = db.session.scalar(
        update(OneTimeToken)
        .where(*_is_live(purpose, secret, now))
        .values(used_at=now)
        .returning(OneTimeToken)
    )
    if used is None:
        raise LinkSpent
    return used


def revoke(email: str, now: datetime, *purposes: str) -> None:
    """Make the links that were sent to an address useless, of these purposes or of all."""
    query = update(OneTimeToken).where(
        OneTimeToken.email == email, OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > now
    )
    if purposes:
        query = query.where(OneTimeToken.purpose.in_(purposes))
    db.session.execute(query.values(used_at=now))


def revoke_about(about: str, now: datetime) -> None:
    """Make the links about a subject useless, to whichever address they went."""
    db.session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.about == about, OneTimeToken.used_at.is_(None))
        .values(used_at=now)
    )


def forget(email: str) -> None:
    """Remove every trace of an address here: its owner has closed the account."""
    db.session.execute(delete(OneTimeToken).where(OneTimeToken.email == email))


def sweep(now: datetime) -> None:
    """Forget tokens a week after they ended."""
    db.session.execute(
        delete(OneTimeToken).where(OneTimeToken.expires_at < now - timedelta(days=7))
    )
