"""Group classes: what comes every week, and each time it takes place."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.catalog.models import Practitioner, Room, Service
from booking.columns import Cents, CleanText, UTCDateTime, WallTime, check, choice
from booking.database import Model


class Level(StrEnum):
    ALL = "all"
    BEGINNERS = "beginners"
    IMPROVERS = "improvers"
    ADVANCED = "advanced"


class WaitlistMode(StrEnum):
    OFFER = "offer"  # A freed place is offered, and held until the answer.
    AUTOMATIC = "automatic"  # A freed place is booked for the first in line.


class ClassSeries(Model):
    """A class that comes every week at one time on the wall, and what a place in it costs.

    A session copies what it needs, so a change here is a change of the sessions to come.
    """

    __tablename__ = "class_series"
    __table_args__ = (
        check("weekday", "weekday BETWEEN 0 AND 6"),
        check("start", "start_minute BETWEEN 0 AND 1439"),
        check("minutes", "minutes BETWEEN 5 AND 480"),
        check("capacity", "capacity BETWEEN 1 AND 500"),
        check("prices", "price_cents >= 0 AND trial_cents >= 0 AND term_cents >= 0"),
        check("dates", "last_on >= first_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(CleanText(60), unique=True)
    name: Mapped[str] = mapped_column(CleanText(120))
    about: Mapped[str] = mapped_column(CleanText(), default="")
    level: Mapped[Level] = mapped_column(choice(Level, "level"), default=Level.ALL)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    weekday: Mapped[int]
    start_minute: Mapped[int]
    minutes: Mapped[int]
    capacity: Mapped[int]
    price_cents: Mapped[int] = mapped_column(Cents())
    # None: no trial place, no booking of the whole term. Of a term it is the price of each session.
    trial_cents: Mapped[int | None] = mapped_column(Cents())
    term_cents: Mapped[int | None] = mapped_column(Cents())
    waitlist_mode: Mapped[WaitlistMode] = mapped_column(
        choice(WaitlistMode, "waitlist_mode"), default=WaitlistMode.OFFER
    )
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    # The last date that has been looked at; the worker goes on from there.
    planned_until: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    service: Mapped[Service] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    room: Mapped[Room | None] = relationship()
    skipped: Mapped[list["SkippedDate"]] = relationship(
        order_by="SkippedDate.on_date", cascade="all, delete-orphan"
    )

    @property
    def about_row(self) -> str:
        """How audit rows name this series."""
        return f"series:{self.id}"


class SkippedDate(Model):
    """A date on which a series does not take place."""

    __tablename__ = "skipped_date"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("class_series.id", ondelete="CASCADE"), primary_key=True
    )
    on_date: Mapped[date] = mapped_column(primary_key=True)


class SessionState(StrEnum):
    PLANNED = "planned"  # Takes place; its claim has the teacher's and the room's time.
    CANCELLED = "cancelled"  # Called off by the studio.
    CLASH = "clash"  # Could not be planned: the time was taken. Clients do not see it.


class ClassSession(Model):
    """One time that a class takes place.

    `taken` counts live places and places on offer. Only `seats` writes it, and the CHECK holds
    whatever anybody writes: more than there are only as far as a manager has said so.
    """

    __tablename__ = "class_session"
    __table_args__ = (
        UniqueConstraint("series_id", "on_date"),
        check("order", "starts_at < ends_at"),
        check("capacity", "capacity BETWEEN 0 AND 500"),
        check("overbooked", "overbooked >= 0"),
        check("taken", "taken >= 0 AND taken <= capacity + overbooked"),
        check("claim", "(claim_id IS NOT NULL) = (state = 'planned')"),
        Index("ix_class_session_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("class_series.id"))
    # The date it has in its series, also when this one was moved to another day.
    on_date: Mapped[date]
    state: Mapped[SessionState] = mapped_column(choice(SessionState, "state"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    local_start: Mapped[datetime] = mapped_column(WallTime())
    zone_name: Mapped[str] = mapped_column(CleanText(64))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    # Places beyond the capacity that were allowed on purpose.
    overbooked: Mapped[int] = mapped_column(default=0)
    # Moved by itself: a change of the series leaves its time alone.
    is_moved: Mapped[bool] = mapped_column(default=False)

    series: Mapped[ClassSeries] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    room: Mapped[Room | None] = relationship()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def free(self) -> int:
        """How many places anybody may still book."""
        return max(self.capacity - self.taken, 0) if self.is_on else 0

    @property
    def is_on(self) -> bool:
        return self.state is SessionState.PLANNED

    @property
    def about(self) -> str:
        """How mails and audit rows name this session."""
        return f"class:{self.id}"
