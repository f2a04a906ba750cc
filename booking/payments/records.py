"""What money keeps about people: all of it is exported, and all of it stays for the books.

Who paid for what has to be kept for years by whoever keeps books, receipts with the name that is
printed on them included. So erasing a person takes nothing from here; the booking that a payment
belongs to no longer says who it was.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from booking.accounts.records import Part, Table, Whose
from booking.bookings.models import Booking
from booking.payments.models import Payment, Receipt


def _theirs(whose: Whose) -> ColumnElement[bool]:
    bookings = select(Booking.id).where(Booking.person_id.in_(whose.person_ids))
    return Payment.booking_id.in_(bookings)


def _receipts(whose: Whose) -> ColumnElement[bool]:
    return Receipt.payment_id.in_(select(Payment.id).where(_theirs(whose)))


def _kept(_whose: Whose, _now: datetime) -> None:
    """The law has the books kept."""


# Without subjects: the trail speaks of money by its booking. What is still to be paid keeps nobody
# from leaving.
PART = Part(
    tables=(
        Table(
            Payment,
            _theirs,
            words={"practitioner": lambda payment: payment.practitioner.name},
        ),
        Table(Receipt, _receipts, for_programs=frozenset({"printed"})),
    ),
    erase=_kept,
)
