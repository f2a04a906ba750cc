"""The therapist's day: who comes, and one press for what happened."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import RadioField

from booking import clock
from booking.accounts import access
from booking.accounts.audit import actor_of
from booking.accounts.models import Account, Role
from booking.bookings import changes, line, queries
from booking.bookings.forms import ConfirmForm
from booking.bookings.models import Booking, Status
from booking.catalog import queries as catalog
from booking.classes import queries as classes
from booking.classes.models import SessionState
from booking.classes.queries import Filter
from booking.database import transact
from booking.domain.availability import DAY, day_interval, local_date
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.web.addresses import number_argument
from booking.web.fields import YEARS
from booking.web.filters import refusal_words
from booking.web.forms import Form, SelectChoice

bp = Blueprint("studio", __name__, url_prefix="/studio")


class MarkForm(Form):
    """What happened; not typed by anybody, so another value is malformed."""

    status = RadioField(
        choices=[SelectChoice(one.value) for one in sorted(changes.MARKS)],
    )


def owns_booking(values: dict) -> bool:
    """Owner look-up for the access table: practitioners have their own, managers all."""
    account = access.signed_in()
    booking = queries.find(values["booking_id"])
    if account is None or booking is None:
        return False
    return account.role is Role.MANAGER or booking.practitioner.account_id == account.id


@bp.get("/")
def today() -> ResponseReturnValue:
    return show_day(local_date(clock.utcnow(), practice.current().zone))


@bp.get("/day/<day>")
def day(day: str) -> ResponseReturnValue:
    try:
        shown = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return show_day(shown) if shown.year in YEARS else abort(404)


def show_day(day: date) -> ResponseReturnValue:
    studio, now = practice.current(), clock.utcnow()
    account = access.signed_in() or abort(404)
    practitioner_id, is_all = whose(account)
    whole = day_interval(day, studio.zone)
    bookings = queries.on_day(whole, practitioner_id)
    taught = classes.between(
        whole,
        Filter(practitioner_id=practitioner_id),
        (SessionState.PLANNED, SessionState.CANCELLED),
    )
    if practitioner_id is None and not is_all:
        bookings, taught = [], []
    return render_template(
        "studio/day.html",
        day=day,
        today=local_date(now, studio.zone),
        previous=day - DAY,
        following=day + DAY,
        entries=sorted([*bookings, *taught], key=lambda one: (one.starts_at, one.id)),
        waiting=line.counts(one.id for one in taught),
        expected=sum(one.status.is_live for one in bookings) + sum(one.is_on for one in taught),
        is_all=is_all and practitioner_id is None,
        form=ConfirmForm(),
        now=now,
    )


def whose(account: Account) -> tuple[int | None, bool]:
    """Return whose calendar is shown: one practitioner's id, or None and True for everybody's."""
    own = catalog.practitioner_of(account.id)
    if account.role is Role.MANAGER:
        return number_argument("practitioner"), True
    return (own.id if own else None), False


@bp.post("/bookings/<id:booking_id>/mark")
def mark(booking_id: int) -> ResponseReturnValue:
    form = MarkForm()
    if not form.validate_on_submit():
        abort(400)
    status = Status(form.status.data)
    actor = actor_of(access.signed_in())
    try:
        marked = transact(
            changes.mark, booking_id, status, actor, practice.current(), clock.utcnow()
        )
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    if status is Status.BOOKED:
        flash(_("Taken back: %(name)s.", name=marked.person.name), "success")
    return back_to_day(booking_id)


def back_to_day(booking_id: int) -> ResponseReturnValue:
    booking = find(booking_id)
    day = local_date(booking.starts_at, practice.current().zone)
    return redirect(url_for("studio.day", day=day.isoformat()), code=303)


def find(booking_id: int) -> Booking:
    return queries.find(booking_id) or abort(404)


@bp.get("/bookings/<id:booking_id>/cancel")
def cancel(booking_id: int) -> ResponseReturnValue:
    return render_template("studio/cancel.html", booking=find(booking_id), form=ConfirmForm())


@bp.post("/bookings/<id:booking_id>/cancel")
def do_cancel(booking_id: int) -> ResponseReturnValue:
    try:
        booking = transact(
            changes.cancel,
            booking_id,
            actor_of(access.signed_in()),
            practice.current(),
            clock.utcnow(),
        )
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    told = (
        _("They are told by mail.") if booking.person.address else _("They have no mail address.")
    )
    flash(_("Cancelled: %(name)s. %(told)s", name=booking.person.name, told=told), "success")
    return back_to_day(booking_id)
