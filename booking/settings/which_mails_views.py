"""Which mails go and when: those to clients, to practitioners, and the reminders of a service."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.bookings import reminders
from booking.catalog import changes, desk_queries
from booking.catalog.models import Practitioner, Service
from booking.database import db, lock_row, transact
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import givers, operations
from booking.settings.rules_views import these_givers, this_giver
from booking.settings.views import bp, save, say_saved
from booking.settings.which_mails_forms import NoticesForm, ServiceRemindersForm, WhichMailsForm
from booking.web.filters import lead_words
from booking.web.forms import SelectChoice
from booking.web.wall import wall_minute, wall_time

TICKS = ("aftercare", "come_back", "late_note", "no_show_note")
TIMES = ("aftercare_at", "sheet_at")


def which_mails_shown(studio: Practice) -> dict[str, Any]:
    times = {name: wall_time(getattr(studio, name)) for name in TIMES}
    ticks = {name: getattr(studio, name) for name in TICKS}
    return {**ticks, **times, "aftercare_days": studio.aftercare_days}


@bp.get("/which-mails", endpoint="which_mails")
def show_which_mails() -> ResponseReturnValue:
    shown = which_mails_shown(practice.current())
    form = WhichMailsForm(data=shown)
    form.opened_on(shown)
    return which_mails_page(form)


def which_mails_page(form: WhichMailsForm) -> str:
    own = [one for one in desk_queries.live_services() if one.reminder_leads is not None]
    return render_template("settings/which_mails.html", form=form, own=own)


@bp.post("/which-mails")
def change_which_mails() -> ResponseReturnValue:
    form = WhichMailsForm()
    if not form.validate_on_submit():
        return which_mails_page(form), 422
    values = {
        **{name: bool(form[name].data) for name in TICKS},
        **{name: wall_minute(form[name].data) for name in TIMES},
        "aftercare_days": form.aftercare_days.data,
    }
    changed = save(
        form, which_mails_shown,
        lambda studio: operations.change_policies(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return which_mails_page(form), 409
    say_saved(changed)
    return redirect(url_for("settings.which_mails"), code=303)


def usual_words() -> str:
    """Say when the practice reminds, as all services do that have no way of their own."""
    leads = practice.current().reminder_leads
    return ", ".join(lead_words(minutes) for minutes in leads) or _("not at all")


def reminders_form(service: Service) -> ServiceRemindersForm:
    form = ServiceRemindersForm(data=reminders_shown(service))
    form.way.choices = [
        SelectChoice("usual", _("As for all services: %(times)s", times=usual_words())),
        SelectChoice("own", _("For this service:")),
    ]
    return form


def reminders_shown(service: Service) -> dict[str, Any]:
    own = service.reminder_leads
    return {"way": "usual" if own is None else "own", "leads": own or []}


@bp.get("/services/<id:service_id>/reminders")
def service_reminders(service_id: int) -> ResponseReturnValue:
    service = desk_queries.service(service_id) or abort(404)
    form = reminders_form(service)
    form.opened_on(reminders_shown(service))
    return render_template("settings/service_reminders.html", form=form, service=service)


@bp.post("/services/<id:service_id>/reminders")
def change_service_reminders(service_id: int) -> ResponseReturnValue:
    service = desk_queries.service(service_id) or abort(404)
    form = reminders_form(service)
    status = 422
    if form.validate_on_submit():
        if transact(_save_reminders, service_id, form):
            flash(_("Saved. It counts for sessions that are booked already as well."), "success")
            return redirect(url_for("settings.service", service_id=service_id), code=303)
        service, status = desk_queries.service(service_id) or abort(404), 409
    return render_template("settings/service_reminders.html", form=form, service=service), status


def _save_reminders(service_id: int, form: ServiceRemindersForm) -> bool:
    service, now = changes.lock(Service, service_id), clock.utcnow()
    if not form.is_current(reminders_shown(service)):
        return False
    if form.own() != service.reminder_leads:
        changes.change(service, {"reminder_leads": form.own()}, this_actor(), now)
        reminders.ask_anew(now, service_id)
    return True


@bp.get("/notices", endpoint="notices")
def show_notices() -> ResponseReturnValue:
    return render_template("settings/notices.html", givers=these_givers())


def notices_shown(giver: Practitioner) -> dict[str, Any]:
    return {"has_sheet": giver.has_sheet, "news": "sheet" if giver.news_in_sheet else "at_once"}


def notices_form(giver: Practitioner) -> NoticesForm:
    form = NoticesForm(data=notices_shown(giver))
    form.news.choices = [
        SelectChoice("at_once", _("at once, a mail for each")),
        SelectChoice("sheet", _("in the morning’s sheet; at once only what concerns today")),
    ]
    return form


@bp.get("/notices/<id:practitioner_id>")
def notices_of(practitioner_id: int) -> ResponseReturnValue:
    giver = this_giver(practitioner_id)
    form = notices_form(giver)
    form.opened_on(notices_shown(giver))
    return render_template("settings/notices_of.html", form=form, giver=giver)


@bp.post("/notices/<id:practitioner_id>")
def change_notices(practitioner_id: int) -> ResponseReturnValue:
    giver = this_giver(practitioner_id)
    form, status = notices_form(giver), 422
    if form.validate_on_submit():
        if form.news.data == "sheet" and not form.has_sheet.data:
            form.has_sheet.errors = [_("News can only wait for a sheet that is sent.")]
        elif transact(_change_notices, practitioner_id, form):
            flash(_("Saved."), "success")
            return redirect(url_for("settings.notices"), code=303)
        else:
            giver, status = this_giver(practitioner_id), 409
    return render_template("settings/notices_of.html", form=form, giver=giver), status


def _change_notices(practitioner_id: int, form: NoticesForm) -> bool:
    giver = db.session.get_one(Practitioner, practitioner_id)
    lock_row(giver)
    if not form.is_current(notices_shown(giver)):
        return False
    givers.choose_notices(
        giver, practice.current(), this_actor(), clock.utcnow(),
        has_sheet=bool(form.has_sheet.data), news_in_sheet=form.news.data == "sheet",
    )  # fmt: skip
    return True
