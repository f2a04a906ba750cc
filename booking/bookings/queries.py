"""Reading bookings for the pages that show them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking.accounts.models import Account, Person
from booking.bookings.models import Booking, Status
from booking.catalog.models import Service
from booking.classes.models import ClassSession
from booking.database import db
from booking.domain.intervals import Interval

SHOWN = (
    joinedload(Booking.person).joinedload(Person.account),
    joinedload(Booking.practitioner),
    joinedload(Booking.room),
    joinedload(Booking.service).joinedload(Service.category),
    joinedload(Booking.option),
    joinedload(Booking.class_session).joinedload(ClassSession.series),
    joinedload(Booking.enrolment),
    joinedload(Booking.repeat),
)

# The holder of a client's account is who is called.
WITH_FAMILY = (joinedload(Booking.person).joinedload(Person.account).selectinload(Account.persons),)


def find(booking_id: int) -> Booking | None:
    """Return a booking with all that its page shows, in one select."""
    return db.session.scalar(select(Booking).where(Booking.id == booking_id).options(*SHOWN))


def upcoming_of(account_id: int, now: datetime) -> list[Booking]:
    """Return what is agreed and ahead for everybody under the account, soonest first."""
    return list(
        db.session.scalars(
            _of(account_id)
            .where(Booking.ends_at > now, Booking.status == Status.BOOKED)
            .order_by(Booking.starts_at)
        )
    )


def past_of(account_id: int, now: datetime, limit: int = 50) -> list[Booking]:
    """Return what is over or was called off, latest first; what was undone is left out."""
    return list(
        db.session.scalars(
            _of(account_id)
            .where(
                (Booking.ends_at <= now) | (Booking.status != Status.BOOKED),
                Booking.status != Status.UNDONE,
            )
            .order_by(Booking.starts_at.desc())
            .limit(limit)
        )
    )


def _of(account_id: int):  # noqa: ANN202 - a Select of Booking
    return (
        select(Booking).join(Booking.person).where(Person.account_id == account_id).options(*SHOWN)
    )


def on_day(day: Interval, practitioner_id: int | None) -> list[Booking]:
    """Return a day's own sessions in order of time, of one practitioner or of all."""
    query = (
        select(Booking)
        .where(
            Booking.starts_at >= day.start,
            Booking.starts_at < day.end,
            Booking.status != Status.UNDONE,
            Booking.class_session_id.is_(None),
        )
        .options(*SHOWN, *WITH_FAMILY)
        .order_by(Booking.starts_at, Booking.id)
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return list(db.session.scalars(query))


def has_agreed(account_id: int, policy_version: int) -> bool:
    """Tell whether somebody under the account has agreed to this version of the policy."""
    return bool(
        db.session.scalar(
            select(
                select(Booking.id)
                .where(Booking.booked_by_id == account_id, Booking.policy_version == policy_version)
                .exists()
            )
        )
    )


def last_person(account_id: int, service_id: int) -> int | None:
    """Return whom under the account this service was last booked for."""
    return db.session.scalar(
        select(Booking.person_id)
        .join(Booking.person)
        .where(Person.account_id == account_id, Booking.service_id == service_id)
        .order_by(Booking.id.desc())
        .limit(1)
    )
