"""Receipts: the next number without a gap, and what is printed, copied when it is given."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from booking.database import db
from booking.domain.availability import local_date
from booking.payments.models import Method, Payment, Receipt
from booking.practice.models import Practice

# One statement on both engines: it waits for whoever took a number and has not committed yet,
# and what is rolled back gives its number back.
NEXT_NUMBER = """
    INSERT INTO receipt_year (year, last) VALUES (:year, 1)
    ON CONFLICT (year) DO UPDATE SET last = receipt_year.last + 1
    RETURNING last"""


@dataclass(frozen=True, slots=True)
class Part:
    """A payment of the same session that stood before this one."""

    paid_on: str
    method: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a receipt; dates as ISO has them, money in cents of the receipt's currency."""

    practice: str
    address: str
    phone: str
    licence: str
    practitioner: str
    practitioner_title: str
    practitioner_licence: str
    client: str
    service: str
    session_on: str
    minutes: int
    price_cents: int
    method: str
    paid_on: str
    issued_on: str
    earlier: tuple[Part, ...]
    left_cents: int


def issue(
    payment: Payment, earlier: Sequence[Payment], left_cents: int, practice: Practice, now: datetime
) -> Receipt:
    """Give a payment its receipt, with the next number of the year that it is in the practice.

    Call it last: the number is locked until the transaction ends.
    """
    issued_on = local_date(now, practice.zone)
    printed = _printed(payment, earlier, left_cents, practice, issued_on)
    number = db.session.execute(text(NEXT_NUMBER), {"year": issued_on.year}).scalar_one()
    receipt = Receipt(
        year=issued_on.year,
        number=number,
        payment=payment,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        printed=asdict(printed),
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def _printed(
    payment: Payment,
    earlier: Sequence[Payment],
    left_cents: int,
    practice: Practice,
    issued_on: date,
) -> Printed:
    booking = payment.booking
    return Printed(
        practice=practice.name,
        address=practice.address,
        phone=practice.phone,
        licence=practice.licence,
        practitioner=booking.practitioner.name,
        practitioner_title=booking.practitioner.title,
        practitioner_licence=booking.practitioner.licence,
        client=booking.person.name,
        service=booking.service_name,
        session_on=booking.local_start.date().isoformat(),
        minutes=booking.minutes,
        price_cents=booking.price_cents,
        method=payment.method.value,
        paid_on=payment.paid_on.isoformat(),
        issued_on=issued_on.isoformat(),
        earlier=tuple(
            Part(one.paid_on.isoformat(), one.method.value, one.amount_cents) for one in earlier
        ),
        left_cents=left_cents,
    )


def read(receipt: Receipt) -> dict[str, Any]:
    """Return what is printed, its dates and methods as values that pages can say in words."""
    printed = dict(receipt.printed)
    for name in ("session_on", "paid_on", "issued_on"):
        printed[name] = date.fromisoformat(printed[name])
    printed["method"] = Method(printed["method"])
    printed["earlier"] = [
        {**one, "paid_on": date.fromisoformat(one["paid_on"]), "method": Method(one["method"])}
        for one in printed["earlier"]
    ]
    return printed
