"""Time off: entered with a choice for all that stands in it, listed, and taken back."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, audit
from booking.accounts.access import this_actor
from booking.accounts.models import Role
from booking.bookings import absences as conflicts
from booking.bookings.forms import ConfirmForm
from booking.catalog import queries as catalog
from booking.database import lock_row, transact
from booking.domain.errors import Refusal
from booking.domain.hours_errors import InTheWay
from booking.domain.intervals import Interval
from booking.practice import queries as practice
from booking.scheduling import absences
from booking.scheduling.absences import Absence
from booking.scheduling.models import TimeOff
from booking.studio.absence_forms import (
    AbsenceForm,
    EndForm,
    NoteForm,
    StartForm,
    choices_form,
    choices_of,
)
from booking.studio.hours_views import may_run, wanted_argument
from booking.studio.hours_words import absence_words
from booking.studio.views import bp
from booking.web.addresses import number_argument
from booking.web.fields import parse_day
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice


def owns_absence(values: dict) -> bool:
    """Owner look-up for the access table: practitioners have their own time off, managers all."""
    found = absences.find(values["absence_id"])
    return found is not None and may_run(found.resource_id)


def own_resources() -> set[int] | None:
    """Return whose time off one may see and enter; None is everybody's and every room's."""
    account = access.signed_in() or abort(404)
    if account.role is Role.MANAGER:
        return None
    own = catalog.practitioner_of(account.id)
    return {own.id} if own else set()


@bp.get("/time-off", endpoint="absences")
def index() -> ResponseReturnValue:
    coming = absences.coming(clock.utcnow(), own_resources())
    return render_template(
        "studio/absences.html",
        coming=coming,
        names=catalog.names_of({one.resource_id for one in coming}),
        absence_words=absence_words,
        form=ConfirmForm(),
    )


def forms() -> tuple[Any, Any, Any]:
    """The three parts of one form: who and what for, from, until."""
    form = AbsenceForm()
    own = own_resources()
    form.who.choices = [
        SelectChoice(str(one.id), one.name)
        for one in absences.resources()
        if own is None or one.id in own
    ]
    return form, StartForm(prefix="from-"), EndForm(prefix="until-")


@bp.get("/time-off/new")
def new_absence() -> ResponseReturnValue:
    form, start, end = forms()
    form.who.data = number_argument("who") or form.who.data
    start.day.data = parse_day(wanted_argument("day"))
    return show_new(form, start, end)


def show_new(form: Any, start: Any, end: Any, message: str = "") -> str:
    return render_template(
        "studio/new_absence.html", form=form, start=start, end=end, message=message
    )


@bp.post("/time-off/new")
def add_absence() -> ResponseReturnValue:
    form, start, end = parts = forms()
    absence = absence_of(*parts)
    if absence is None:
        return show_new(form, start, end), 422
    obstacles = conflicts.in_the_way(absence, clock.utcnow())
    answers = choices_form(obstacles)
    if not answers.validate():
        abort(400)
    chosen = choices_of(answers, obstacles, set((form.shown.data or "").split()))
    try:
        transact(
            conflicts.take_off, absence, chosen, this_actor(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except InTheWay as refusal:
        return show_list(parts, absence, refusal), refusal.status
    except Refusal as refusal:
        return show_new(form, start, end, refusal_words(refusal)), refusal.status
    flash(_("Entered: %(when)s.", when=absence_words(*absence.interval)), "success")
    return redirect(url_for("studio.absences"), code=303)


def absence_of(form: Any, start: Any, end: Any) -> Absence | None:
    """Return what was typed; None, with the errors at the fields, when it is not right."""
    # Each is looked at, so that all that is wrong is said at once.
    if not all([form.validate(), start.validate(), end.validate()]):
        return None
    zone = practice.current().zone
    begins = start.begins(zone)
    ends = end.ends(start.day.data, zone)
    if begins is None or ends is None:
        return None
    return Absence(form.who.data, Interval(begins, ends), form.note.data or "")


def show_list(parts: tuple[Any, Any, Any], absence: Absence, refusal: InTheWay) -> str:
    """Show what stands in the way now, each with its choice; what was chosen before is kept."""
    form, start, end = parts
    obstacles = conflicts.in_the_way(absence, clock.utcnow())
    was_shown = bool(form.shown.data)
    form.shown.data = " ".join(one.key for one in obstacles)
    return render_template(
        "studio/in_the_way.html",
        form=form, start=start, end=end,
        obstacles=obstacles,
        answers=choices_form(obstacles),
        who=catalog.names_of({absence.resource_id})[absence.resource_id],
        when=absence_words(*absence.interval),
        message=refusal_words(refusal) if was_shown else "",
    )  # fmt: skip


def this_absence(absence_id: int) -> TimeOff:
    return absences.find(absence_id) or abort(404)


def show_absence(found: TimeOff, form: NoteForm) -> str:
    return render_template(
        "studio/absence.html",
        absence=found,
        name=catalog.names_of({found.resource_id})[found.resource_id],
        when=absence_words(found.starts_at, found.ends_at),
        form=form,
    )


@bp.get("/time-off/<id:absence_id>")
def absence(absence_id: int) -> ResponseReturnValue:
    found = this_absence(absence_id)
    form = NoteForm(formdata=None, data={"note": found.note})
    form.opened_on({"note": found.note})
    return show_absence(found, form)


@bp.post("/time-off/<id:absence_id>")
def change_absence(absence_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return show_absence(this_absence(absence_id), form), 422
    if not transact(_change_note, absence_id, form):
        return show_absence(this_absence(absence_id), form), 409
    flash(_("Saved."), "success")
    return redirect(url_for("studio.absences"), code=303)


def _change_note(absence_id: int, form: NoteForm) -> bool:
    """Write the note unless somebody else has changed it since the form was opened."""
    found = this_absence(absence_id)
    lock_row(found)
    if not form.is_current({"note": found.note}):
        return False
    found.note = form.note.data or ""
    about = f"resource:{found.resource_id}"
    audit.record(this_actor(), about, "time_off_changed", clock.utcnow())
    return True


@bp.post("/time-off/<id:absence_id>/remove")
def remove_absence(absence_id: int) -> ResponseReturnValue:
    try:
        transact(absences.remove, absence_id, this_actor(), clock.utcnow())
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(_("The time is free again."), "success")
    return redirect(url_for("studio.absences"), code=303)
