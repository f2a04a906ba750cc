"""The rules that decide which times are offered: gaps, first-time clients, how much a day."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.catalog import queries as catalog
from booking.catalog.models import Practitioner
from booking.catalog.own_access import only_own
from booking.database import db, lock_row, transact
from booking.domain.policies import DAY_MINUTES, GapMode
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import givers, operations
from booking.settings.rules_forms import LimitsForm, OpeningsForm
from booking.settings.views import bp, save
from booking.web.filters import weekday_words
from booking.web.forms import SelectChoice
from booking.web.wall import wall_minute, wall_time

LIMITS = ("day_sessions", "day_minutes", "week_sessions", "week_minutes")


def openings_form(**data: Any) -> OpeningsForm:
    form = OpeningsForm(data=data)
    form.gap_mode.choices = [
        SelectChoice(GapMode.OFF.value, _("offered like all other times")),
        SelectChoice(GapMode.PREFER.value, _("offered after the times that leave none")),
        SelectChoice(GapMode.ONLY.value, _("not offered while another time leaves none")),
    ]
    for number, name in enumerate(OpeningsForm.WEEKDAYS):
        form[name].label.text = weekday_words(number)
    return form


def openings_shown(studio: Practice) -> dict[str, Any]:
    """Return what the form shows of the rules as they stand."""
    return {
        "gap_mode": studio.gap_mode.value,
        "gap_minutes": studio.gap_minutes,
        "new_notice_hours": studio.new_notice_minutes // 60,
        **{name: number in studio.new_days for number, name in enumerate(OpeningsForm.WEEKDAYS)},
        "new_from": wall_time(studio.new_from) if studio.new_from else None,
        "new_until": wall_time(studio.new_until) if studio.new_until < DAY_MINUTES else None,
        "new_approval": studio.new_approval,
        "answer_hours": studio.answer_minutes // 60,
    }


@bp.get("/openings", endpoint="openings")
def show_openings() -> ResponseReturnValue:
    shown = openings_shown(practice.current())
    form = openings_form(**shown)
    form.opened_on(shown)
    return render_template("settings/openings.html", form=form)


@bp.post("/openings")
def change_openings() -> ResponseReturnValue:
    form: Any = openings_form()
    if not form.validate_on_submit():
        return render_template("settings/openings.html", form=form), 422
    values = {
        "gap_mode": GapMode(form.gap_mode.data),
        "gap_minutes": form.gap_minutes.data,
        "new_notice_minutes": form.new_notice_hours.data * 60,
        "new_days": form.days(),
        "new_from": wall_minute(form.new_from.data) if form.new_from.data else 0,
        "new_until": wall_minute(form.new_until.data) if form.new_until.data else DAY_MINUTES,
        "new_approval": form.new_approval.data,
        "answer_minutes": form.answer_hours.data * 60,
    }
    changed = save(
        form, openings_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return render_template("settings/openings.html", form=form), 409
    flash(_("Saved. What is booked already stays as it is."), "success")
    return redirect(url_for("settings.openings"), code=303)


@bp.get("/limits", endpoint="limits")
def show_limits() -> ResponseReturnValue:
    return render_template("settings/limits.html", givers=these_givers())


def these_givers() -> list[Practitioner]:
    """Return whose settings these are: one's own, or everybody's to a manager."""
    own = only_own()
    return [one for one in catalog.practitioners() if own in {None, one.id}]


def this_giver(practitioner_id: int) -> Practitioner:
    return catalog.practitioner(practitioner_id) or abort(404)


def limits_now(giver: Practitioner) -> dict[str, Any]:
    return {name: getattr(giver, name) for name in LIMITS}


@bp.get("/limits/<id:practitioner_id>")
def limits_of(practitioner_id: int) -> ResponseReturnValue:
    giver = this_giver(practitioner_id)
    form = LimitsForm(data=limits_now(giver))
    form.opened_on(limits_now(giver))
    return render_template("settings/limits_of.html", form=form, giver=giver)


@bp.post("/limits/<id:practitioner_id>")
def change_limits(practitioner_id: int) -> ResponseReturnValue:
    form = LimitsForm()
    if not form.validate_on_submit():
        giver = this_giver(practitioner_id)
        return render_template("settings/limits_of.html", form=form, giver=giver), 422
    if not transact(_change_limits, practitioner_id, form):
        giver = this_giver(practitioner_id)
        return render_template("settings/limits_of.html", form=form, giver=giver), 409
    flash(_("Saved. What is booked already stays as it is."), "success")
    return redirect(url_for("settings.limits"), code=303)


def _change_limits(practitioner_id: int, form: LimitsForm) -> bool:
    giver = db.session.get_one(Practitioner, practitioner_id)
    lock_row(giver)
    if not form.is_current(limits_now(giver)):
        return False
    values = {name: form[name].data for name in LIMITS}
    givers.change(giver, values, this_actor(), clock.utcnow())
    return True
