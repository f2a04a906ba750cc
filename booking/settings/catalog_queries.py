"""What depends on a service, a practitioner or a room: asked before one is archived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.catalog import desk_queries
from booking.catalog.changes import Kept
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db
from booking.scheduling.models import OpeningHours


@dataclass(frozen=True, slots=True)
class Uses:
    """What is still to come of something, and what would no longer be offered without it."""

    bookings: int
    classes: int
    waiting: int
    series: Sequence[ClassSeries]  # Those that go on.
    alone: Sequence[Service]  # Services that nobody else gives, or that no other room is for.


# By model: the columns of a booking, of a class and of its series that name a row of it.
NAMED_BY: dict[type[Any], tuple[Any, Any, Any]] = {
    Service: (Booking.service_id, ClassSeries.service_id, ClassSeries.service_id),
    Practitioner: (
        Booking.practitioner_id, ClassSession.practitioner_id, ClassSeries.practitioner_id,
    ),
    Room: (Booking.room_id, ClassSession.room_id, ClassSeries.room_id),
}  # fmt: skip


def uses_of(row: Kept, today: date, now: datetime) -> Uses | None:
    """Return what depends on a row from `now` on; None for a kind of work, which has no time."""
    if isinstance(row, Category):
        return None
    of_booking, of_session, of_series = NAMED_BY[type(row)]
    bookings, classes, waiting = db.session.execute(
        select(
            _bookings(of_booking == row.id, now).scalar_subquery(),
            _classes(of_session == row.id, now).scalar_subquery(),
            _waiting(row.id if isinstance(row, Service) else 0).scalar_subquery(),
        )
    ).one()
    return Uses(
        bookings=bookings,
        classes=classes,
        waiting=waiting,
        series=_going_on(of_series == row.id, today),
        alone=[] if isinstance(row, Service) else desk_queries.only_one(row),
    )


def _bookings(whose: Any, now: datetime) -> Any:
    """Count the sessions of one's own that are still to come."""
    return select(func.count(Booking.id)).where(
        whose,
        Booking.class_session_id.is_(None),
        Booking.status.in_([Status.BOOKED, Status.REQUESTED]),
        Booking.starts_at > now,
    )


def _classes(whose: Any, now: datetime) -> Any:
    return (
        select(func.count(ClassSession.id))
        .join(ClassSession.series)
        .where(whose, ClassSession.state == SessionState.PLANNED, ClassSession.starts_at > now)
    )


def _waiting(service_id: int) -> Any:
    """Count who waits for a time of one's own."""
    return (
        select(func.count(WaitlistEntry.id))
        .join(ServiceOption, ServiceOption.id == WaitlistEntry.option_id)
        .where(
            ServiceOption.service_id == service_id,
            WaitlistEntry.state.in_([Waits.WAITING, Waits.OFFERED]),
        )
    )


def _going_on(whose: Any, today: date) -> Sequence[ClassSeries]:
    return db.session.scalars(
        select(ClassSeries)
        .where(whose, or_(ClassSeries.last_on.is_(None), ClassSeries.last_on >= today))
        .options(joinedload(ClassSeries.practitioner))
        .order_by(ClassSeries.name, ClassSeries.id)
    ).all()


def classes_in(room_id: int, today: date) -> list[str]:
    """Return the names of the classes that go on in a room."""
    return [one.name for one in _going_on(ClassSeries.room_id == room_id, today)]


def with_hours(today: date) -> set[int]:
    """Return the ids of the practitioners who have opening hours that have not ended."""
    return set(
        db.session.scalars(
            select(OpeningHours.practitioner_id)
            .where(or_(OpeningHours.valid_until.is_(None), OpeningHours.valid_until >= today))
            .distinct()
        )
    )
