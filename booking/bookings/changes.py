"""What can happen to a booking afterwards: undo, cancel, acknowledge, mark.

Callers give `now`, own the transaction and commit; nothing here does.
"""

from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import (
    agreement,
    class_messages,
    follow_ups,
    messages,
    moves,
    offers,
    reminders,
    repeat_messages,
    times,
    told,
)
from booking.bookings.messages import Tell
from booking.bookings.models import Booking, ReminderOutcome, Status
from booking.classes import seats
from booking.database import db
from booking.domain import policies
from booking.domain.desk_errors import NotLate
from booking.domain.errors import CancelTooLate, NotLive, NotYet, UndoTooLate
from booking.mail import outbox
from booking.mail.letter_kinds import ENDINGS
from booking.mail.reasons import Reason
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import ClaimKind


def undo(
    booking_id: int, revision: int, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Take back what was done last, a booking or a move, while nobody has been told.

    `revision` is the one whose page was pressed on: a second press finds another and is refused.
    Raises NotLive, UndoTooLate; SlotTaken for a move before the last, whose time was not kept.
    """
    booking = agreement.lock(booking_id)
    agreement.require_open(booking)
    if booking.revision != revision:
        raise NotLive
    outbox.void(booking.about, Reason.UNDONE, now)
    if not can_undo(booking, actor, now) or _is_told(booking, now):
        raise UndoTooLate
    if booking.last_move is not None:
        moves.take_back(booking, booking.last_move, actor, practice, now)
        audit.record(actor, booking.about, "move_undone", now, to=booking.starts_at.isoformat())
    else:
        _line_up(booking, practice, now)
        end(booking, Status.UNDONE, actor, now)
        _pass_on(booking, practice, now)
    return booking


def can_undo(booking: Booking, actor: Actor, now: datetime) -> bool:
    """Tell whether what was done last is this side's to take back, and it is still time.

    A client does not undo what the studio has moved, nor staff what the client did on their own.
    """
    if booking.status not in agreement.OPEN or now > booking.undo_until:
        return False
    return booking.last_move is None or booking.last_move.by_staff == actor.is_staff


def _is_told(booking: Booking, now: datetime) -> bool:
    """Tell whether a mail of what is to be undone has left after all."""
    if booking.enrolment is not None:
        return messages.knows_places(booking.enrolment, now)
    kinds = (messages.REQUESTED, *messages.TELLING, *messages.STUDIO_TELLING)
    if outbox.last_told(booking.about, kinds, now) == booking.revision:
        return True
    return told.has_left_together(booking, now)


def cancel(booking_id: int, actor: Actor, practice: Practice, now: datetime) -> Booking:
    """Call a session off: free until the deadline, late after it, a studio's always free.

    A request that waits for its answer is taken back free of charge. Raises NotLive, and
    CancelTooLate once it has begun (the studio still may).
    """
    booking = agreement.lock(booking_id)
    agreement.require_open(booking)
    if not actor.is_staff and booking.starts_at <= now:
        raise CancelTooLate
    _line_up(booking, practice, now)
    is_agreed = booking.status is Status.BOOKED
    if actor.is_staff and is_agreed:
        _let_restore(booking, practice, now)
    is_late = is_agreed and not actor.is_staff and now > booking.cancel_until
    call_off(booking, Status.LATE_CANCELLED if is_late else Status.CANCELLED, actor, now)
    _pass_on(booking, practice, now)
    return booking


def late_cancel(
    booking_id: int, actor: Actor, practice: Practice, now: datetime, *, tell: bool = False
) -> Booking:
    """Note that the client has called it off after the deadline.

    A mail goes if it is asked for, or if the practice writes such notes.

    Raises NotLive, NotLate.
    """
    booking = agreement.lock(booking_id)
    agreement.require_booked(booking)
    if now <= booking.cancel_until:
        raise NotLate(deadline=booking.cancel_until)
    _line_up(booking, practice, now)
    _let_restore(booking, practice, now)
    end(booking, Status.LATE_CANCELLED, actor, now)
    if tell or practice.late_note:
        messages.cancelled(booking, now, by_studio=False)
    if not agreement.is_own_doing(booking, actor) and messages.studio_knows(booking, now):
        messages.studio_cancelled(booking, now)
    _pass_on(booking, practice, now)
    return booking


def _let_restore(booking: Booking, practice: Practice, now: datetime) -> None:
    """Let staff take a cancellation back for a while; a place in a class goes to the next."""
    if not booking.is_class:
        booking.restorable_until = policies.undo_until(now, practice.policy)


def restore(
    booking_id: int, revision: int, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Bring back what staff called off a moment ago, if its time is still free.

    Raises NotLive, UndoTooLate, SlotTaken.
    """
    booking = agreement.lock(booking_id)
    if booking.restorable_until is None or booking.revision != revision:
        raise NotLive
    outbox.void(booking.about, Reason.UNDONE, now)
    heard = outbox.last_told(booking.about, ENDINGS, now)
    if now > booking.restorable_until or heard == revision:
        raise UndoTooLate
    was, booking.restorable_until = booking.status, None
    work = agreement.demand(booking).work(booking.starts_at)
    claim = calendar.claim(ClaimKind.BOOKING, agreement.times(booking), now, work=work)
    booking.claim_id = claim.id
    booking.status = Status.BOOKED
    booking.revision += 1
    db.session.flush()
    agreement.note_time(booking, actor)
    reminders.plan(booking, practice, now)
    standing = booking.last_move
    is_silent = standing is not None and standing.is_silent
    messages.tell_time(booking, now, Tell.NO if is_silent else Tell.IF_NEW)
    audit.record(actor, booking.about, "restored", now, was=was.value)
    return booking


def call_off(
    booking: Booking, status: Status, actor: Actor, now: datetime, *, tell_studio: bool = True
) -> None:
    """End a booking and tell whoever has been told of it; its place in a class stays taken."""
    end(booking, status, actor, now)
    # A client who cancels before any mail has left knows it; one whose studio does must be told.
    if actor.is_staff or messages.client_knows(booking, now):
        messages.cancelled(booking, now, by_studio=actor.is_staff)
    is_news = tell_studio and not agreement.is_own_doing(booking, actor)
    if is_news and messages.studio_knows(booking, now):
        messages.studio_cancelled(booking, now)


def _line_up(booking: Booking, practice: Practice, now: datetime) -> None:
    """Stand in line for what becomes free and is passed on; a place has the lock of its class."""
    if booking.class_session is None:
        times.line_up(practice, now)


def _pass_on(booking: Booking, practice: Practice, now: datetime) -> None:
    """Hand the place or the time that has become free to who waits for it."""
    if booking.class_session is None:
        times.freed(booking, practice, now)
        return
    seats.give_back(booking.class_session)
    offers.fill(booking.class_session, practice, now)


def end(booking: Booking, status: Status, actor: Actor, now: datetime) -> None:
    """Give the time back, keep the row, and stop every mail that has not left."""
    before, booking.status = booking.status, status
    claim_id, booking.claim_id = booking.claim_id, None
    booking.revision += 1
    kept = [move.kept_claim_id for move in booking.moves if move.kept_claim_id]
    db.session.flush()
    for one in filter(None, [claim_id, *kept]):
        calendar.release(one)
    db.session.expire(booking, ["moves"])
    outbox.void(booking.about, Reason(status.value), now)
    reminders.drop(booking, ReminderOutcome.CALLED_OFF, now)
    audit.record(actor, booking.about, status.value, now, was=before.value)
    if booking.enrolment is not None:
        class_messages.tell_places(booking.enrolment, now)
    repeat_messages.tell_rest(booking, now)


def acknowledge(booking_id: int, revision: int, actor: Actor, now: datetime) -> Booking:
    """Note that the client said they will be there, at the time they were told. Raises NotLive."""
    booking = agreement.lock(booking_id)
    agreement.require_booked(booking)
    if booking.revision != revision or booking.starts_at <= now:
        raise NotLive
    if booking.acknowledged_at is None:
        booking.acknowledged_at = now
        audit.record(actor, booking.about, "acknowledged", now)
    return booking


MARKS = {Status.ARRIVED, Status.NO_SHOW, Status.BOOKED}


def mark(
    booking_id: int, status: Status, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Note that the client came or did not; BOOKED takes either back.

    A client may come early, so "arrived" counts from the morning of the day; "no show" only from
    the start. Raises NotLive, NotYet.
    """
    booking = agreement.lock(booking_id)
    if booking.status not in MARKS or status not in MARKS:
        raise NotLive
    begun = booking.starts_at <= now
    is_today = (
        booking.starts_at.astimezone(practice.zone).date() <= now.astimezone(practice.zone).date()
    )
    if (status is Status.NO_SHOW and not begun) or (status is Status.ARRIVED and not is_today):
        raise NotYet
    if booking.status is not status:
        audit.record(actor, booking.about, status.value, now, was=booking.status.value)
        booking.status = status
        follow_ups.follow_mark(booking, practice, now)
    return booking
