"""What stands at a time that cannot be had: who is booked, which class, time off."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, or_, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db
from booking.domain.intervals import Interval
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff

LONGEST = timedelta(hours=24)


class Obstacle(NamedTuple):
    """One reason for which a practitioner's time is taken, turnover included."""

    interval: Interval
    kind: ClaimKind
    # Who is booked, the class's name, or the note of the time off; empty when there is none.
    name: str


def of(resource_id: int, wanted: Collection[Interval], now: datetime) -> list[Obstacle]:
    """Return what stands in any of the `wanted` times, in order: one select for all of them."""
    if not wanted:
        return []
    within = or_(
        *(
            and_(
                TimeClaim.starts_at < one.end,
                TimeClaim.starts_at > one.start - LONGEST,
                TimeClaim.ends_at > one.start,
            )
            for one in wanted
        )
    )
    rows = db.session.execute(
        select(
            TimeClaim.starts_at, TimeClaim.ends_at, Claim.kind,
            Person.name, ClassSeries.name, TimeOff.note,
        )
        .join(Claim, Claim.id == TimeClaim.claim_id)
        .outerjoin(Booking, Booking.claim_id == Claim.id)
        .outerjoin(Person, Person.id == Booking.person_id)
        .outerjoin(ClassSession, ClassSession.claim_id == Claim.id)
        .outerjoin(ClassSeries, ClassSeries.id == ClassSession.series_id)
        .outerjoin(TimeOff, TimeOff.claim_id == Claim.id)
        .where(
            TimeClaim.resource_id == resource_id,
            or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > now),
            within,
        )
        .order_by(TimeClaim.starts_at)
    )  # fmt: skip
    return [
        Obstacle(Interval(starts_at, ends_at), kind, next(filter(None, names), ""))
        for starts_at, ends_at, kind, *names in rows
    ]
