"""Breaks that come every week."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.catalog.models import Practitioner
from booking.database import transact
from booking.domain.availability import Spell
from booking.domain.errors import Refusal
from booking.scheduling import breaks, hours
from booking.scheduling.models import RecurringBreak
from booking.studio.hours_forms import BreakForm, break_values
from booking.studio.hours_views import may_run, this
from booking.studio.views import bp
from booking.web.filters import refusal_words


def owns_break(values: dict) -> bool:
    """Owner look-up for the access table: practitioners have their own breaks, managers all."""
    found = breaks.find(values["break_id"])
    return found is not None and may_run(found.practitioner_id)


@bp.get("/hours/<id:practitioner_id>/breaks/new")
def new_break(practitioner_id: int) -> ResponseReturnValue:
    return show_break(this(practitioner_id), BreakForm())


def show_break(
    practitioner: Practitioner, form: BreakForm, found: RecurringBreak | None = None
) -> str:
    return render_template("studio/break.html", practitioner=practitioner, form=form, found=found)


@bp.post("/hours/<id:practitioner_id>/breaks/new")
def add_break(practitioner_id: int) -> ResponseReturnValue:
    practitioner, form = this(practitioner_id), BreakForm()
    if not form.validate_on_submit():
        return show_break(practitioner, form), 422
    try:
        transact(breaks.add, practitioner_id, form.pause, this_actor(), clock.utcnow())
    except Refusal as refusal:
        form.ends.errors = [refusal_words(refusal)]
        return show_break(this(practitioner_id), form), refusal.status
    return _saved(practitioner_id)


def _saved(practitioner_id: int) -> ResponseReturnValue:
    flash(_("Saved. What is booked in a break stays."), "success")
    return redirect(url_for("studio.hours", practitioner_id=practitioner_id), code=303)


def this_break(break_id: int) -> RecurringBreak:
    return breaks.find(break_id) or abort(404)


def values_of(found: RecurringBreak) -> dict:
    spell = Spell(found.starts_minute, found.ends_minute)
    return break_values(found.weekday, spell, found.valid_from, found.valid_until, found.note)


@bp.get("/hours/breaks/<id:break_id>")
def edit_break(break_id: int) -> ResponseReturnValue:
    found = this_break(break_id)
    form = BreakForm(formdata=None, data=values_of(found))
    form.opened_on(values_of(found))
    return show_break(this(found.practitioner_id), form, found)


@bp.post("/hours/breaks/<id:break_id>")
def change_break(break_id: int) -> ResponseReturnValue:
    found, form = this_break(break_id), BreakForm()
    practitioner_id = found.practitioner_id
    if not form.validate_on_submit():
        return show_break(this(practitioner_id), form, found), 422
    try:
        is_saved = transact(_change, break_id, practitioner_id, form)
    except Refusal as refusal:
        form.ends.errors = [refusal_words(refusal)]
        return show_break(this(practitioner_id), form, this_break(break_id)), refusal.status
    if not is_saved:
        return show_break(this(practitioner_id), form, this_break(break_id)), 409
    return _saved(practitioner_id)


def _change(break_id: int, practitioner_id: int, form: BreakForm) -> bool:
    """Write the break unless somebody else has changed it since the form was opened."""
    hours.lock(practitioner_id)
    found = breaks.find(break_id) or abort(404)
    if not form.is_current(values_of(found)):
        return False
    breaks.change(found, form.pause, this_actor(), clock.utcnow())
    return True


@bp.post("/hours/breaks/<id:break_id>/remove")
def remove_break(break_id: int) -> ResponseReturnValue:
    practitioner_id = this_break(break_id).practitioner_id
    transact(breaks.remove, break_id, this_actor(), clock.utcnow())
    flash(_("The break is removed."), "success")
    return redirect(url_for("studio.hours", practitioner_id=practitioner_id), code=303)
