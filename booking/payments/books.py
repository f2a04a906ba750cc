"""The books: what came in on the days of a span, row by row and summed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.catalog.models import Practitioner
from booking.database import db
from booking.payments.models import Method, Payment, Receipt, receipt_title

PAGE = 100
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Span:
    """Days `[first, end)` on the practice's wall: one day or one month."""

    first: date
    end: date

    @classmethod
    def day(cls, day: date) -> "Span":
        return cls(day, day + timedelta(days=1))

    @classmethod
    def month(cls, day: date) -> "Span":
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1))

    @property
    def is_day(self) -> bool:
        return self.end - self.first == timedelta(days=1)

    @property
    def before(self) -> "Span":
        last = self.first - timedelta(days=1)
        return Span.day(last) if self.is_day else Span.month(last)

    @property
    def after(self) -> "Span":
        return Span.day(self.end) if self.is_day else Span.month(self.end)


class Row(NamedTuple):
    """One line of the books; a negative amount takes back what the receipt was for."""

    booking_id: int
    paid_on: date
    method: Method
    amount_cents: int
    currency: str
    taken_by_id: int | None
    client: str
    service: str
    session_at: datetime  # On the practice's wall.
    practitioner: str
    receipt_id: int | None
    receipt_year: int | None
    receipt_number: int | None

    @property
    def receipt(self) -> str:
        """The number of the receipt, nothing when there is none."""
        if self.receipt_year is None or self.receipt_number is None:
            return ""
        return receipt_title(self.receipt_year, self.receipt_number)


def _within(query: Select, span: Span, practitioner_id: int | None) -> Select:
    query = query.where(
        Payment.paid_on >= span.first,
        Payment.paid_on < span.end,
        Payment.method != Method.LET_GO,
    )
    if practitioner_id is not None:
        query = query.where(Payment.practitioner_id == practitioner_id)
    return query


def _rows(span: Span, practitioner_id: int | None) -> Select:
    query = (
        select(
            Payment.booking_id,
            Payment.paid_on,
            Payment.method,
            Payment.amount_cents,
            Payment.currency,
            Payment.taken_by_id,
            Person.name,
            Booking.service_name,
            Booking.local_start,
            Practitioner.name,
            Receipt.id,
            Receipt.year,
            Receipt.number,
        )
        .join(Booking, Booking.id == Payment.booking_id)
        .join(Person, Person.id == Booking.person_id)
        .join(Practitioner, Practitioner.id == Payment.practitioner_id)
        # What takes a payment back names that payment's receipt.
        .outerjoin(Receipt, Receipt.payment_id == func.coalesce(Payment.reverses_id, Payment.id))
        .order_by(Payment.paid_on, Payment.id)
    )
    return _within(query, span, practitioner_id)


def page(span: Span, practitioner_id: int | None, number: int) -> list[Row]:
    """Return a page of the rows of these days, in order, and one more when there is one."""
    query = _rows(span, practitioner_id).limit(PAGE + 1).offset((number - 1) * PAGE)
    return [Row(*row) for row in db.session.execute(query)]


def stream(span: Span, practitioner_id: int | None) -> Iterator[Row]:
    """Yield all rows of these days without ever holding all of them."""
    query = _rows(span, practitioner_id).execution_options(yield_per=AT_ONCE)
    for row in db.session.execute(query):
        yield Row(*row)


@dataclass(slots=True)
class Sums:
    """What came in, in cents of one currency, by method and by practitioner."""

    total: int = 0
    methods: dict[Method, int] = field(default_factory=dict)
    practitioners: dict[tuple[int, str], int] = field(default_factory=dict)


def sums(span: Span, practitioner_id: int | None) -> dict[str, Sums]:
    """Return the sums of these days by currency: nothing is ever added across currencies."""
    query = (
        select(
            Payment.currency,
            Payment.method,
            Practitioner.id,
            Practitioner.name,
            func.sum(Payment.amount_cents),
        )
        .join(Practitioner, Practitioner.id == Payment.practitioner_id)
        .group_by(Payment.currency, Payment.method, Practitioner.id, Practitioner.name)
        .order_by(Payment.currency, Practitioner.name)
    )
    found: dict[str, Sums] = {}
    for currency, method, giver, name, cents in db.session.execute(
        _within(query, span, practitioner_id)
    ):
        kept = found.setdefault(currency, Sums())
        kept.total += int(cents)
        kept.methods[method] = kept.methods.get(method, 0) + int(cents)
        key = (giver, name)
        kept.practitioners[key] = kept.practitioners.get(key, 0) + int(cents)
    for kept in found.values():
        kept.methods = {one: kept.methods[one] for one in Method if one in kept.methods}
    return found
