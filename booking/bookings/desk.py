"""What is written down at the desk about a session."""

from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import agreement
from booking.bookings.models import Booking


def lock(booking_id: int) -> Booking:
    """Return the booking, its row locked until the transaction ends."""
    return agreement.lock(booking_id)


def note_done(booking: Booking, words: str, actor: Actor, now: datetime) -> None:
    """Keep what was done in a session, for who gave it and for managers; "" takes it away."""
    if booking.done == words:
        return
    booking.done, booking.done_at = words, now if words else None
    audit.record(actor, booking.about, "done_noted", now)
