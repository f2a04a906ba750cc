"""What follows a session by mail, and bookings whose reminders are to be planned anew."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.bookings.models import Booking
from booking.columns import UTCDateTime, check, choice, partial_index
from booking.database import Model


class FollowUpKind(StrEnum):
    AFTERCARE = "aftercare"  # The day after: what to read.
    COME_BACK = "come_back"  # When it has been as long as it usually is between two visits.


class FollowUpOutcome(StrEnum):
    SENT = "sent"  # The mail row was written.
    OFF = "off"  # The practice does not send such mails.
    UNWANTED = "unwanted"  # The client does not want them, or is blocked.
    NO_ADDRESS = "no_address"  # The person has none, or wanted no mail about this booking.
    NOT_KEPT = "not_kept"  # It was called off, or the client did not come.
    NOTHING_TO_SAY = "nothing_to_say"  # No article goes with the service.
    HAD_IT = "had_it"  # They were sent the same after an earlier session, not long ago.
    BOOKED_AGAIN = "booked_again"  # They have been here since, or are coming.
    NO_RHYTHM = "no_rhythm"  # Fewer than three visits: nobody knows when they would come.
    TOO_LATE = "too_late"  # Nothing was sent for so long that it is of no use.


class FollowUp(Model):
    """When to look back at a booking; what is found then decides whether a mail goes out."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("booking_id", "kind"),
        partial_index("ix_follow_up_due", "due_at", where="done_at IS NULL"),
        check("done", "(done_at IS NULL) = (outcome IS NULL)"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    kind: Mapped[FollowUpKind] = mapped_column(choice(FollowUpKind, "kind"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime())
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    outcome: Mapped[FollowUpOutcome | None] = mapped_column(choice(FollowUpOutcome, "outcome"))

    booking: Mapped[Booking] = relationship()


class Replan(Model):
    """A booking whose reminders wait to be planned anew, because when to remind has changed."""

    __tablename__ = "replan"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
