"""Moving a booking: another time, the old one kept until the move can no longer be undone."""

from dataclasses import replace
from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import (
    agreement,
    clients,
    holds,
    messages,
    newcomers,
    reminders,
    repeat_messages,
)
from booking.bookings.holds import Wish
from booking.bookings.messages import Tell
from booking.bookings.models import Booking, BookingMove, ReminderOutcome
from booking.database import db
from booking.domain import policies
from booking.domain.errors import MoveTooLate, PlaceStays, SlotTaken
from booking.domain.openings import Place, Terms
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind


def move(
    booking_id: int, terms: Terms, start: datetime, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Give a booking another time; the old one is kept until the move can no longer be undone.

    `terms` are those of its option, perhaps narrowed to one practitioner. Raises NotLive,
    MoveTooLate, PlaceStays, NotOffered, SlotTaken, Blocked.
    """
    booking = agreement.lock(booking_id)
    agreement.require_booked(booking)
    if booking.is_class:
        raise PlaceStays
    if not actor.is_staff:
        clients.refuse_blocked_person(booking.person)
        if now > booking.move_until:
            raise MoveTooLate(deadline=booking.move_until)
    if start == booking.starts_at and booking.practitioner_id in terms.practitioner_ids:
        return booking  # A second press, or the time it has: there is nothing to move.
    claim = db.session.get_one(Claim, booking.claim_id)
    policy = newcomers.policy_of(booking.person, practice, now)
    wish = Wish(agreed_terms(booking, terms), start, policy)
    places = holds.find_places(wish, practice, now, without=own_claims(booking))
    record = remember_place(booking, actor, now)
    _settle(booking, claim, places, start, practice, now)
    follow_move(booking, record, actor, practice, now)
    return booking


def follow_move(
    booking: Booking,
    record: BookingMove,
    actor: Actor,
    practice: Practice,
    now: datetime,
    tell: Tell = Tell.IF_NEW,
) -> None:
    """Let follow what follows from a move whose new time is taken: deadlines, undo, mails."""
    renewed_cancel, renewed_move = agreement.deadlines(booking.starts_at, practice)
    booking.cancel_until = policies.deadline_after_move(booking.cancel_until, renewed_cancel, now)
    booking.move_until = renewed_move
    booking.undo_until = policies.undo_until(now, practice.policy)
    record.kept_claim_id = _keep_old_time(booking, record, now)
    _new_revision(booking, actor, practice, now, tell)
    audit.record(
        actor, booking.about, "moved", now,
        was=record.from_starts_at.isoformat(), to=booking.starts_at.isoformat(),
    )  # fmt: skip


def own_claims(booking: Booking) -> tuple[int, ...]:
    """Return the claims of a booking itself: what it has and what its moves keep for undo."""
    claims = [booking.claim_id, *(move.kept_claim_id for move in booking.moves)]
    return tuple(claim for claim in claims if claim is not None)


def agreed_terms(booking: Booking, terms: Terms) -> Terms:
    """The terms of today with the length and turnover that were agreed then."""
    return replace(terms, demand=agreement.demand(booking))


def remember_place(booking: Booking, actor: Actor, now: datetime) -> BookingMove:
    """Write down where a booking is before it moves."""
    for earlier in booking.moves:
        # Only the last move can be undone: what an earlier one kept goes free.
        if earlier.kept_claim_id is not None:
            kept, earlier.kept_claim_id = earlier.kept_claim_id, None
            db.session.flush()
            calendar.release(kept)
    record = BookingMove(
        from_starts_at=booking.starts_at,
        from_ends_at=booking.ends_at,
        from_practitioner_id=booking.practitioner_id,
        from_room_id=booking.room_id,
        from_cancel_until=booking.cancel_until,
        from_move_until=booking.move_until,
        from_undo_until=booking.undo_until,
        moved_at=now,
        by_staff=actor.is_staff,
        is_silent=False,
    )
    booking.moves.append(record)
    db.session.flush()
    return record


def _settle(
    booking: Booking,
    claim: Claim,
    places: list[Place],
    start: datetime,
    practice: Practice,
    now: datetime,
) -> None:
    """Take the first of the places that the database grants. Raises SlotTaken."""
    # Whoever gave it so far goes on giving it, if they can; else whoever is first.
    ordered = sorted(places, key=lambda place: place.practitioner_id != booking.practitioner_id)
    for place in ordered:
        wanted = calendar.times_for(
            agreement.demand(booking), start, place.practitioner_id, place.room_id
        )
        try:
            calendar.take_again(claim, wanted, now, agreement.demand(booking).work(start))
        except SlotTaken:
            continue
        minutes = booking.minutes
        booking.practitioner_id, booking.room_id = place.practitioner_id, place.room_id
        agreement.set_time(booking, start, minutes, practice)
        db.session.flush()
        db.session.expire(booking, ["practitioner", "room"])
        return
    raise SlotTaken


def _keep_old_time(booking: Booking, record: BookingMove, now: datetime) -> int | None:
    old = calendar.times_for(
        replace(agreement.demand(booking), minutes=record.from_minutes),
        record.from_starts_at,
        record.from_practitioner_id,
        record.from_room_id,
    )
    rest = calendar.keep_rest(agreement.times(booking), old)
    if not rest:
        return None
    return calendar.claim(ClaimKind.HOLD, rest, now, expires_at=booking.undo_until).id


def take_back(
    booking: Booking, last: BookingMove, actor: Actor, practice: Practice, now: datetime
) -> None:
    """Bring a booking back to where it was before its last move; its old time was kept."""
    kept, last.kept_claim_id, last.undone_at = last.kept_claim_id, None, now
    db.session.flush()
    if kept is not None:
        calendar.release(kept)
    booking.practitioner_id = last.from_practitioner_id
    booking.room_id = last.from_room_id
    agreement.set_time(booking, last.from_starts_at, last.from_minutes, practice)
    booking.cancel_until, booking.move_until = last.from_cancel_until, last.from_move_until
    booking.undo_until = last.from_undo_until
    claim = db.session.get_one(Claim, booking.claim_id)
    work = agreement.demand(booking).work(booking.starts_at)
    calendar.take_again(claim, agreement.times(booking), now, work)
    # Back at a time of which it was said that the client needs no mail, they still need none.
    standing = booking.last_move
    is_silent = standing is not None and standing.is_silent
    _new_revision(booking, actor, practice, now, Tell.NO if is_silent else Tell.IF_NEW)


def _new_revision(
    booking: Booking, actor: Actor, practice: Practice, now: datetime, tell: Tell
) -> None:
    """Make what follows from the time follow from the new one."""
    outbox.void(booking.about, Reason.MOVED, now)
    reminders.drop(booking, ReminderOutcome.MOVED, now)
    booking.revision += 1
    booking.acknowledged_at = None
    db.session.flush()
    db.session.expire(booking, ["practitioner", "room"])
    agreement.note_time(booking, actor)
    reminders.plan(booking, practice, now)
    repeat_messages.tell_rest(booking, now)
    messages.tell_time(booking, now, tell)
