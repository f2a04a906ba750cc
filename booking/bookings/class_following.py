"""What follows for people when their class changes: places, mails, reminders, the line."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import agreement, class_messages, line, messages, reminders
from booking.bookings.models import Booking, Enrolment, ReminderOutcome, Status
from booking.catalog.models import Practitioner
from booking.classes.models import ClassSession
from booking.database import db
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice


def live_places(session_id: int) -> Sequence[Booking]:
    """Return the places of a class that are live, locked, in order of booking."""
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.class_session_id == session_id,
            Booking.status.in_([one for one in Status if one.is_live]),
        )
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def follow(
    session: ClassSession,
    before: tuple[datetime, datetime, int, int | None],
    actor: Actor,
    practice: Practice,
    now: datetime,
) -> None:
    """Bring everybody's place to the new time, and tell who has been told another."""
    untold: dict[int, Enrolment] = {}
    is_moved = before[0] != session.starts_at
    for booking in live_places(session.id):
        agreement.follow_class(booking)
        if is_moved:
            booking.cancel_until = _free_until(session, practice, now)
        booking.move_until, booking.acknowledged_at = booking.cancel_until, None
        outbox.void(booking.about, Reason.MOVED, now)
        if messages.client_knows(booking, now):
            _tell_move(booking, before, now)
        elif booking.enrolment is not None and outbox.hold_back(booking.enrolment.about):
            untold[booking.enrolment.id] = booking.enrolment
        else:
            # Written down by the studio: no mail has told them, and none is about to.
            _tell_move(booking, before, now)
        agreement.note_time(booking)
        reminders.plan_again(booking, practice, now)
        audit.record(
            actor, booking.about, "moved", now,
            was=before[0].isoformat(), to=session.starts_at.isoformat(),
        )  # fmt: skip
    for enrolment in untold.values():
        class_messages.tell_places(enrolment, now)
    if is_moved:
        class_messages.line_moved(line.of_session(session.id), now)
    tell_teachers(session, before[2], actor, now)
    audit.record(actor, session.about, "changed", now, to=session.starts_at.isoformat())


def _free_until(session: ClassSession, practice: Practice, now: datetime) -> datetime:
    """Until when a place in a class that the studio has moved is free to cancel.

    Nobody agreed to the new time, so a deadline that is over at once is none: until the start.
    """
    deadline = agreement.class_deadline(session.starts_at, practice)
    return deadline if deadline > now else session.starts_at


def _tell_move(
    booking: Booking, before: tuple[datetime, datetime, int, int | None], now: datetime
) -> None:
    """Raise the revision and say what is new, unless it is what they know."""
    reminders.drop(booking, ReminderOutcome.MOVED, now)
    booking.revision += 1
    db.session.flush()
    db.session.expire(booking, ["practitioner", "room"])
    agreement.note_time(booking)
    messages.class_moved(booking, now, is_longer=before[1] - before[0] != booking.length)


def tell_teachers(session: ClassSession, former_id: int, actor: Actor, now: datetime) -> None:
    token = secrets.token_hex(4)
    told = [(session.practitioner, "moved" if former_id == session.practitioner_id else "given")]
    if former_id != session.practitioner_id:
        told.append((db.session.get_one(Practitioner, former_id), "taken"))
    for teacher, what in told:
        if teacher.account_id is None or teacher.account_id != actor.account_id:
            class_messages.teacher_told(session, teacher, what, token, now)
