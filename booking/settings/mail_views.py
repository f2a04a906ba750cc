"""Mail: who it is from, whether it can leave, and a mail to try it with."""

import secrets
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit
from booking.accounts.access import this_account, this_actor
from booking.database import db, transact
from booking.mail import bounces, lane
from booking.mail.models import RefusedAddress
from booking.mail.way import way_of
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import messages, operations, queries
from booking.settings.forms import MailForm, SendTestForm
from booking.settings.views import bp, save, say_saved
from booking.web.forms import Form
from booking.web.limits import limiter

NAMES = ("sender_name", "reply_to", "discreet_mails")


def mail_shown(studio: Practice) -> dict[str, Any]:
    return {name: getattr(studio, name) for name in NAMES}


@bp.get("/mail", endpoint="mail")
def show_mail() -> ResponseReturnValue:
    shown = mail_shown(practice.current())
    form = MailForm(data=shown)
    form.opened_on(shown)
    return mail_page(form)


def mail_page(form: MailForm) -> str:
    account = this_account()
    return render_template(
        "settings/mail.html",
        form=form,
        test=SendTestForm(formdata=None, data={"token": secrets.token_urlsafe(24)}),
        tests=queries.test_mails(account),
        address=account.email,
        server=server_words(),
        lane=lane.state(),
        refused=bounces.all_refused(),
    )


def server_words() -> str:
    """Name the mail server without who signs in there and how; empty when there is none."""
    settings = current_app.config
    return way_of(settings).server if settings["SMTP_URL"] else ""


@bp.post("/mail")
def change_mail() -> ResponseReturnValue:
    form = MailForm()
    if not form.validate_on_submit():
        return mail_page(form), 422
    values = {name: form[name].data for name in NAMES}
    changed = save(
        form, mail_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return mail_page(form), 409
    say_saved(changed)
    return redirect(url_for("settings.mail"), code=303)


@bp.post("/mail/test")
@limiter.limit("6/minute")
def send_test() -> ResponseReturnValue:
    """Write a mail to who is signed in; the worker sends it like any other."""
    form = SendTestForm()
    if form.validate_on_submit():
        transact(_send_test, form.token.data or "")
        flash(_("It is on its way. This page says what became of it."), "success")
    return redirect(url_for("settings.mail") + "#test", code=303)


@bp.post("/mail/addresses/<id:refused_id>")
def retry_address(refused_id: int) -> ResponseReturnValue:
    """Send mails again to an address that was refused, whoever it belongs to."""
    if not Form().validate_on_submit():
        abort(400)
    if transact(_retry, refused_id):
        flash(_("Mails are sent there again."), "success")
    return redirect(url_for("settings.mail") + "#refused", code=303)


def _retry(refused_id: int) -> bool:
    found = db.session.get(RefusedAddress, refused_id)
    if found is None or not bounces.forgive(found.address):
        return False
    about = f"refused_address:{refused_id}"
    audit.record(this_actor(), about, "address_retried", clock.utcnow())
    return True


def _send_test(token: str) -> None:
    messages.test(this_account(), token, clock.utcnow())
