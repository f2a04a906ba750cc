"""What stands at a time that cannot be had: who is booked, which class, time off."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.catalog.models import Resource
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db
from booking.domain.intervals import Interval
from booking.scheduling.calendar import LONGEST, Wanted
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff


class Obstacle(NamedTuple):
    """One reason for which a practitioner's or a room's time is taken, turnover included."""

    interval: Interval
    resource_name: str
    kind: ClaimKind
    # Who is booked, the class's name, or the note of the time off; empty when there is none.
    name: str
    # Whose session or class it is; None of anything else.
    practitioner_id: int | None


def of(wanted: Collection[Wanted], now: datetime, without: Collection[int] = ()) -> list[Obstacle]:
    """Return what has any of the `wanted` times, soonest first: one select for all of them.

    `without` names claims that do not count: those of a booking that is to be moved. What takes
    a practitioner and a room at once is named once.
    """
    if not wanted:
        return []
    within = or_(
        *(
            and_(
                TimeClaim.resource_id == one.resource_id,
                TimeClaim.starts_at < one.interval.end,
                TimeClaim.starts_at > one.interval.start - LONGEST,
                TimeClaim.ends_at > one.interval.start,
            )
            for one in wanted
        )
    )
    rows = db.session.execute(
        select(
            Claim.id, TimeClaim.starts_at, TimeClaim.ends_at, Resource.name, Claim.kind,
            func.coalesce(Booking.practitioner_id, ClassSession.practitioner_id),
            Person.name, ClassSeries.name, TimeOff.note,
        )
        .join(TimeClaim, TimeClaim.claim_id == Claim.id)
        .join(Resource, Resource.id == TimeClaim.resource_id)
        .outerjoin(Booking, Booking.claim_id == Claim.id)
        .outerjoin(Person, Person.id == Booking.person_id)
        .outerjoin(ClassSession, ClassSession.claim_id == Claim.id)
        .outerjoin(ClassSeries, ClassSeries.id == ClassSession.series_id)
        .outerjoin(TimeOff, TimeOff.claim_id == Claim.id)
        .where(
            Claim.id.not_in(without),
            or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > now),
            within,
        )
        .order_by(TimeClaim.starts_at, Resource.kind, Resource.position, Resource.id)
    )  # fmt: skip
    found: dict[tuple[int, Interval], Obstacle] = {}
    for claim_id, starts_at, ends_at, resource, kind, practitioner_id, *names in rows:
        interval, name = Interval(starts_at, ends_at), next(filter(None, names), "")
        obstacle = Obstacle(interval, resource, kind, name, practitioner_id)
        found.setdefault((claim_id, interval), obstacle)
    return list(found.values())
