"""How often is too often, counted in our own database so that all processes count together."""

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import BigInteger, Connection, Float, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from booking import clock
from booking.columns import CleanText
from booking.database import Model, db, in_line
from booking.web.fields import LONGEST_ADDRESS


class LimitCount(Model):
    """How often something was tried in a window that ends at `expires` (seconds since 1970)."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(CleanText(200), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[float] = mapped_column(Float, index=True)


COUNT = text(
    """
    INSERT INTO limit_count (key, count, expires) VALUES (:key, :amount, :expires)
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN limit_count.expires <= :now THEN :amount
                   ELSE limit_count.count + :amount END,
      expires = CASE WHEN limit_count.expires <= :now THEN :expires
                     ELSE limit_count.expires END
    RETURNING count
    """
)
# SQLite's number for writing to the disk at checkpoints alone.
NORMAL = 1
# A count that a power cut takes back harms nobody, so nobody waits for the disk on its account.
COUNT_SOON = text(COUNT.text + ", set_config('synchronous_commit', 'off', true)")


def _now() -> float:
    return clock.utcnow().timestamp()


@contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """Let SQLite write what is committed in the block to the disk with somebody's next commit."""
    driver: Any = connection.connection.dbapi_connection
    ((before,),) = driver.execute("PRAGMA synchronous")
    driver.execute(f"PRAGMA synchronous={min(before, NORMAL)}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA synchronous={before}")


class SQLStorage(Storage):
    """Storage for Flask-Limiter on a connection of its own, outside the request's transaction."""

    STORAGE_SCHEME = ["booking-sql"]  # noqa: RUF012 - the base class reads a list

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = _now()
        values = {"key": key[:200], "amount": amount, "expires": now + expiry, "now": now}
        # Limits are counted before the request does anything, so no read stands open here that
        # this write could wait for.
        db.session.rollback()
        is_sqlite = db.engine.dialect.name == "sqlite"
        with (
            in_line(),
            db.engine.connect().execution_options(begin_immediate=True) as connection,
            _unhurried(connection) if is_sqlite else nullcontext(),
            connection.begin(),
        ):
            found = connection.execute(COUNT if is_sqlite else COUNT_SOON, values)
            return found.scalars().one()

    def get(self, key: str) -> int:
        with db.engine.connect() as connection:
            found = connection.execute(
                select(LimitCount.count).where(
                    LimitCount.key == key[:200], LimitCount.expires > _now()
                )
            ).scalar()
        return found or 0

    def get_expiry(self, key: str) -> float:
        with db.engine.connect() as connection:
            found = connection.execute(
                select(LimitCount.expires).where(LimitCount.key == key[:200])
            ).scalar()
        return found or _now()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return self._delete()

    def clear(self, key: str) -> None:
        self._delete(LimitCount.key == key[:200])

    def _delete(self, *conditions: Any) -> int:
        with (
            db.engine.connect().execution_options(begin_immediate=True) as connection,
            connection.begin(),
        ):
            return connection.execute(delete(LimitCount).where(*conditions)).rowcount


def sweep(now_seconds: float) -> None:
    """Forget windows that have ended."""
    db.session.execute(delete(LimitCount).where(LimitCount.expires < now_seconds))


def address_typed() -> str:
    """The account behind the address in the form, however it is spelt.

    A hash of it: keys are kept, and personal data only where needed.
    """
    # Composing a long run of accents is slow work, and no address is that long (RFC 5321).
    typed = request.form.get("email", "").strip()[:LONGEST_ADDRESS]
    # What is no address is counted as it was typed; the form refuses it anyway.
    with contextlib.suppress(EmailNotValidError):
        typed = validate_email(typed, check_deliverability=False).normalized
    return hashed_address(typed)


def hashed_address(address: str) -> str:
    """Return the key under which what is done with an address counts."""
    return "mail:" + hashlib.sha256(address.lower().encode("utf-8", "replace")).hexdigest()


# Seconds; a Redis that takes calls and never answers must not hold anybody up.
REDIS_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}

limiter = Limiter(get_remote_address, strategy="fixed-window")


def init_app(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    # A Redis that is away must not close the site: each process counts alone until it is back.
    is_redis = app.config["RATELIMIT_STORAGE_URI"].startswith("redis")
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = is_redis
    if is_redis:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = REDIS_PATIENCE
    limiter.init_app(app)
