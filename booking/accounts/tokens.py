"""Links that work once. The secret is random and only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from booking.accounts.models import OneTimeToken
from booking.database import db
from booking.domain.errors import LinkSpent

SIGN_IN = "sign_in"
LIFETIME = {SIGN_IN: timedelta(minutes=30)}


def digest(secret: str) -> str:
    """How a secret is kept: as a hash that finds its row and gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(purpose: str, email: str, now: datetime) -> str:
    """Make a token for `email` and return its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeToken(
            token_hash=digest(secret),
            purpose=purpose,
            email=email,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    db.session.flush()
    return secret


def consume(purpose: str, secret: str, now: datetime) -> str:
    """Use a token up and return the address it proves. Raises LinkSpent.

    The conditional UPDATE decides between two who press at once.
    """
    email = db.session.scalar(
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == digest(secret),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeToken.email)
    )
    if email is None:
        raise LinkSpent
    return email


def sweep(now: datetime) -> None:
    """Forget tokens a week after they ended."""
    db.session.execute(
        delete(OneTimeToken).where(OneTimeToken.expires_at < now - timedelta(days=7))
    )
