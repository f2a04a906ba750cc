"""Other hours on one date, or none."""

from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.catalog.models import Practitioner
from booking.database import transact
from booking.domain.hours_errors import HoursOverlap, SpellBackward
from booking.scheduling import hours
from booking.studio.hours_forms import DateForm, RemoveDateForm, date_values, times_data
from booking.studio.hours_views import blame, this, told_outside, wanted_argument
from booking.studio.hours_words import spells_words
from booking.studio.views import bp
from booking.web.fields import YEARS, parse_day


@bp.get("/hours/<id:practitioner_id>/date")
def date_hours(practitioner_id: int) -> ResponseReturnValue:
    day = parse_day(wanted_argument("day"))
    day = day if day is None or day.year in YEARS else None
    known = hours.on_date(practitioner_id, day) if day else None
    form = DateForm(
        formdata=None,
        data={
            "day": day,
            "is_closed": known == [],
            "spells": [times_data(spell) for spell in known or []],
        },
    )
    form.opened_on(date_values(known))
    return show_date(this(practitioner_id), form)


def show_date(practitioner: Practitioner, form: DateForm) -> str:
    day: date | None = form.day.data
    known = hours.on_date(practitioner.id, day) if day else None
    return render_template(
        "studio/date_hours.html",
        practitioner=practitioner,
        form=form,
        their_words=_("none of its own") if known is None else spells_words(known),
    )


@bp.post("/hours/<id:practitioner_id>/date")
def save_date_hours(practitioner_id: int) -> ResponseReturnValue:
    practitioner, form = this(practitioner_id), DateForm()
    if not form.validate_on_submit():
        return show_date(practitioner, form), 422
    try:
        is_saved = transact(_save_date, practitioner_id, form)
    except (SpellBackward, HoursOverlap) as refusal:
        blame(form.typed()[refusal.values["number"]][0], refusal)
        return show_date(this(practitioner_id), form), refusal.status
    if not is_saved:
        return show_date(this(practitioner_id), form), 409
    told_outside(practitioner_id, _("Saved."))
    return redirect(url_for("studio.hours", practitioner_id=practitioner_id), code=303)


def _save_date(practitioner_id: int, form: DateForm) -> bool:
    """Write the hours of a date unless somebody else has changed them since."""
    day = form.day.data
    assert day is not None  # noqa: S101 - the form is valid
    hours.lock(practitioner_id)
    if not form.is_current(date_values(hours.on_date(practitioner_id, day))):
        return False
    spells = [spell for _row, spell in form.typed()]
    hours.set_date(practitioner_id, day, spells, this_actor(), clock.utcnow())
    return True


@bp.post("/hours/<id:practitioner_id>/date/remove")
def remove_date_hours(practitioner_id: int) -> ResponseReturnValue:
    form = RemoveDateForm()
    if form.validate_on_submit() and form.day.data:
        transact(
            hours.remove_date, practitioner_id, form.day.data, this_actor(),
            clock.utcnow(),
        )  # fmt: skip
        told_outside(practitioner_id, _("The weekly hours count again on this date."))
    return redirect(url_for("studio.hours", practitioner_id=practitioner_id), code=303)
