"""Taking money at the desk, taking it back, and letting go of what is still open.

Callers give `now`, own the transaction and commit; nothing here does. Taking back is a row of its
own with a date of its own, never a mark on the first: a month that the bookkeeper has already got
does not change afterwards, and the receipt keeps its number. There are no minutes of undoing
beside it: nobody is told anything by mail, so one way that always works is enough.
"""

from dataclasses import dataclass
from datetime import date, datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import agreement
from booking.bookings.models import Booking
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.payment_errors import (
    MoreThanDue,
    NotPayable,
    PaidLater,
    PaidMeanwhile,
    TakenBack,
)
from booking.payments import queries, receipts
from booking.payments.models import Method, Payment
from booking.payments.queries import PAYABLE
from booking.practice.models import Practice


@dataclass(frozen=True, slots=True)
class Taking:
    """What was given: cents of the booking's currency, on a date of the practice's wall.

    `seen_cents` is what had been paid or let go when the page was opened: a second press, or a
    colleague who was faster, finds another sum and is refused.
    """

    amount_cents: int
    method: Method
    seen_cents: int
    paid_on: date | None = None


def take(
    booking_id: int, taking: Taking, actor: Actor, practice: Practice, now: datetime
) -> Payment:
    """Write down a payment and give it a receipt, unless it only lets the rest go.

    Raises NotPayable, PaidMeanwhile, MoreThanDue, PaidLater.
    """
    booking = agreement.lock(booking_id)
    due = queries.due_of([booking_id])[booking_id]
    if booking.status not in PAYABLE:
        raise NotPayable
    if due.settled_cents != taking.seen_cents:
        raise PaidMeanwhile
    if not 0 < taking.amount_cents <= due.left_cents:
        raise MoreThanDue
    today = local_date(now, practice.zone)
    if taking.paid_on is not None and taking.paid_on > today:
        raise PaidLater
    earlier = queries.standing(booking_id)
    payment = _add(booking, taking.amount_cents, taking.method, taking.paid_on or today, actor, now)
    details = {}
    if taking.method is not Method.LET_GO:
        left = due.left_cents - taking.amount_cents
        given = receipts.issue(payment, earlier, left, practice, now)
        details = {"receipt": given.title}
    action = "let_go" if taking.method is Method.LET_GO else "paid"
    _record(payment, action, actor, now, **details)
    return payment


def take_back(
    booking_id: int, payment_id: int, actor: Actor, practice: Practice, now: datetime
) -> Payment:
    """Take a payment of this booking back, whole and as of today; its receipt says so from now on.

    Raises TakenBack, also for a payment that this booking never had.
    """
    booking = agreement.lock(booking_id)
    known = {one.id: one for one in queries.standing(booking_id, with_let_go=True)}
    taken = known.get(payment_id)
    if taken is None:
        raise TakenBack
    today = local_date(now, practice.zone)
    back = _add(booking, -taken.amount_cents, taken.method, today, actor, now, taken)
    _record(back, "paid_back", actor, now, of=taken.id)
    return back


def _add(
    booking: Booking,
    amount_cents: int,
    method: Method,
    day: date,
    actor: Actor,
    now: datetime,
    reverses: Payment | None = None,
) -> Payment:
    payment = Payment(
        booking=booking,
        # What is taken back leaves the sum of whom it was counted for.
        practitioner_id=reverses.practitioner_id if reverses else booking.practitioner_id,
        amount_cents=amount_cents,
        currency=booking.currency,
        method=method,
        paid_on=day,
        taken_by_id=actor.account_id,
        taken_at=now,
        reverses_id=reverses.id if reverses else None,
    )
    db.session.add(payment)
    db.session.flush()
    return payment


def _record(payment: Payment, action: str, actor: Actor, now: datetime, **details: object) -> None:
    details |= {
        "cents": payment.amount_cents,
        "currency": payment.currency,
        "method": payment.method.value,
        "on": payment.paid_on.isoformat(),
    }
    audit.record(actor, payment.booking.about, action, now, **details)
