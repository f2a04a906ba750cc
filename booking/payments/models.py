"""Money at the desk: what was paid for a booking, and the receipts that were given for it.

Rows of money are only ever added: the database refuses to change or remove one (`guards`).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.bookings.models import Booking
from booking.catalog.models import Practitioner
from booking.columns import Cents, CleanText, UTCDateTime, check, choice
from booking.database import Model


class Method(StrEnum):
    CASH = "cash"
    CARD = "card"  # By a reader of the practice's own: no card is known here.
    TRANSFER = "transfer"
    OTHER = "other"  # A cheque, a voucher on paper.
    LET_GO = "let_go"  # Not paid and no longer asked for: in no sum and on no receipt.


class Payment(Model):
    """Something paid for a booking, or, with `reverses_id`, that it was taken back.

    The practitioner and the day are copies: a booking that moves to somebody else and a practice
    that moves to another zone leave the sums of a month that is over as they were.
    """

    __tablename__ = "payment"
    __table_args__ = (
        check("amount", "amount_cents <> 0 AND (amount_cents > 0) = (reverses_id IS NULL)"),
        Index("ix_payment_day", "paid_on", "practitioner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    amount_cents: Mapped[int] = mapped_column(Cents())
    currency: Mapped[str] = mapped_column(CleanText(3))
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    # The date on the practice's wall when the money changed hands.
    paid_on: Mapped[date]
    # Who of the staff took it and wrote it down, and when; nobody for the demo.
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime())
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)

    booking: Mapped[Booking] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    receipt: Mapped["Receipt | None"] = relationship(back_populates="payment")
    reversal: Mapped["Payment | None"] = relationship(back_populates="reverses")
    reverses: Mapped["Payment | None"] = relationship(
        remote_side="Payment.id", back_populates="reversal"
    )


class ReceiptYear(Model):
    """The last receipt number of a year; whoever takes the next holds this row until the end."""

    __tablename__ = "receipt_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Receipt(Model):
    """A numbered receipt for a payment, with all that is printed on it as it was that day."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("year", "number"), check("number", "number >= 1"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    amount_cents: Mapped[int] = mapped_column(Cents())
    currency: Mapped[str] = mapped_column(CleanText(3))
    printed: Mapped[dict[str, Any]] = mapped_column(JSON)

    payment: Mapped[Payment] = relationship(back_populates="receipt")

    @property
    def title(self) -> str:
        """The number as it is printed: 2026-0001."""
        return receipt_title(self.year, self.number)


def receipt_title(year: int, number: int) -> str:
    return f"{year}-{number:04}"
