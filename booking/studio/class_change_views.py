"""Changing or calling off one class, or it and all that follow."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.bookings import class_changes, class_endings
from booking.bookings.class_changes import Change
from booking.catalog.models import Resource
from booking.classes.models import ClassSession
from booking.database import transact
from booking.domain.availability import local_date
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.studio.class_forms import CancelClassForm, ChangeClassForm
from booking.studio.class_views import this_session
from booking.studio.series_views import NO_ROOM, offer_places, runs_series
from booking.studio.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice


def change_form(session: ClassSession) -> Any:
    wall = session.local_start
    form: Any = ChangeClassForm(
        day=wall.date(), start=wall.time(), minutes=session.minutes,
        practitioner=session.practitioner_id, room=session.room_id or NO_ROOM,
        capacity=session.capacity, scope="this",
    )  # fmt: skip
    offer_places(form)
    keep_known(form.practitioner, session.practitioner)
    if session.room is not None:
        # A class that has a room keeps one: its time is claimed.
        form.room.choices = [one for one in form.room.choices if one.value != str(NO_ROOM)]
        keep_known(form.room, session.room)
    offer_scopes(form, session)
    return form


def keep_known(field: Any, known: Resource) -> None:
    """Offer who or what it is now as well, though it may be archived or another's to give."""
    if str(known.id) not in {one.value for one in field.choices}:
        field.choices.append(SelectChoice(str(known.id), known.name))


def offer_scopes(form: Any, session: ClassSession) -> None:
    """Offer all that follow to whoever runs the series: a substitute has this one alone."""
    form.scope.choices = [SelectChoice("this", _("this one"))]
    if runs_series({"series_id": session.series_id}):
        form.scope.choices.append(SelectChoice("following", _("this and all that follow")))


@bp.get("/classes/<id:session_id>/change")
def change_class(session_id: int) -> ResponseReturnValue:
    session = this_session(session_id)
    return show_change(session, change_form(session))


def show_change(session: ClassSession, form: ChangeClassForm, message: str = "") -> str:
    return render_template("studio/change_class.html", session=session, form=form, message=message)


@bp.post("/classes/<id:session_id>/change")
def do_change_class(session_id: int) -> ResponseReturnValue:
    session = this_session(session_id)
    form = change_form(session)
    if not form.validate_on_submit():
        return show_change(session, form), 422
    is_following = form.scope.data == "following"
    operation = class_changes.change_following if is_following else class_changes.change_one
    try:
        transact(
            operation, session_id, change_of(session, form), this_actor(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_change(this_session(session_id), form, refusal_words(refusal)), refusal.status
    flash(_("Changed. Who is booked is told by mail."), "success")
    return redirect(url_for("studio.class_session", session_id=session_id), code=303)


def change_of(session: ClassSession, form: Any) -> Change:
    """Return what is to be different; what was left as it stands is not changed."""
    wall: datetime = session.local_start
    minute = form.start.data.hour * 60 + form.start.data.minute
    return Change(
        on_date=_new(form.day.data, wall.date()),
        start_minute=_new(minute, wall.hour * 60 + wall.minute),
        minutes=_new(form.minutes.data, session.minutes),
        practitioner_id=_new(form.practitioner.data, session.practitioner_id),
        room_id=_new(form.room.data, session.room_id or NO_ROOM),
        capacity=_new(form.capacity.data, session.capacity),
        may_overbook=form.may_overbook.data,
    )


def _new(wanted: Any, known: Any) -> Any:
    return None if wanted == known else wanted


@bp.get("/classes/<id:session_id>/cancel")
def cancel_class(session_id: int) -> ResponseReturnValue:
    session = this_session(session_id)
    form = CancelClassForm(scope="this")
    offer_scopes(form, session)
    return show_cancel(session, form)


def show_cancel(session: ClassSession, form: CancelClassForm, message: str = "") -> str:
    return render_template("studio/cancel_class.html", session=session, form=form, message=message)


@bp.post("/classes/<id:session_id>/cancel")
def do_cancel_class(session_id: int) -> ResponseReturnValue:
    session, form = this_session(session_id), CancelClassForm()
    offer_scopes(form, session)
    if not form.validate_on_submit():
        return show_cancel(session, form), 422
    is_following = form.scope.data == "following"
    operation = class_endings.cancel_following if is_following else class_endings.cancel_one
    day = local_date(session.starts_at, practice.current().zone)
    try:
        transact(operation, session_id, this_actor(), practice.current(), clock.utcnow())
    except Refusal as refusal:
        return show_cancel(this_session(session_id), form, refusal_words(refusal)), refusal.status
    flash(_("Cancelled. Everybody is told by mail."), "success")
    return redirect(url_for("studio.classes", week=day.isoformat()), code=303)
