"""Hours of practitioners: the week in words, all seven days in one form, a look before saving."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_actor
from booking.accounts.models import Role
from booking.bookings import absences
from booking.bookings.forms import ConfirmForm
from booking.catalog import queries as catalog
from booking.catalog.models import Practitioner, ServiceOption
from booking.database import db, transact
from booking.domain.availability import WeeklyHours, local_date
from booking.domain.errors import Refusal
from booking.domain.hours_errors import HoursOverlap, SpellBackward
from booking.practice import queries as practice
from booking.scheduling import breaks, hours, preview
from booking.studio import hours_words
from booking.studio.hours_forms import WeekForm, week_data, week_values
from booking.studio.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice


@bp.app_context_processor
def words() -> dict[str, Any]:
    """Say hours in templates."""
    return {"hours_words": hours_words}


def owns_hours(values: dict) -> bool:
    """Owner look-up for the access table: practitioners have their own hours, managers all."""
    return may_run(values["practitioner_id"]) and find(values["practitioner_id"]) is not None


def may_run(resource_id: int) -> bool:
    """Tell whether who is signed in runs the calendar of a practitioner or a room."""
    account = access.signed_in()
    if account is None:
        return False
    own = catalog.practitioner_of(account.id)
    return account.role is Role.MANAGER or (own is not None and own.id == resource_id)


def find(practitioner_id: int) -> Practitioner | None:
    return db.session.get(Practitioner, practitioner_id)


def this(practitioner_id: int) -> Practitioner:
    return find(practitioner_id) or abort(404)


@bp.get("/hours")
def hours_index() -> ResponseReturnValue:
    """Everybody's hours for a manager, one's own for a practitioner."""
    account = access.signed_in() or abort(404)
    own = catalog.practitioner_of(account.id)
    if account.role is not Role.MANAGER and own is not None:
        return show_hours(own)
    people = catalog.practitioners() if account.role is Role.MANAGER else []
    return render_template("studio/hours_index.html", people=people)


@bp.get("/hours/<id:practitioner_id>", endpoint="hours")
def hours_of(practitioner_id: int) -> ResponseReturnValue:
    return show_hours(this(practitioner_id))


def show_hours(practitioner: Practitioner) -> str:
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    return render_template(
        "studio/hours.html",
        practitioner=practitioner,
        week=by_weekday(hours.weekly_of(practitioner.id)),
        dates=hours.dates_of(practitioner.id, today),
        breaks=breaks.of(practitioner.id),
        outside=absences.outside_hours(studio, now, practitioner.id),
        form=ConfirmForm(),
    )


def by_weekday(weekly: Sequence[WeeklyHours]) -> list[list[WeeklyHours]]:
    return [[one for one in weekly if one.weekday == weekday] for weekday in range(7)]


@bp.get("/hours/<id:practitioner_id>/week")
def week_hours(practitioner_id: int) -> ResponseReturnValue:
    weekly = hours.weekly_of(practitioner_id)
    form = WeekForm(formdata=None, data=week_data(weekly))
    form.opened_on(week_values(weekly))
    return show_week(this(practitioner_id), form)


def show_week(
    practitioner: Practitioner, form: WeekForm, shown: Sequence[preview.DayChange] = ()
) -> str:
    offer_options(form, practitioner)
    form.add_rows()
    current = by_weekday(hours.weekly_of(practitioner.id))
    return render_template(
        "studio/week_hours.html",
        practitioner=practitioner,
        form=form,
        shown=shown,
        their_words=[hours_words.hours_words(day) for day in current],
    )


def offer_options(form: Any, practitioner: Practitioner) -> list[ServiceOption]:
    """Offer what this practitioner gives, for the preview."""
    services = [one for one in practitioner.services if not one.is_archived]
    options = [option for one in services for option in catalog.live_options(one)]
    form.option.choices = [
        SelectChoice(
            str(one.id),
            _("%(service)s, %(minutes)s min", service=one.service.name, minutes=one.minutes),
        )
        for one in options
    ]
    return options


@bp.post("/hours/<id:practitioner_id>/week")
def save_week_hours(practitioner_id: int) -> ResponseReturnValue:
    practitioner, form = this(practitioner_id), WeekForm()
    options = offer_options(form, practitioner)
    if (form.do.data or "").startswith("more_"):
        return show_week(practitioner, form)
    if not form.validate_on_submit() or not are_in_order(form):
        return show_week(practitioner, form), 422
    if form.do.data == "preview":
        return show_week(practitioner, form, look_ahead(form, practitioner, options))
    if not transact(_save_week, practitioner_id, form):
        return show_week(this(practitioner_id), form), 409
    told_outside(practitioner_id, _("Saved."))
    return redirect(url_for("studio.hours", practitioner_id=practitioner_id), code=303)


def are_in_order(form: WeekForm) -> bool:
    """Tell whether the spells can stand together; the first that cannot gets the sentence."""
    rows = list(form.rows())
    try:
        hours.refuse_overlaps([weekly for _row, weekly in rows])
    except (SpellBackward, HoursOverlap) as refusal:
        blame(rows[refusal.values["number"]][0], refusal)
        return False
    return True


def blame(row: Any, refusal: Refusal) -> None:
    """Put the sentence of a refusal at the end of the spell that it is about."""
    field = row.closes
    if "until" in row and row.until.data and row.since.data and row.until.data < row.since.data:
        field = row.until
    field.errors = [refusal_words(refusal)]


def look_ahead(
    form: Any, practitioner: Practitioner, options: Sequence[ServiceOption]
) -> Sequence[preview.DayChange]:
    chosen = next((one for one in options if one.id == form.option.data), None)
    chosen = chosen or next(iter(options), None)
    if chosen is None:
        flash(_("There is no service to show openings of."), "error")
        return ()
    terms = catalog.terms_of([chosen])[chosen.id]
    return preview.preview(
        terms, practitioner.id, form.weekly(), practice.current(), clock.utcnow()
    )


def _save_week(practitioner_id: int, form: WeekForm) -> bool:
    """Write the week unless somebody else has changed it since the form was opened."""
    hours.lock(practitioner_id)
    if not form.is_current(week_values(hours.weekly_of(practitioner_id))):
        return False
    actor = this_actor()
    hours.set_weekly(practitioner_id, form.weekly(), actor, clock.utcnow())
    return True


def told_outside(practitioner_id: int | None, done: str) -> None:
    """Say that it is done, and how many sessions lie outside the hours now."""
    count = len(absences.outside_hours(practice.current(), clock.utcnow(), practitioner_id))
    flash(" ".join(filter(None, [done, outside_words(count)])), "success")


def outside_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)s booking lies outside the hours; it stays.",
        "%(num)s bookings lie outside the hours; they stay.",
        count,
    )


def wanted_argument(name: str) -> str:
    return request.args.get(name, "")[:40]
