"""The one place that reads the clock."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def minute() -> int:
    """The minute that the clock shows, counted since 1970."""
    return int(utcnow().timestamp() // 60)
