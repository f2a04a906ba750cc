"""Planning classes: a series, what is said of it and asked for it, and the rules for all."""

from datetime import time
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_actor
from booking.accounts.models import Role
from booking.bookings import series_changes
from booking.catalog import queries as catalog
from booking.catalog.own_access import only_own
from booking.classes import planning
from booking.classes import queries as classes
from booking.classes.models import ClassSeries, WaitlistMode
from booking.classes.planning import Plan
from booking.classes.words import level_words
from booking.database import transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import operations as settings
from booking.settings.views import save
from booking.studio.class_forms import (
    LEVELS,
    ClassRulesForm,
    SeriesForm,
    SeriesTextsForm,
)
from booking.studio.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.number_fields import cents
from booking.web.wall import wall_minute, wall_time

NO_ROOM = 0


def runs_series(values: dict) -> bool:
    """Owner look-up for the access table: teachers have their own series, managers all."""
    account, series = access.signed_in(), classes.series_by_id(values["series_id"])
    if account is None or series is None:
        return False
    return account.role is Role.MANAGER or series.practitioner.account_id == account.id


def offer_texts(form: Any) -> None:
    form.level.choices = [SelectChoice(one.value, level_words(one)) for one in LEVELS]
    form.waitlist_mode.choices = [
        SelectChoice(
            WaitlistMode.OFFER.value, _("offer it to who waits first, and keep it until the answer")
        ),
        SelectChoice(WaitlistMode.AUTOMATIC.value, _("book it at once for who waits first")),
    ]


def offer_places(form: Any) -> None:
    """Offer the teachers one may plan for, and the rooms."""
    own = only_own()
    teachers = [one for one in catalog.practitioners() if own in {None, one.id}]
    form.practitioner.choices = [SelectChoice(str(one.id), one.name) for one in teachers]
    form.room.choices = [
        SelectChoice(str(NO_ROOM), _("none")),
        *(SelectChoice(str(one.id), one.name) for one in catalog.rooms()),
    ]


def series_form() -> SeriesForm:
    form = SeriesForm(level="all", waitlist_mode="offer", minutes=60, capacity=12, start=time(18))
    offer_texts(form)
    offer_places(form)
    form.service.choices = [
        SelectChoice(str(one.id), one.name) for one in catalog.visible_services()
    ]
    return form


@bp.get("/classes/new")
def new_series() -> ResponseReturnValue:
    return show_series_form(series_form())


def show_series_form(form: SeriesForm, message: str = "") -> str:
    return render_template("studio/series_form.html", form=form, message=message)


@bp.post("/classes/new")
def plan_series() -> ResponseReturnValue:
    form = series_form()
    if not form.validate_on_submit():
        return show_series_form(form), 422
    try:
        series = transact(
            planning.plan_series, plan_of(form), this_actor(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_series_form(form, refusal_words(refusal)), refusal.status
    flash(_("Planned: %(name)s.", name=series.name), "success")
    return redirect(url_for("studio.series", series_id=series.id), code=303)


def plan_of(form: Any) -> Plan:
    start: time = form.start.data
    return Plan(
        name=form.name.data,
        service_id=form.service.data,
        practitioner_id=form.practitioner.data,
        room_id=form.room.data or None,
        weekday=form.first_on.data.weekday(),
        start_minute=start.hour * 60 + start.minute,
        minutes=form.minutes.data,
        capacity=form.capacity.data,
        price_cents=cents(form.price) or 0,
        first_on=form.first_on.data,
        last_on=form.last_on.data,
        skipped=form.skipped_dates(),
        trial_cents=cents(form.trial),
        term_cents=cents(form.term),
        level=form.level.data,
        waitlist_mode=form.waitlist_mode.data,
        about=form.about.data or "",
    )


@bp.get("/classes/series/<id:series_id>")
def series(series_id: int) -> ResponseReturnValue:
    found = classes.series_by_id(series_id) or abort(404)
    form = SeriesTextsForm(
        name=found.name, about=found.about, level=found.level.value,
        waitlist_mode=found.waitlist_mode.value, price=_amount(found.price_cents),
        trial=_amount(found.trial_cents), term=_amount(found.term_cents), last_on=found.last_on,
    )  # fmt: skip
    offer_texts(form)
    return show_series(found, form)


def _amount(in_cents: int | None) -> float | None:
    return None if in_cents is None else in_cents / 100


def show_series(found: ClassSeries, form: SeriesTextsForm, message: str = "") -> str:
    now = clock.utcnow()
    return render_template(
        "studio/series.html",
        series=found,
        sessions=classes.all_ahead_of(found.id, now),
        form=form,
        message=message,
    )


@bp.post("/classes/series/<id:series_id>")
def change_series(series_id: int) -> ResponseReturnValue:
    found, form = classes.series_by_id(series_id) or abort(404), SeriesTextsForm()
    offer_texts(form)
    if not form.validate_on_submit():
        return show_series(found, form), 422
    values = {
        "name": form.name.data, "about": form.about.data or "", "level": form.level.data,
        "waitlist_mode": form.waitlist_mode.data, "price_cents": cents(form.price),
        "trial_cents": cents(form.trial), "term_cents": cents(form.term),
    }  # fmt: skip
    try:
        transact(
            series_changes.change_series, series_id, values, form.last_on.data,
            this_actor(), practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        found = classes.series_by_id(series_id) or abort(404)
        return show_series(found, form, refusal_words(refusal)), refusal.status
    flash(_("Saved. What is booked already keeps its terms."), "success")
    return redirect(url_for("studio.series", series_id=series_id), code=303)


@bp.get("/classes/rules", endpoint="class_rules")
def show_rules() -> ResponseReturnValue:
    shown = rules_shown(practice.current())
    form = ClassRulesForm(data=shown)
    form.opened_on(shown)
    return render_template("studio/class_rules.html", form=form)


def rules_shown(studio: Practice) -> dict[str, Any]:
    return {
        "cancel_hours": studio.class_cancel_minutes // 60,
        "reminders": studio.class_reminder_leads,
        "offer_minutes": studio.offer_minutes,
        "quiet_from": wall_time(studio.quiet_from),
        "quiet_until": wall_time(studio.quiet_until),
        "weeks": studio.class_days // 7,
    }


@bp.post("/classes/rules")
def change_class_rules() -> ResponseReturnValue:
    form: Any = ClassRulesForm()
    if not form.validate_on_submit():
        return render_template("studio/class_rules.html", form=form), 422
    values = {
        "class_cancel_minutes": form.cancel_hours.data * 60,
        "class_reminder_leads": form.reminders.data,
        "offer_minutes": form.offer_minutes.data,
        "quiet_from": wall_minute(form.quiet_from.data),
        "quiet_until": wall_minute(form.quiet_until.data),
        "class_days": form.weeks.data * 7,
    }
    changed = save(
        form, rules_shown,
        lambda studio: settings.change_policies(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return render_template("studio/class_rules.html", form=form), 409
    flash(ngettext("%(num)s rule changed.", "%(num)s rules changed.", len(changed)), "success")
    return redirect(url_for("studio.class_rules"), code=303)
