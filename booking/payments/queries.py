"""Reading money: what is due for which booking, and a booking's payments and receipts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from booking.bookings.models import Booking, Status
from booking.bookings.queries import WITH_FAMILY
from booking.database import db
from booking.payments.models import Method, Payment, Receipt

# What is owed once the session has begun; for what was missed or called off late the studio may
# ask, and nobody owes it until somebody has.
OWED = (Status.BOOKED, Status.ARRIVED)
CHARGEABLE = (Status.NO_SHOW, Status.LATE_CANCELLED)
PAYABLE = (*OWED, *CHARGEABLE)


class State(StrEnum):
    FREE = "free"  # Costs nothing.
    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    SETTLED = "settled"  # The rest, or all of it, was let go.


@dataclass(frozen=True, slots=True)
class Due:
    """What a booking costs and what of it is paid or let go, in cents of its currency."""

    price_cents: int
    paid_cents: int
    let_go_cents: int
    currency: str

    @property
    def settled_cents(self) -> int:
        return self.paid_cents + self.let_go_cents

    @property
    def left_cents(self) -> int:
        return max(self.price_cents - self.settled_cents, 0)

    @property
    def state(self) -> State:
        if self.left_cents:
            return State.PART_PAID if self.paid_cents else State.UNPAID
        if self.let_go_cents:
            return State.SETTLED
        return State.PAID if self.paid_cents else State.FREE


def _let_go():  # noqa: ANN202 - a column
    amount = case((Payment.method == Method.LET_GO, Payment.amount_cents), else_=0)
    return func.coalesce(func.sum(amount), 0)


def _settled():  # noqa: ANN202 - a column
    return func.coalesce(func.sum(Payment.amount_cents), 0)


def due_of(booking_ids: Iterable[int]) -> dict[int, Due]:
    """Return what is due for each of these bookings, in one select."""
    ids = list(booking_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        select(Booking.id, Booking.price_cents, _settled(), _let_go(), Booking.currency)
        .outerjoin(Payment, Payment.booking_id == Booking.id)
        .where(Booking.id.in_(ids))
        .group_by(Booking.id)
    )
    return {
        number: Due(price, int(settled) - int(let_go), int(let_go), currency)
        for number, price, settled, let_go, currency in rows
    }


def of_booking(booking_id: int) -> Sequence[Payment]:
    """Return all that was written down for a booking, in the order in which it was."""
    return db.session.scalars(
        select(Payment)
        .where(Payment.booking_id == booking_id, Payment.reverses_id.is_(None))
        .options(joinedload(Payment.receipt), joinedload(Payment.reversal))
        .order_by(Payment.id)
    ).all()


def standing(booking_id: int, *, with_let_go: bool = False) -> list[Payment]:
    """Return the payments of a booking that were not taken back."""
    return [
        one
        for one in of_booking(booking_id)
        if one.reversal is None and (with_let_go or one.method is not Method.LET_GO)
    ]


def find_receipt(receipt_id: int) -> Receipt | None:
    """Return a receipt with whose it is and whether it was taken back, in one select."""
    return db.session.scalar(
        select(Receipt)
        .where(Receipt.id == receipt_id)
        .options(
            joinedload(Receipt.payment).joinedload(Payment.booking).joinedload(Booking.person),
            joinedload(Receipt.payment)
            .joinedload(Payment.booking)
            .joinedload(Booking.practitioner),
            joinedload(Receipt.payment).joinedload(Payment.practitioner),
            joinedload(Receipt.payment).joinedload(Payment.reversal),
        )
    )


def receipts_of(booking_ids: Iterable[int]) -> dict[int, list[Receipt]]:
    """Return the receipts of these bookings that stand, in one select."""
    ids, back = list(booking_ids), aliased(Payment)
    found: dict[int, list[Receipt]] = {}
    if not ids:
        return found
    rows = db.session.execute(
        select(Payment.booking_id, Receipt)
        .join(Receipt.payment)
        .outerjoin(back, back.reverses_id == Payment.id)
        .where(Payment.booking_id.in_(ids), back.id.is_(None))
        .order_by(Receipt.year, Receipt.number)
    )
    for booking_id, receipt in rows:
        found.setdefault(booking_id, []).append(receipt)
    return found


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose open sums: of one practitioner's sessions or of all, of one client or of all."""

    practitioner_id: int | None = None
    person_id: int | None = None


UNPAID_PAGE = 50


def _open(columns: tuple, statuses: tuple[Status, ...], whom: Whom, now: datetime) -> Select:
    """Select from begun sessions of which something is left, with what was settled."""
    settled = (
        select(Payment.booking_id, func.sum(Payment.amount_cents).label("cents"))
        .group_by(Payment.booking_id)
        .subquery()
    )
    paid = func.coalesce(settled.c.cents, 0)
    query = (
        select(*columns, (Booking.price_cents - paid).label("left"))
        .outerjoin(settled, settled.c.booking_id == Booking.id)
        .where(Booking.starts_at <= now, Booking.status.in_(statuses), Booking.price_cents > paid)
    )
    if whom.practitioner_id is not None:
        query = query.where(Booking.practitioner_id == whom.practitioner_id)
    if whom.person_id is not None:
        query = query.where(Booking.person_id == whom.person_id)
    return query


def unpaid(whom: Whom, page: int, now: datetime) -> list[tuple[Booking, int]]:
    """Return a page of begun sessions with the cents still due, the newest first, and one more."""
    rows = db.session.execute(
        _open((Booking,), OWED, whom, now)
        .options(*WITH_FAMILY, joinedload(Booking.practitioner))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(UNPAID_PAGE + 1)
        .offset((page - 1) * UNPAID_PAGE)
    )
    return [(booking, int(left)) for booking, left in rows]


def owed(whom: Whom, now: datetime) -> dict[str, int]:
    """Return what is still due for begun sessions, in cents, by currency."""
    found = _open((Booking.currency,), OWED, whom, now).subquery()
    rows = db.session.execute(
        select(found.c.currency, func.sum(found.c.left))
        .group_by(found.c.currency)
        .order_by(found.c.currency)
    )
    return {currency: int(left) for currency, left in rows}
