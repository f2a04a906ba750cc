"""Signing in and out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from booking import clock
from booking.accounts import access, messages, operations, sessions
from booking.accounts.forms import LinkForm, PasswordForm
from booking.accounts.models import Account
from booking.database import transact
from booking.domain.errors import LinkSpent, SignInFailed
from booking.web.extensions import login_manager
from booking.web.filters import refusal_words
from booking.web.limits import address_typed, limiter
from booking.web.links import safe_next

bp = Blueprint("accounts", __name__)


@login_manager.user_loader
def load_account(key: str) -> Account | None:
    """Find who is signed in by the session's key, and note now and then that it is in use."""
    now = clock.utcnow()
    found = sessions.find(key, now)
    if found is None:
        return None
    account = found.account
    if now - found.last_used_at > sessions.TOUCH_EVERY:
        transact(sessions.touch, key, now)
    account.session_key = key
    return account


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    target = safe_next(request.args.get("next")) or ""
    forms = {"link_form": LinkForm(next=target), "password_form": PasswordForm(next=target)}
    return render_template("accounts/sign_in.html", **forms)


@bp.post("/sign-in/link")
@limiter.limit("30/minute")
@limiter.limit("3/minute;10/hour", key_func=address_typed)
def send_link() -> ResponseReturnValue:
    """Answer the same to every address: who has an account is nobody's business."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _again(link_form=form)
    email = operations.fold_address(form.email.data or "")
    session["next"] = safe_next(form.next.data)
    transact(_send_link, email)
    return render_template("accounts/link_sent.html", email=form.email.data)


def _send_link(email: str) -> None:
    messages.sign_in_link(email, operations.find_account(email), clock.utcnow())


@bp.post("/sign-in/password")
@limiter.limit("30/minute")
@limiter.limit("5/minute", key_func=address_typed)
def by_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _again(password_form=form)
    try:
        account_id = operations.check_password(form.email.data or "", form.password.data or "")
    except SignInFailed as refusal:
        form.password.errors = [refusal_words(refusal)]
        return _again(password_form=form)
    account, key = transact(
        operations.sign_in, account_id, _device(), session.get("_user_id"), clock.utcnow()
    )
    return _enter(account, key, safe_next(form.next.data))


def _again(**filled: LinkForm | PasswordForm) -> ResponseReturnValue:
    forms = {"link_form": LinkForm, "password_form": PasswordForm}
    shown = {name: filled.get(name) or kind(formdata=None) for name, kind in forms.items()}
    return render_template("accounts/sign_in.html", **shown), 422


@bp.get("/sign-in/<signed:token>")
def open_link(token: str) -> ResponseReturnValue:
    """Show a button: mail scanners follow links, so opening one must change nothing."""
    return render_template("accounts/open_link.html", token=token)


@bp.post("/sign-in/<signed:token>")
@limiter.limit("30/minute")
def use_link(token: str) -> ResponseReturnValue:
    try:
        account, key = transact(
            operations.sign_in_by_link, token, _device(), session.get("_user_id"), clock.utcnow()
        )
    except LinkSpent as refusal:
        flash(refusal_words(refusal), "error")
        return render_template(
            "accounts/sign_in.html",
            link_form=LinkForm(formdata=None),
            password_form=PasswordForm(formdata=None),
        ), refusal.status
    return _enter(account, key, safe_next(session.get("next")))


def _enter(account: Account, key: str, target: str | None) -> ResponseReturnValue:
    """Put the new session's key in the cookie; nothing of the visitor's old cookie but the hold."""
    visitor = session.get("visitor")
    session.clear()
    if visitor:
        session["visitor"] = visitor
    session.permanent = True
    account.session_key = key
    login_user(account)
    home = "studio.today" if account.role.is_staff else "bookings.mine"
    return redirect(target or url_for(home), code=303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    account = access.signed_in()
    if account is not None:
        transact(operations.sign_out, account.id, session["_user_id"], clock.utcnow())
    logout_user()
    session.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for("scheduling.home"), code=303)


def _device() -> str:
    return request.user_agent.string
