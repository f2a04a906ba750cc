"""The second step at sign-in: giving a code, setting it up, and doing without."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import factor
from booking.accounts.account_views import by_account, by_session, this_account
from booking.accounts.audit import actor_of
from booking.accounts.forms import CodeForm
from booking.accounts.models import Account
from booking.accounts.views import bp, keep
from booking.database import db, transact
from booking.domain.errors import CodeWrong, FactorStays
from booking.practice import queries as practice
from booking.web.filters import refusal_words
from booking.web.limits import limiter
from booking.web.links import safe_next


@bp.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    target = safe_next(request.args.get("next")) or ""
    if not this_account().has_second_factor:
        return redirect(url_for("accounts.set_up_factor", next=target or None), code=303)
    return render_template("accounts/second_factor.html", form=CodeForm(next=target))


@bp.post("/second-factor")
@limiter.limit("5/minute;30/hour", key_func=by_session)
@limiter.limit("20/minute;100/hour", key_func=by_account)
def do_second_factor() -> ResponseReturnValue:
    account, form = this_account(), CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/second_factor.html", form=form), 422
    try:
        key = transact(
            factor.check, account.id, session["_user_id"], form.code.data or "", clock.utcnow()
        )
    except CodeWrong as refusal:
        form.code.errors = [refusal_words(refusal)]
        return render_template("accounts/second_factor.html", form=form), 422
    keep(key)
    return redirect(safe_next(form.next.data) or home_of(this_account()), code=303)


def home_of(account: Account) -> str:
    return url_for("studio.today" if account.role.is_staff else "bookings.mine")


@bp.get("/second-factor/set-up")
def set_up_factor() -> ResponseReturnValue:
    account = this_account()
    if account.has_second_factor and account.device and account.device.factor_at is None:
        return redirect(url_for("accounts.second_factor"), code=303)
    return show_set_up(account, CodeForm(next=safe_next(request.args.get("next")) or ""))


def show_set_up(account: Account, form: CodeForm) -> str:
    secret = offered()
    uri = factor.address(secret, account.email, practice.current().name)
    qr_width, qr_path = factor.drawing(uri)
    return render_template(
        "accounts/set_up_factor.html",
        form=form,
        secret=secret,
        uri=uri,
        qr_width=qr_width,
        qr_path=qr_path,
        account=account,
        left=factor.codes_left(account.id),
        grace_days=practice.current().second_factor_days,
    )


def offered() -> str:
    return factor.offered_secret(session["_user_id"], current_app.secret_key or "")  # type: ignore[arg-type]


@bp.post("/second-factor/set-up")
@limiter.limit("5/minute;30/hour", key_func=by_account)
def do_set_up_factor() -> ResponseReturnValue:
    """Keep the second factor and show its recovery codes, this once."""
    account, form = this_account(), CodeForm()
    if account.has_second_factor and account.device and account.device.factor_at is None:
        return redirect(url_for("accounts.second_factor"), code=303)
    if not form.validate_on_submit():
        return show_set_up(account, form), 422
    try:
        done = transact(
            factor.set_up, account.id, session["_user_id"], offered(), form.code.data or "",
            clock.utcnow(),
        )  # fmt: skip
    except CodeWrong as refusal:
        form.code.errors = [refusal_words(refusal)]
        return show_set_up(account, form), 422
    keep(done.key)
    return show_codes(done.codes, safe_next(form.next.data))


def show_codes(codes: object, target: str | None = None) -> str:
    onward = target or home_of(this_account())
    return render_template("accounts/recovery_codes.html", codes=codes, onward=onward)


@bp.post("/second-factor/codes")
@limiter.limit("10/hour", key_func=by_account)
def renew_codes() -> ResponseReturnValue:
    account = this_account()
    if not account.has_second_factor:
        return redirect(url_for("accounts.set_up_factor"), code=303)
    return show_codes(
        transact(factor.replace_codes, account.id, clock.utcnow()), url_for("accounts.overview")
    )


@bp.post("/second-factor/off")
def turn_off_factor() -> ResponseReturnValue:
    account_id = this_account().id
    try:
        transact(_turn_off, account_id)
    except FactorStays as refusal:
        flash(refusal_words(refusal), "error")
        return redirect(url_for("accounts.set_up_factor"), code=303)
    flash(_("The second step is off."), "success")
    return redirect(url_for("accounts.overview"), code=303)


def _turn_off(account_id: int) -> None:
    account = db.session.get_one(Account, account_id)
    days = practice.current().second_factor_days
    factor.turn_off(account, days, actor_of(account), clock.utcnow())
