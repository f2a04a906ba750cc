"""One booking in the studio: its facts and history, what was done, and taking presses back."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_actor
from booking.bookings import changes, desk, obstacles
from booking.bookings.agreement import times
from booking.bookings.forms import UndoForm
from booking.bookings.models import Booking
from booking.catalog import queries as catalog
from booking.catalog.own_access import only_own
from booking.database import transact
from booking.domain.errors import Refusal, SlotTaken
from booking.practice import queries as practice
from booking.studio.day_queries import past_of
from booking.studio.obstacle_words import taken_words
from booking.studio.views import (
    LateForm,
    back_to_day,
    bp,
    find,
    is_movable_back,
    is_restorable,
    more_of,
)
from booking.web.editing import EditForm
from booking.web.filters import refusal_words
from booking.web.forms import prose_field
from booking.web.words import lazy as _l


class DoneForm(EditForm):
    """What was done in a session: for who gave it and for managers."""

    done = prose_field(_l("What we did"), 5000, rows=5)


@bp.get("/bookings/<id:booking_id>", endpoint="booking")
def show_one(booking_id: int) -> ResponseReturnValue:
    booking = find(booking_id)
    form = DoneForm(done=booking.done)
    form.opened_on({"done": booking.done})
    return show_booking(booking, form)


def show_booking(booking: Booking, form: DoneForm) -> str:
    now = clock.utcnow()
    return render_template(
        "studio/booking.html",
        booking=booking,
        form=form,
        past=past_of([booking.id], only_own(), now)[booking.id],
        more=more_of([booking]),
        can_undo=is_restorable(booking, now) or is_movable_back(booking, now),
        names=catalog.names_of(
            {one.from_practitioner_id for one in booking.moves}
            | {one.from_room_id for one in booking.moves if one.from_room_id}
        ),
        now=now,
    )


@bp.post("/bookings/<id:booking_id>/done")
def note_done(booking_id: int) -> ResponseReturnValue:
    form = DoneForm()
    if not form.validate_on_submit():
        return show_booking(find(booking_id), form), 422

    def write() -> bool:
        booking = desk.lock(booking_id)
        if not form.is_current({"done": booking.done}):
            return False
        desk.note_done(booking, form.done.data or "", this_actor(), clock.utcnow())
        return True

    if not transact(write):
        return show_booking(find(booking_id), form), 409
    flash(_("Saved."), "success")
    return redirect(url_for("studio.booking", booking_id=booking_id), code=303)


@bp.post("/bookings/<id:booking_id>/late")
def late(booking_id: int) -> ResponseReturnValue:
    """The client called it off late: one press, told to nobody unless that is ticked."""
    form = LateForm()
    tell = form.validate_on_submit() and bool(form.tell.data)
    try:
        booking = transact(
            changes.late_cancel, booking_id, this_actor(), practice.current(), clock.utcnow(),
            tell=tell,
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    flash(_("Cancelled late: %(name)s.", name=booking.person.name), "success")
    return back_to_day(booking_id, did=booking_id)


@bp.post("/bookings/<id:booking_id>/undo")
def undo(booking_id: int) -> ResponseReturnValue:
    """Take back a move, or that the session was called off."""
    form = UndoForm()
    if not form.validate_on_submit():
        abort(400)
    was_off = not find(booking_id).status.is_live
    operation = changes.restore if was_off else changes.undo
    revision = form.revision.data or 0
    if not was_off and find(booking_id).last_move is None:
        abort(400)
    try:
        booking = transact(
            operation, booking_id, revision, this_actor(), practice.current(), clock.utcnow()
        )
    except SlotTaken:
        flash(explain(find(booking_id)), "error")
        return back_to_day(booking_id)
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    words = _("%(name)s is back.") if was_off else _("%(name)s is back at the old time.")
    flash(words % {"name": booking.person.name}, "success")
    return back_to_day(booking_id)


def explain(booking: Booking) -> str:
    """Say what has the time of a booking by now."""
    now = clock.utcnow()
    account = access.signed_in() or abort(404)
    return taken_words(obstacles.of(times(booking), now), account)
