"""When: opening hours on the wall's clock, and the time that is taken."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.columns import CleanText, UTCDateTime, check, choice
from booking.database import Model


class OpeningHours(Model):
    """A spell in which a practitioner gives sessions, every week; minutes since local midnight."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        check("weekday", "weekday BETWEEN 0 AND 6"),
        check(
            "spell", "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class HoursException(Model):
    """One spell of one date, instead of the weekly hours; without minutes: closed all day."""

    __tablename__ = "hours_exception"
    __table_args__ = (
        Index("ix_hours_exception_day", "practitioner_id", "on_date"),
        check(
            "spell",
            "(opens_minute IS NULL AND closes_minute IS NULL) OR "
            "(0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440)",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    on_date: Mapped[date]
    opens_minute: Mapped[int | None]
    closes_minute: Mapped[int | None]


class RecurringBreak(Model):
    """A practitioner's break, every week: taken from the hours, so what is booked in it stays."""

    __tablename__ = "recurring_break"
    __table_args__ = (
        check("weekday", "weekday BETWEEN 0 AND 6"),
        check(
            "spell",
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    weekday: Mapped[int]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(CleanText(80), default="")


class ClosedDay(Model):
    """A date on which the practice is closed: nobody's weekly hours apply."""

    __tablename__ = "closed_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    on_date: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(CleanText(120), default="")


class ClaimKind(StrEnum):
    HOLD = "hold"  # Set aside for somebody who is deciding, until `expires_at`.
    BOOKING = "booking"  # A booked session.
    CLASS = "class"  # A class session.
    OFFER = "offer"  # Offered to somebody who waited, until `expires_at`.
    BLOCK = "block"  # Time off and other blocked time.


class Claim(Model):
    """One reason for which time is taken, on one or several resources."""

    __tablename__ = "claim"
    __table_args__ = (
        check("expiry", "(expires_at IS NOT NULL) = (kind IN ('hold', 'offer'))"),
        Index("ix_claim_expires", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ClaimKind] = mapped_column(choice(ClaimKind, "kind"))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # When the session begins that the time is taken for, and how much of it is hands-on: what
    # counts against the limits of who gives it. None is no session: time off, or a time kept.
    session_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    hands_on_minutes: Mapped[int] = mapped_column(default=0)

    times: Mapped[list["TimeClaim"]] = relationship(
        back_populates="claim", cascade="all, delete-orphan", passive_deletes=True
    )


class TimeClaim(Model):
    """Time `[starts_at, ends_at)` of one resource, turnover included; never overlaps another."""

    __tablename__ = "time_claim"
    __table_args__ = (
        # 24 hours at the most keeps the search for an overlap a short range of this index.
        Index("ix_time_claim_resource", "resource_id", "starts_at", "ends_at"),
        check("order", "starts_at < ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())

    claim: Mapped[Claim] = relationship(back_populates="times")


class TimeOff(Model):
    """A stretch in which a practitioner or a room is not there.

    Its claim takes what is free of it; sessions that were kept stand in between. The whole of it
    is closed for openings, so that a kept session that is called off later leaves no gap.
    """

    __tablename__ = "time_off"
    __table_args__ = (check("order", "starts_at < ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), unique=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    note: Mapped[str] = mapped_column(CleanText(200), default="")
