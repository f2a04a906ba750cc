"""The terms a booking is agreed on: its time, its deadlines and what it takes of the calendar."""

from datetime import datetime

from sqlalchemy import bindparam, select, text

from booking.accounts.audit import Actor
from booking.bookings.models import Booking, Status
from booking.classes import seats
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain import policies
from booking.domain.availability import MINUTE
from booking.domain.errors import NotLive
from booking.domain.slots import Demand
from booking.practice.models import Practice
from booking.scheduling import calendar

_NOTE = text("""
    INSERT INTO agreed_time (booking_id, revision, starts_at, practitioner_id, is_own_doing)
    VALUES (:booking_id, :revision, :starts_at, :practitioner_id, :is_own_doing)
    ON CONFLICT (booking_id, revision) DO UPDATE SET starts_at = excluded.starts_at,
        practitioner_id = excluded.practitioner_id, is_own_doing = excluded.is_own_doing
""").bindparams(bindparam("starts_at", type_=UTCDateTime()))


def set_time(booking: Booking, start: datetime, minutes: int, practice: Practice) -> None:
    booking.starts_at = start
    booking.ends_at = start + minutes * MINUTE
    booking.zone_name = practice.zone_name
    booking.local_start = start.astimezone(practice.zone).replace(tzinfo=None)


def note_time(booking: Booking, actor: Actor | None = None) -> None:
    """Keep what is agreed at this revision, so that later mails know what earlier ones told.

    A practitioner who has made it so needs no mail to know it.
    """
    agreed = {
        "booking_id": booking.id,
        "revision": booking.revision,
        "starts_at": booking.starts_at,
        "practitioner_id": booking.practitioner_id,
        "is_own_doing": is_own_doing(booking, actor),
    }
    db.session.execute(_NOTE, agreed)


def is_own_doing(booking: Booking, actor: Actor | None) -> bool:
    """Tell whether who acts is the practitioner themselves."""
    if actor is None or not actor.is_staff or actor.account_id is None:
        return False
    return actor.account_id == booking.practitioner.account_id


def class_deadline(start: datetime, practice: Practice) -> datetime:
    """Return until when a place in a class may be cancelled free of charge."""
    return policies.earlier(start, practice.class_cancel_minutes, practice.zone)


def deadlines(start: datetime, practice: Practice) -> tuple[datetime, datetime]:
    """Return until when a session of one's own may be cancelled free of charge and moved."""
    policy = practice.policy
    return (
        policies.earlier(start, policy.cancel_minutes, practice.zone),
        policies.earlier(start, policy.move_minutes, practice.zone),
    )


def demand(booking: Booking) -> Demand:
    """What the booking takes as it was agreed, whatever the catalog says today."""
    return Demand(
        booking.minutes,
        booking.before_minutes,
        booking.after_minutes,
        is_hands_on=booking.service.is_hands_on,
    )


def times(booking: Booking) -> list[calendar.Wanted]:
    return calendar.times_for(
        demand(booking), booking.starts_at, booking.practitioner_id, booking.room_id
    )


def lock(booking_id: int) -> Booking:
    """Return the booking, its row locked until the transaction ends.

    Of a place in a class the class comes first: whoever decides about its places stands in line
    there, and locks taken in one order never wait in a circle.
    """
    session_id = db.session.scalar(select(Booking.class_session_id).where(Booking.id == booking_id))
    if session_id is not None:
        seats.lock([session_id])
    return db.session.get_one(Booking, booking_id, with_for_update=True, populate_existing=True)


def follow_class(booking: Booking) -> None:
    """Copy when, where and with whom its class takes place into a place of it."""
    session = booking.class_session
    assert session is not None  # noqa: S101 - asked of places in classes alone
    booking.starts_at, booking.ends_at = session.starts_at, session.ends_at
    booking.zone_name, booking.local_start = session.zone_name, session.local_start
    booking.practitioner_id, booking.room_id = session.practitioner_id, session.room_id


# Agreed, or asked for: what can still be called off.
OPEN = {Status.BOOKED, Status.REQUESTED}


def require_open(booking: Booking) -> None:
    """Raise NotLive unless the session is agreed or asked for."""
    if booking.status not in OPEN:
        raise NotLive


def require_booked(booking: Booking) -> None:
    if booking.status is not Status.BOOKED:
        raise NotLive
