"""The practice row, read once a session."""

from sqlalchemy import select

from booking.database import db
from booking.practice.models import Practice

# Put together once: every page asks.
_ROW = select(Practice).where(Practice.id == 1)


def current() -> Practice:
    """Return the practice; a new installation gets one with sensible defaults, unsaved.

    One select in each database session at the most: the identity map alone would let go of the
    row as soon as nobody holds it, so the session keeps it.
    """
    kept = db.session.info.get("practice")
    if kept is None:
        kept = db.session.scalar(_ROW) or Practice(**_defaults())
        db.session.info["practice"] = kept
    return kept


def _defaults() -> dict:
    """Spell out the column defaults, which a row only gets when it is written."""
    defaults = {"id": 1, "name": "Our studio"}
    for column in Practice.__table__.columns:
        default = column.default
        if default is not None and column.name not in defaults:
            defaults[column.name] = default.arg(None) if default.is_callable else default.arg
    return defaults
