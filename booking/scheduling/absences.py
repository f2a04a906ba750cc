"""Time off of practitioners and rooms: what is free of it is taken, all of it is closed.

Callers give `now`, own the transaction and commit. What becomes of the sessions that stand in the
way is for the bookings' side of the house.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Resource
from booking.database import db
from booking.domain.hours_errors import AbsenceBackward, AbsenceGone, AbsenceOver, AbsenceTooLong
from booking.domain.intervals import Interval, subtract
from booking.scheduling import calendar
from booking.scheduling.calendar import LONGEST, Wanted
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff

LONGEST_ABSENCE = timedelta(days=370)


class Absence(NamedTuple):
    """Time off as it is asked for: of a practitioner or a room, `[start, end)`, for what."""

    resource_id: int
    interval: Interval
    note: str = ""


def check(interval: Interval, now: datetime) -> None:
    """Raise AbsenceBackward, AbsenceOver or AbsenceTooLong for what cannot be time off."""
    if interval.start >= interval.end:
        raise AbsenceBackward
    if interval.end <= now:
        raise AbsenceOver
    if interval.end - interval.start > LONGEST_ABSENCE:
        raise AbsenceTooLong


def begin(absence: Absence, now: datetime) -> TimeOff:
    """Write time off that takes no time yet, but is closed for openings from here on.

    Whoever calls something off that stands in the way does it after this: its time is then
    offered to nobody.
    """
    claim = Claim(kind=ClaimKind.BLOCK, created_at=now)
    db.session.add(claim)
    db.session.flush()
    time_off = TimeOff(
        resource_id=absence.resource_id,
        claim_id=claim.id,
        starts_at=absence.interval.start,
        ends_at=absence.interval.end,
        note=absence.note,
    )
    db.session.add(time_off)
    db.session.flush()
    return time_off


def cover(time_off: TimeOff, now: datetime) -> None:
    """Take whatever of the time off nobody else has: around sessions, holds, other time off.

    The caller has lined up for the resource.
    """
    claim = db.session.get_one(Claim, time_off.claim_id)
    whole = Interval(time_off.starts_at, time_off.ends_at)
    free = subtract(whole, _taken(time_off, now))
    pieces = [piece for stretch in free for piece in _days_of(stretch)]
    calendar.take_again(claim, [Wanted(time_off.resource_id, one) for one in pieces], now, None)


def _taken(time_off: TimeOff, now: datetime) -> list[Interval]:
    rows = db.session.execute(
        select(TimeClaim.starts_at, TimeClaim.ends_at)
        .join(Claim, Claim.id == TimeClaim.claim_id)
        .where(
            TimeClaim.resource_id == time_off.resource_id,
            TimeClaim.claim_id != time_off.claim_id,
            TimeClaim.starts_at < time_off.ends_at,
            TimeClaim.starts_at > time_off.starts_at - LONGEST,
            TimeClaim.ends_at > time_off.starts_at,
            or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > now),
        )
    )
    return [Interval(starts_at, ends_at) for starts_at, ends_at in rows]


def _days_of(stretch: Interval) -> list[Interval]:
    """Cut a stretch into pieces that a claim can hold."""
    pieces = []
    start = stretch.start
    while start < stretch.end:
        end = min(start + LONGEST, stretch.end)
        pieces.append(Interval(start, end))
        start = end
    return pieces


def find(time_off_id: int) -> TimeOff | None:
    return db.session.get(TimeOff, time_off_id)


def coming(now: datetime, resource_ids: Collection[int] | None = None) -> Sequence[TimeOff]:
    """Return the time off that is not over, in order; of some or, with None, of all."""
    query = select(TimeOff).where(TimeOff.ends_at > now)
    if resource_ids is not None:
        query = query.where(TimeOff.resource_id.in_(resource_ids))
    return db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)).all()


def remove(time_off_id: int, actor: Actor, now: datetime) -> TimeOff:
    """Give the time back. What other time off shares with it stays taken. Raises AbsenceGone."""
    time_off = find(time_off_id)
    if time_off is None:
        raise AbsenceGone
    calendar.line_up([time_off.resource_id])
    if db.session.scalar(select(TimeOff.id).where(TimeOff.id == time_off_id)) is None:
        raise AbsenceGone
    claim_id = time_off.claim_id
    db.session.delete(time_off)
    db.session.flush()
    calendar.release(claim_id)
    for other in _sharing(time_off):
        cover(other, now)
    audit.record(
        actor, f"resource:{time_off.resource_id}", "time_off_removed", now,
        start=time_off.starts_at.isoformat(), end=time_off.ends_at.isoformat(),
    )  # fmt: skip
    return time_off


def _sharing(gone: TimeOff) -> Sequence[TimeOff]:
    return db.session.scalars(
        select(TimeOff)
        .where(
            TimeOff.resource_id == gone.resource_id,
            TimeOff.starts_at < gone.ends_at,
            TimeOff.ends_at > gone.starts_at,
        )
        .order_by(TimeOff.id)
    ).all()


def resources() -> Sequence[Resource]:
    """Return all who and what can be away: practitioners first, then rooms, in order."""
    return db.session.scalars(
        select(Resource)
        .where(Resource.is_archived.is_(False))
        .order_by(Resource.kind, Resource.position, Resource.id)
    ).all()
