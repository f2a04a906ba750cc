"""Requests of first-time clients: yes or no."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.bookings import approvals
from booking.bookings.forms import ConfirmForm
from booking.catalog.own_access import only_own
from booking.database import transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.studio.forms import DeclineForm
from booking.studio.views import bp
from booking.web.filters import refusal_words


@bp.get("/requests")
def requests() -> ResponseReturnValue:
    return show_requests()


def show_requests(form: DeclineForm | None = None, about: int | None = None) -> str:
    """`about` is the booking whose form has an error."""
    return render_template(
        "studio/requests.html",
        waiting=approvals.waiting(only_own()),
        form=form or DeclineForm(formdata=None),
        about=about,
    )


@bp.post("/bookings/<id:booking_id>/accept")
def accept_request(booking_id: int) -> ResponseReturnValue:
    if not ConfirmForm().validate_on_submit():
        return show_requests(), 422
    try:
        booking = transact(
            approvals.accept, booking_id, this_actor(), practice.current(),
            clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(_("Agreed with %(name)s, who hears of it.", name=booking.person.name), "success")
    return redirect(url_for("studio.requests"), code=303)


@bp.post("/bookings/<id:booking_id>/decline")
def decline_request(booking_id: int) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate_on_submit():
        return show_requests(form, booking_id), 422
    try:
        booking = transact(
            approvals.decline, booking_id, form.words.data or "", this_actor(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(_("Turned down: %(name)s hears of it.", name=booking.person.name), "success")
    return redirect(url_for("studio.requests"), code=303)
