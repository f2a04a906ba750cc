"""A session's money: taking it at the desk, taking it back, and the receipts."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_actor
from booking.accounts.models import Role
from booking.bookings import queries as bookings
from booking.bookings.links import read_link
from booking.bookings.models import Booking
from booking.catalog import queries as catalog
from booking.catalog.own_access import only_own
from booking.database import transact
from booking.domain.availability import local_date
from booking.domain.errors import Refusal
from booking.payments import operations, queries, receipts
from booking.payments.forms import LetGoForm, PaymentForm, TakeBackForm
from booking.payments.models import Method, Payment, Receipt
from booking.payments.operations import Taking
from booking.payments.queries import CHARGEABLE, PAYABLE, Whom
from booking.payments.words import method_words
from booking.practice import queries as practice
from booking.web.filters import money, refusal_words
from booking.web.number_fields import price_of
from booking.web.wall import today

bp = Blueprint("payments", __name__)

bp.add_app_template_filter(method_words)
bp.add_app_template_global(queries.due_of)
bp.add_app_template_global(queries.receipts_of)


@bp.app_template_global()
def owed_by(person_id: int) -> dict[str, int]:
    """What a client still owes whoever is signed in, in cents by currency."""
    return queries.owed(Whom(only_own(), person_id), clock.utcnow())


def sees_receipt(values: dict) -> bool:
    """Owner look-up: practitioners have the receipts of their own sessions, managers all."""
    account, receipt = access.signed_in(), queries.find_receipt(values["receipt_id"])
    if account is None or receipt is None:
        return False
    payment = receipt.payment
    givers = (payment.practitioner, payment.booking.practitioner)
    return account.role is Role.MANAGER or account.id in {one.account_id for one in givers}


def got_receipt(values: dict) -> bool:
    """Owner look-up: clients have the receipts for everybody under their account."""
    account, receipt = access.signed_in(), queries.find_receipt(values["receipt_id"])
    if account is None or receipt is None:
        return False
    return receipt.payment.booking.person.account_id == account.id


def this_booking(booking_id: int) -> Booking:
    return bookings.find(booking_id) or abort(404)


@bp.get("/studio/bookings/<id:booking_id>/money")
def booking(booking_id: int) -> ResponseReturnValue:
    due = queries.due_of([booking_id])[booking_id]
    form = PaymentForm(amount=price_of(due.left_cents), method=Method.CASH.value, paid_on=today())
    return show_money(booking_id, form)


def show_money(booking_id: int, form: PaymentForm, message: str = "") -> str:
    shown = this_booking(booking_id)
    due = queries.due_of([booking_id])[booking_id]
    return render_template(
        "payments/booking.html",
        booking=shown,
        due=due,
        payments=queries.of_booking(booking_id),
        names=catalog.names_by_account(),
        is_payable=shown.status in PAYABLE,
        is_chargeable=shown.status in CHARGEABLE,
        form=form,
        message=message,
    )


@bp.post("/studio/bookings/<id:booking_id>/money")
def take(booking_id: int) -> ResponseReturnValue:
    form = PaymentForm()
    if not form.validate_on_submit():
        return show_money(booking_id, form), 422
    try:
        paid = _take(booking_id, form.taking())
    except Refusal as refusal:
        return show_money(booking_id, form, refusal_words(refusal)), refusal.status
    assert paid.receipt is not None  # noqa: S101 - only letting go has none
    flash(
        _(
            "%(name)s has paid %(amount)s. Receipt %(number)s.",
            name=paid.booking.person.name,
            amount=money(paid.amount_cents, paid.currency),
            number=paid.receipt.title,
        ),
        "success",
    )
    return go_back(booking_id, form.back.data)


def _take(booking_id: int, taking: Taking) -> Payment:
    return transact(
        operations.take, booking_id, taking, this_actor(), practice.current(),
        clock.utcnow(),
    )  # fmt: skip


@bp.post("/studio/bookings/<id:booking_id>/money/let-go")
def let_go(booking_id: int) -> ResponseReturnValue:
    """Ask no longer for what is still open: a favour, a discount, a debt that is not worth it."""
    form = LetGoForm()
    if not form.validate_on_submit():
        abort(400)
    taking = Taking(form.amount_cents.data or 0, Method.LET_GO, form.seen.data or 0)
    try:
        _take(booking_id, taking)
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(_("Let go. Nothing more is asked for this session."), "success")
    return go_back(booking_id, form.back.data)


@bp.post("/studio/bookings/<id:booking_id>/money/take-back")
def take_back(booking_id: int) -> ResponseReturnValue:
    form = TakeBackForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        back = transact(
            operations.take_back, booking_id, form.payment.data or 0,
            this_actor(), practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        amount = money(-back.amount_cents, back.currency)
        flash(_("Taken back: %(amount)s.", amount=amount), "success")
    return go_back(booking_id, "money")


def go_back(booking_id: int, back: str) -> ResponseReturnValue:
    """Return to the page on which the press was."""
    seen = this_booking(booking_id)
    if back == "class" and seen.class_session_id is not None:
        where = url_for("studio.class_session", session_id=seen.class_session_id)
    elif back == "day":
        day = local_date(seen.starts_at, practice.current().zone)
        where = url_for("studio.day", day=day.isoformat())
    else:
        where = url_for("payments.booking", booking_id=booking_id)
    return redirect(where, code=303)


def this_receipt(receipt_id: int) -> Receipt:
    return queries.find_receipt(receipt_id) or abort(404)


@bp.get("/studio/receipts/<id:receipt_id>")
def receipt(receipt_id: int) -> ResponseReturnValue:
    return show_receipt(this_receipt(receipt_id), is_staff=True)


@bp.get("/my/receipts/<id:receipt_id>")
def my_receipt(receipt_id: int) -> ResponseReturnValue:
    return show_receipt(this_receipt(receipt_id))


@bp.get("/manage/<signed:link>/receipts/<id:receipt_id>")
def receipt_by_link(link: str, receipt_id: int) -> ResponseReturnValue:
    """The same for guests, who have no account: the link opens its own booking's and no other."""
    said, found = read_link(link) or abort(404), this_receipt(receipt_id)
    if found.payment.booking_id != said.booking_id:
        abort(404)
    return show_receipt(found, link=link)


def show_receipt(found: Receipt, *, is_staff: bool = False, link: str = "") -> str:
    return render_template(
        "payments/receipt.html",
        receipt=found,
        printed=receipts.read(found),
        reversal=found.payment.reversal,
        is_staff=is_staff,
        link=link,
    )
