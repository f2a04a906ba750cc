"""Requests of first-time clients: the practitioner says yes or no, or the time for it runs out.

Callers give `now`, own the transaction and commit; nothing here does.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from booking import setbacks
from booking.accounts import audit
from booking.accounts.audit import SYSTEM, Actor
from booking.bookings import agreement, changes, messages, reminders, times
from booking.bookings.models import Booking, Status
from booking.bookings.queries import SHOWN, WITH_FAMILY
from booking.database import db
from booking.domain.errors import AlreadyBegun, NotAsked
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice

LAPSE = "lapse"


def waiting(practitioner_id: int | None) -> Sequence[Booking]:
    """Return the requests that wait for an answer, of one practitioner or of all, oldest first."""
    query = select(Booking).where(Booking.status == Status.REQUESTED)
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return db.session.scalars(
        query.options(*SHOWN, *WITH_FAMILY).order_by(Booking.answer_by, Booking.id)
    ).all()


def accept(booking_id: int, actor: Actor, practice: Practice, now: datetime) -> Booking:
    """Agree to a request: from now on it is a booking like any other, and the client hears so.

    A second press changes nothing. Raises NotAsked, AlreadyBegun.
    """
    booking = agreement.lock(booking_id)
    if booking.status is Status.BOOKED:
        return booking
    _require_asked(booking)
    if booking.starts_at <= now:
        raise AlreadyBegun
    booking.status, booking.answer_by = Status.BOOKED, None
    # Nobody undoes what has been answered: the confirmation leaves at once.
    booking.undo_until = now
    outbox.void(booking.about, Reason.ACCEPTED, now)
    db.session.flush()
    reminders.plan(booking, practice, now)
    messages.confirmed(booking, now)
    audit.record(actor, booking.about, "booked", now, was=Status.REQUESTED, to=Status.BOOKED)
    return booking


def decline(
    booking_id: int, words: str, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Say no to a request, with a few words if there are any; its time is free again.

    A second press changes nothing. Raises NotAsked.
    """
    booking = agreement.lock(booking_id)
    if booking.status is Status.DECLINED:
        return booking
    _require_asked(booking)
    _turn_down(booking, words, actor, practice, now)
    return booking


def _require_asked(booking: Booking) -> None:
    if booking.status is not Status.REQUESTED:
        raise NotAsked


def _turn_down(
    booking: Booking, words: str, actor: Actor, practice: Practice, now: datetime
) -> None:
    times.line_up(practice, now)
    changes.end(booking, Status.DECLINED, actor, now)
    messages.declined(booking, words, now)
    times.freed(booking, practice, now)


def lapse_next(practice: Practice, now: datetime) -> bool:
    """Turn down a request that nobody has answered in time; tell whether there was one."""
    found = db.session.scalar(
        select(Booking.id)
        .where(
            Booking.status == Status.REQUESTED,
            Booking.answer_by <= now,
            setbacks.is_free(LAPSE, Booking.id, now),
        )
        .order_by(Booking.answer_by, Booking.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    setbacks.take(LAPSE, found)
    booking = agreement.lock(found)
    _turn_down(booking, "", SYSTEM, practice, now)
    return True
