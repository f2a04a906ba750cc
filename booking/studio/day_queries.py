"""What the list of a day says of each client: whether they are new, and what was last time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from booking.bookings.models import Booking, Status
from booking.database import db
from booking.domain.intervals import Interval
from booking.scheduling.calendar import LONGEST
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff

CAME = (Status.BOOKED, Status.ARRIVED)


@dataclass(frozen=True, slots=True)
class LastTime:
    """A client's last session with somebody whose notes who looks may read."""

    booking_id: int
    starts_at: datetime
    service_name: str
    done: str


@dataclass(frozen=True, slots=True)
class Past:
    is_new: bool
    last: LastTime | None


def past_of(booking_ids: Iterable[int], only_with: int | None, now: datetime) -> dict[int, Past]:
    """Return what was before each of these bookings, in one select.

    `only_with` is the practitioner whose sessions may be read; None reads everybody's.
    """
    this, other, before = aliased(Booking), aliased(Booking), aliased(Booking)
    last_id = (
        select(other.id)
        .where(
            other.person_id == this.person_id,
            other.starts_at < this.starts_at,
            other.starts_at < now,
            other.class_session_id.is_(None),
            other.status.in_(CAME),
        )
        .order_by(other.starts_at.desc(), other.id.desc())
        .limit(1)
    )
    if only_with is not None:
        last_id = last_id.where(other.practitioner_id == only_with)
    earlier = aliased(Booking)
    has_been = (
        select(earlier.id)
        .where(
            earlier.person_id == this.person_id,
            earlier.starts_at < this.starts_at,
            earlier.status.in_(CAME),
        )
        .correlate(this)
        .exists()
    )
    rows = db.session.execute(
        select(this.id, has_been, before.id, before.starts_at, before.service_name, before.done)
        .outerjoin(before, before.id == last_id.correlate(this).scalar_subquery())
        .where(this.id.in_(list(booking_ids)))
    )
    return {
        row[0]: Past(not row[1], LastTime(*row[2:]) if row[2] is not None else None) for row in rows
    }


@dataclass(frozen=True, slots=True)
class Taken:
    """Time `[start, end)` of a practitioner that is taken, turnover included."""

    interval: Interval
    is_off: bool
    note: str


def taken_of(practitioner_id: int, window: Interval, now: datetime) -> list[Taken]:
    """Return what of a practitioner's time is taken within the window, in order."""
    rows = db.session.execute(
        select(TimeClaim.starts_at, TimeClaim.ends_at, Claim.kind, TimeOff.note)
        .join(Claim, Claim.id == TimeClaim.claim_id)
        .outerjoin(TimeOff, TimeOff.claim_id == Claim.id)
        .where(
            TimeClaim.resource_id == practitioner_id,
            TimeClaim.starts_at < window.end,
            TimeClaim.starts_at > window.start - LONGEST,
            TimeClaim.ends_at > window.start,
            (Claim.kind != ClaimKind.HOLD) | (Claim.expires_at > now),
        )
        .order_by(TimeClaim.starts_at)
    )
    return [
        Taken(Interval(start, end), kind is ClaimKind.BLOCK, note or "")
        for start, end, kind, note in rows
    ]
