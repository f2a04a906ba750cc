"""Who comes: holds, bookings, where they were before, and their reminders."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.accounts.models import Person
from booking.catalog.models import Practitioner, Room, Service, ServiceOption
from booking.classes.models import ClassSeries, ClassSession
from booking.columns import Cents, CleanText, UTCDateTime, WallTime, check, choice, partial_index
from booking.database import Model


class Status(StrEnum):
    REQUESTED = "requested"  # Waits for the practitioner's word.
    BOOKED = "booked"  # Agreed, still ahead or not yet marked.
    ARRIVED = "arrived"  # The client came.
    NO_SHOW = "no_show"  # The client did not come.
    CANCELLED = "cancelled"  # Called off in time, or by the studio.
    LATE_CANCELLED = "late_cancelled"  # Called off by the client after the deadline.
    UNDONE = "undone"  # Taken back within minutes; nobody was told.
    DECLINED = "declined"  # Requested, and the practitioner said no.

    @property
    def is_live(self) -> bool:
        """Whether the session is agreed and not called off."""
        return self in {Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.NO_SHOW}


class Hold(Model):
    """A time set aside for a visitor. Its token names the attempt: one token, one booking.

    The row outlives its claim, so that a form sent late still says which time was meant.
    """

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(CleanText(64), unique=True)
    visitor: Mapped[str] = mapped_column(CleanText(64), index=True)
    claim_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim.id", ondelete="SET NULL"), unique=True
    )
    option_id: Mapped[int] = mapped_column(ForeignKey("service_option.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    # What was in the form when the time was lost, for the form of the next one.
    typed: Mapped[dict[str, str] | None] = mapped_column(JSON)

    option: Mapped[ServiceOption] = relationship()
    practitioner: Mapped[Practitioner] = relationship()


class PlaceKind(StrEnum):
    DROP_IN = "drop_in"  # One place in one class.
    TRIAL = "trial"  # Somebody's first class of its kind.
    TERM = "term"  # All that is left of a series.


class Enrolment(Model):
    """One attempt at places in classes: who pressed, for how many, and what they were told.

    The token is the page's; the same press again finds the same enrolment.
    """

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("visitor", "token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(CleanText(64))
    token: Mapped[str] = mapped_column(CleanText(64))
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind, "kind"))
    series_id: Mapped[int] = mapped_column(ForeignKey("class_series.id"))
    # Whose address is written to; the places may be for others.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # Rises when a place leaves before the confirmation has left, which then tells the rest.
    revision: Mapped[int] = mapped_column(default=1)
    undo_until: Mapped[datetime] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    person: Mapped[Person] = relationship()
    series: Mapped[ClassSeries] = relationship()
    places: Mapped[list["Booking"]] = relationship(
        back_populates="enrolment", order_by="Booking.starts_at, Booking.id"
    )

    @property
    def about(self) -> str:
        """How mails and audit rows name this enrolment."""
        return f"enrolment:{self.id}"

    @property
    def live_places(self) -> list["Booking"]:
        return [one for one in self.places if one.status.is_live]


class BookingRepeat(Model):
    """Sessions that were booked at once for one client, every few weeks."""

    __tablename__ = "booking_repeat"
    __table_args__ = (
        check("weeks", "weeks BETWEEN 1 AND 8"),
        check("times", "times BETWEEN 1 AND 26"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    weeks: Mapped[int]
    # How many were booked; those called off since are counted.
    times: Mapped[int]
    # Rises when a session changes before the confirmation has left, which then tells the rest.
    revision: Mapped[int] = mapped_column(default=1)
    undo_until: Mapped[datetime] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    person: Mapped[Person] = relationship()

    @property
    def about(self) -> str:
        """How mails name this series."""
        return f"repeat:{self.id}"


LIVE = "status IN ('requested', 'booked', 'arrived', 'no_show')"


class Booking(Model):
    """An agreed session and the terms it was agreed on: nothing here changes with the catalog.

    A session of one's own has an option and takes time by a claim; a place in a class has the
    class's session, whose claim takes the time, and belongs to an enrolment.
    """

    __tablename__ = "booking"
    __table_args__ = (
        check("order", "starts_at < ends_at"),
        check("price", "price_cents >= 0"),
        check("claim", f"(claim_id IS NOT NULL) = (class_session_id IS NULL AND {LIVE})"),
        check("what", "(class_session_id IS NULL) = (option_id IS NOT NULL)"),
        check("enrolment", "(class_session_id IS NULL) = (enrolment_id IS NULL)"),
        Index("ix_booking_practitioner_day", "practitioner_id", "starts_at"),
        Index("ix_booking_person", "person_id", "starts_at"),
        partial_index("ix_booking_answer", "answer_by", where="status = 'requested'"),
        # One live place for each person in a class, and one trial for each kind of work.
        partial_index("uq_booking_place", "class_session_id", "person_id", unique=True, where=LIVE),
        partial_index("uq_booking_trial", "trial_of_id", "person_id", unique=True, where=LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    hold_token: Mapped[str | None] = mapped_column(CleanText(64), unique=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    option_id: Mapped[int | None] = mapped_column(ForeignKey("service_option.id"), index=True)
    class_session_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    # One of several that were booked at once, counted from 1.
    repeat_id: Mapped[int | None] = mapped_column(ForeignKey("booking_repeat.id"), index=True)
    repeat_number: Mapped[int | None]
    # The kind of work this place was a trial of.
    trial_of_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    service_name: Mapped[str] = mapped_column(CleanText(120))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    local_start: Mapped[datetime] = mapped_column(WallTime())
    zone_name: Mapped[str] = mapped_column(CleanText(64))
    before_minutes: Mapped[int]
    after_minutes: Mapped[int]
    price_cents: Mapped[int] = mapped_column(Cents())
    currency: Mapped[str] = mapped_column(CleanText(3))
    status: Mapped[Status] = mapped_column(choice(Status, "status"))
    revision: Mapped[int] = mapped_column(default=1)
    cancel_until: Mapped[datetime] = mapped_column(UTCDateTime())
    move_until: Mapped[datetime] = mapped_column(UTCDateTime())
    undo_until: Mapped[datetime] = mapped_column(UTCDateTime())
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Until when the practitioner answers a request, for which the time is held.
    answer_by: Mapped[datetime | None] = mapped_column(UTCDateTime())
    policy_version: Mapped[int]
    note: Mapped[str] = mapped_column(CleanText(), default="")
    # The client gets no mail about it: that was wished when it was booked.
    is_silent: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What was done in the session: for who gave it and for managers, in no mail.
    done: Mapped[str] = mapped_column(CleanText(), default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Until when staff may take back that they called it off; nobody has been told until then.
    restorable_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    person: Mapped[Person] = relationship()
    service: Mapped[Service] = relationship()
    option: Mapped[ServiceOption | None] = relationship()
    class_session: Mapped[ClassSession | None] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship(back_populates="places")
    repeat: Mapped[BookingRepeat | None] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    room: Mapped[Room | None] = relationship()
    moves: Mapped[list["BookingMove"]] = relationship(order_by="BookingMove.id")

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def last_move(self) -> "BookingMove | None":
        """The move that an undo would take back, if there is one."""
        return next((move for move in reversed(self.moves) if move.undone_at is None), None)

    @property
    def is_class(self) -> bool:
        """Whether this is a place in a class."""
        return self.class_session_id is not None

    @property
    def about(self) -> str:
        """How mails and audit rows name this booking."""
        return f"booking:{self.id}"


class AgreedTime(Model):
    """When and with whom a booking was agreed at each revision: what a mail of it has told."""

    __tablename__ = "agreed_time"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    # Made so by this practitioner, who needs no mail to know it.
    is_own_doing: Mapped[bool] = mapped_column(default=False)


class BookingMove(Model):
    """Where a booking was before a move, with what an undo has to bring back."""

    __tablename__ = "booking_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    kept_claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", ondelete="SET NULL"))
    from_starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    from_ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    from_practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    from_room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    from_cancel_until: Mapped[datetime] = mapped_column(UTCDateTime())
    from_move_until: Mapped[datetime] = mapped_column(UTCDateTime())
    from_undo_until: Mapped[datetime] = mapped_column(UTCDateTime())
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime())
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Moved by the studio, and whether it was said that the client needs no mail about it.
    by_staff: Mapped[bool] = mapped_column(default=False)
    is_silent: Mapped[bool] = mapped_column(default=False)

    @property
    def from_minutes(self) -> int:
        return int((self.from_ends_at - self.from_starts_at).total_seconds() // 60)


class ReminderOutcome(StrEnum):
    SENT = "sent"  # The mail row was written.
    NO_ADDRESS = "no_address"  # The person has no mail address or wants no mail; they are phoned.
    CALLED_OFF = "called_off"  # Cancelled, undone or declined by then.
    MOVED = "moved"  # Belongs to an earlier time of the booking.
    TOO_LATE = "too_late"  # The session had begun, or the next reminder was due as well.


class Reminder(Model):
    """When to look at a booking again; what is found then decides whether a mail goes out."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("booking_id", "revision", "lead_minutes"),
        partial_index("ix_reminder_due", "due_at", "id", where="done_at IS NULL"),
        check("done", "(done_at IS NULL) = (outcome IS NULL)"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    revision: Mapped[int]
    lead_minutes: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime())
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    outcome: Mapped[ReminderOutcome | None] = mapped_column(choice(ReminderOutcome, "outcome"))

    booking: Mapped[Booking] = relationship()
