"""My data: what is kept and what happened, as a page and as a file; and leaving."""

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit, closing, exports, records
from booking.accounts.account_views import this_account
from booking.accounts.audit import actor_of
from booking.accounts.forms import CloseForm, PressForm
from booking.accounts.people_views import former_client
from booking.accounts.trail_words import actor_words, table_words, trail_words
from booking.accounts.views import bp, leave, parts
from booking.database import transact
from booking.domain.errors import Refusal
from booking.web.filters import refusal_words, to_local
from booking.web.limits import limiter


@bp.get("/account/data")
def data() -> ResponseReturnValue:
    return render_template("accounts/data.html", form=PressForm())


@bp.get("/account/history")
def history() -> ResponseReturnValue:
    """What happened to this account and its people, by whom."""
    meant = records.whose(this_account())
    trail = audit.of_subjects(records.subjects(parts(), meant))
    return render_template(
        "accounts/history.html", trail=trail, trail_words=trail_words, actor_words=actor_words
    )


@bp.get("/account/export")
def export() -> ResponseReturnValue:
    return render_template("accounts/export.html", form=PressForm())


@bp.post("/account/export")
@limiter.limit("10/hour")
def do_export() -> ResponseReturnValue:
    now = clock.utcnow()
    packed = transact(_pack)
    response = Response(packed, mimetype="application/zip")
    name = f"my-data-{to_local(now):%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pack() -> bytes:
    account, now = this_account(), clock.utcnow()
    found = records.collect(parts(), records.whose(account))
    page = render_template(
        "accounts/export_file.html",
        found=records.readable(parts(), found),
        table_words=table_words,
        styles=Path(current_app.static_folder or "", "css", "export.css").read_text(),
        now=now,
    )
    audit.record(actor_of(account), account.about, "exported", now)
    local = to_local(now)
    return exports.archive(found, page, local.timetuple()[:6])


@bp.get("/account/close")
def close() -> ResponseReturnValue:
    return show_close(CloseForm())


def show_close(form: CloseForm, message: str = "") -> str:
    account = this_account()
    ahead = records.ahead(parts(), records.whose(account), clock.utcnow())
    return render_template(
        "accounts/close.html", form=form, ahead=ahead, account=account, message=message
    )


@bp.post("/account/close")
def do_close() -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate_on_submit():
        return show_close(form), 422
    try:
        transact(closing.close, this_account().id, former_client(), parts(), clock.utcnow())
    except Refusal as refusal:
        return show_close(form, refusal_words(refusal)), refusal.status
    leave()
    flash(_("Your account is closed. Goodbye, and all the best."), "success")
    return redirect(url_for("scheduling.home"), code=303)
