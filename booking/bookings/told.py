"""What client and practitioner know of a booking: by its own mails, or by one for several."""

from datetime import datetime

from sqlalchemy import func, select

from booking.bookings.models import AgreedTime, Booking
from booking.database import db
from booking.mail import outbox
from booking.mail.models import OutgoingMail

# The mails that tell a client the time: of these one, and only one, for each agreed time.
CLIENT = ("confirmed", "changed")
STUDIO = ("studio_new", "studio_moved", "studio_request")
# One mail for all that was booked at once; each tells its sessions as they were booked.
DATES, STUDIO_DATES = "dates", "studio_dates"
FIRST = 1


def by_client(booking: Booking, now: datetime) -> int | None:
    """Return the revision that the client was told last. Call it after `outbox.void`."""
    own = outbox.last_told(booking.about, CLIENT, now)
    return own or _by_series(booking, DATES, CLIENT, now)


def by_studio(booking: Booking, now: datetime) -> int | None:
    """Return the revision before this one that the practitioner knows. Call it after `void`.

    What they have made so themselves they know without a mail.
    """
    mail = outbox.last_told(booking.about, STUDIO, now)
    mail = mail or _by_series(booking, STUDIO_DATES, STUDIO, now)
    own = db.session.scalar(
        select(func.max(AgreedTime.revision)).where(
            AgreedTime.booking_id == booking.id,
            AgreedTime.revision < booking.revision,
            AgreedTime.is_own_doing,
        )
    )
    return max(mail or 0, own or 0) or None


def has_left_together(booking: Booking, now: datetime) -> bool:
    """Tell whether a mail for all that was booked at once has told this booking as it is."""
    if booking.revision != FIRST:
        return False
    kinds = ((DATES, CLIENT), (STUDIO_DATES, STUDIO))
    return any(_by_series(booking, kind, own, now) for kind, own in kinds)


def is_own_doing(booking: Booking) -> bool:
    """Tell whether the practitioner whom it was first agreed with has booked it."""
    first = db.session.get(AgreedTime, (booking.id, FIRST))
    return first is not None and first.is_own_doing


def _by_series(booking: Booking, kind: str, own: tuple[str, ...], now: datetime) -> int | None:
    """A session that changes before the mail has left is told by mails of its own."""
    if booking.repeat is None or outbox.last_told(booking.repeat.about, (kind,), now) is None:
        return None
    apart = select(OutgoingMail.id).where(
        OutgoingMail.about == booking.about, OutgoingMail.kind == own[0]
    )
    return FIRST if db.session.scalar(apart.limit(1)) is None else None
