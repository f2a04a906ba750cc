"""The doctor as a page of the settings: what can be seen from here, and a press for the rest."""

import secrets
from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit
from booking.accounts.access import this_account, this_actor
from booking.accounts.audit import Actor
from booking.database import db, transact
from booking.mail import health, pulse
from booking.practice import queries as practice
from booking.settings.forms import SendTestForm
from booking.settings.views import bp
from booking.upkeep import doctor, right_clock
from booking.upkeep.findings import Finding, Verdict
from booking.web.filters import when_words
from booking.web.limits import limiter
from booking.web.words import lazy as _l

VERDICTS: dict[Verdict, Any] = {
    Verdict.OK: _l("ok"),
    Verdict.LOOK: _l("look"),
    Verdict.WRONG: _l("wrong"),
}


@bp.app_template_filter()
def verdict_words(verdict: Verdict) -> str:
    return str(VERDICTS[verdict])


@bp.app_template_filter()
def finding_words(finding: Finding) -> str:
    """The sentence of a finding, in the person's language and the practice's time."""
    values = {
        name: when_words(value) if isinstance(value, datetime) else value
        for name, value in finding.values.items()
    }
    return _(finding.message, **values)


@bp.get("/doctor", endpoint="doctor")
def show_doctor() -> ResponseReturnValue:
    """Show what this machine knows by itself; nobody else is asked for a page that is opened."""
    return page([])


def page(outside: list[Finding]) -> str:
    now = clock.utcnow()
    return render_template(
        "settings/doctor.html",
        machine=doctor.machine(current_app.config, now),
        outside=outside,
        beats=pulse.beats(),
        is_clock_back=health.look(now).is_clock_back,
        test=SendTestForm(formdata=None, data={"token": secrets.token_urlsafe(24)}),
        address=this_account().email,
        now=now,
    )


@bp.post("/doctor")
@limiter.limit("6/minute")
def run_doctor() -> ResponseReturnValue:
    """Ask the mail server and the name service; no mail is written and nothing is kept."""
    db.session.rollback()  # Nothing is held while they are slow.
    return page(doctor.outside(current_app.config))


@bp.post("/doctor/clock")
def trust_clock() -> ResponseReturnValue:
    transact(_trust, this_actor(), clock.utcnow())
    flash(_("Mails go on with the next turn of the worker."), "success")
    return redirect(url_for("settings.doctor"), code=303)


def _trust(actor: Actor, now: datetime) -> None:
    if pulse.stands_back(now, pulse.last_event()):
        right_clock.trust(practice.current(), now)
        audit.record(actor, "practice:1", "clock_trusted", now)
