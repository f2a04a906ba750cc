"""Changing what is said and asked of a series, and until when it goes on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import class_endings
from booking.classes import planning, seats
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db
from booking.domain.errors import EmptySeries, TermNeedsEnd
from booking.practice.models import Practice


def change_series(
    series_id: int,
    values: Mapping[str, Any],
    last_on: date | None,
    actor: Actor,
    practice: Practice,
    now: datetime,
) -> ClassSeries:
    """Change texts, prices and the last date; what is booked keeps the terms it was agreed on.

    An earlier last date calls off what is planned after it; a later one plans more. Raises
    TermNeedsEnd, EmptySeries.
    """
    series = planning.lock_series(series_id)
    if last_on is not None and last_on < series.first_on:
        raise EmptySeries
    longest = planning.LONGEST_TERM
    if values.get("term_cents") is not None and (
        last_on is None or last_on - series.first_on > longest
    ):
        raise TermNeedsEnd(weeks=longest.days // 7)
    changed = [name for name, value in values.items() if getattr(series, name) != value]
    for name in changed:
        setattr(series, name, values[name])
    if last_on != series.last_on:
        changed.append("last_on")
        _end_with(series, last_on, actor, practice, now)
    planning.extend(series, practice, now)
    audit.record(actor, series.about_row, "changed", now, fields=changed)
    return series


def _end_with(
    series: ClassSeries, last_on: date | None, actor: Actor, practice: Practice, now: datetime
) -> None:
    series.last_on = last_on
    db.session.flush()
    if last_on is None:
        return
    beyond = db.session.scalars(
        select(ClassSession.id).where(
            ClassSession.series_id == series.id,
            ClassSession.on_date > last_on,
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.starts_at > now,
        )
    )
    for session in seats.lock(beyond):
        if session.state is not SessionState.CANCELLED:
            class_endings.cancel_one(session.id, actor, practice, now)
    # What is called off stays so; a later last date plans on from there.
    series.planned_until = min(series.planned_until, last_on)
    db.session.flush()
