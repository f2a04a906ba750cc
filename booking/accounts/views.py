"""Signing up, in and out."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from booking import clock
from booking.accounts import access, known, messages, operations, passwords, sessions, tokens
from booking.accounts.forms import LinkForm, NewcomerForm, PasswordForm
from booking.accounts.models import Account, OneTimeToken
from booking.accounts.operations import Browser, Newcomer
from booking.accounts.records import Part
from booking.database import transact
from booking.domain.errors import LinkSpent, Refusal, SignInFailed
from booking.practice import queries as practice
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
    account.session_key, account.device = key, found
    return account


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    target = safe_next(request.args.get("next")) or ""
    forms = {"link_form": LinkForm(next=target), "password_form": PasswordForm(next=target)}
    return render_template("accounts/sign_in.html", **forms)


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    return render_template("accounts/sign_up.html", form=LinkForm())


@bp.post("/sign-up")
@limiter.limit("30/minute")
@limiter.limit("3/minute;10/hour", key_func=address_typed)
def do_sign_up() -> ResponseReturnValue:
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422
    return mail_link(form)


@bp.post("/sign-in/link")
@limiter.limit("30/minute")
@limiter.limit("3/minute;10/hour", key_func=address_typed)
def send_link() -> ResponseReturnValue:
    form = LinkForm()
    if access.half_way() is not None:
        form.trust()  # Somebody who is asked to prove again who they are.
    if not form.validate_on_submit():
        return _again(link_form=form)
    return mail_link(form)


def mail_link(form: LinkForm) -> ResponseReturnValue:
    """Answer the same to every address: who has an account is nobody's business."""
    session["next"] = safe_next(form.next.data)
    transact(_mail_link, operations.fold_address(form.email.data or ""))
    minutes = tokens.minutes(tokens.SIGN_IN)
    return render_template("accounts/link_sent.html", email=form.email.data, minutes=minutes)


def _mail_link(email: str) -> None:
    messages.sign_in_link(email, operations.find_account(email), clock.utcnow())


@bp.post("/sign-in/password")
@limiter.limit("30/minute")
@limiter.limit("5/minute;30/hour", key_func=known.who_tries)
def by_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _again(password_form=form)
    try:
        match = operations.check_password(form.email.data or "", form.password.data or "")
    except SignInFailed as refusal:
        form.password.errors = [refusal_words(refusal)]
        return _again(password_form=form)
    else:
        return _begin(match, form)


def _begin(match: operations.Match, form: PasswordForm) -> ResponseReturnValue:
    browser = this_browser(is_remembered=form.is_remembered.data)
    try:
        account, key = transact(operations.sign_in_by_password, match, browser, clock.utcnow())
    except SignInFailed as refusal:
        form.password.errors = [refusal_words(refusal)]
        return _again(password_form=form)
    return enter(account, key, safe_next(form.next.data))


def _again(**filled: LinkForm | PasswordForm) -> ResponseReturnValue:
    forms = {"link_form": LinkForm, "password_form": PasswordForm}
    shown = {name: filled.get(name) or kind(formdata=None) for name, kind in forms.items()}
    return render_template("accounts/sign_in.html", **shown), 422


@bp.get("/sign-in/<signed:token>")
def open_link(token: str) -> ResponseReturnValue:
    """Show a button: mail scanners follow links, so opening one must change nothing."""
    found = tokens.peek(tokens.SIGN_IN, token, clock.utcnow())
    if found is None:
        return show_spent()
    return show_link(token, found, NewcomerForm())


def show_link(token: str, found: OneTimeToken, form: NewcomerForm) -> str:
    is_new = operations.find_account(found.email) is None
    return render_template(
        "accounts/open_link.html",
        token=token,
        form=form,
        email=found.email,
        is_new=is_new,
        least=passwords.LEAST,
    )


@bp.post("/sign-in/<signed:token>")
@limiter.limit("30/minute")
def use_link(token: str) -> ResponseReturnValue:
    found = tokens.peek(tokens.SIGN_IN, token, clock.utcnow())
    if found is None:
        return show_spent()
    form, newcomer = NewcomerForm(), None
    if operations.find_account(found.email) is None:
        newcomer = read_newcomer(form, found.email)
        if newcomer is None:
            return show_link(token, found, form), 422
    try:
        account, key = transact(
            operations.sign_in_by_link, token, newcomer, this_browser(), parts(), clock.utcnow()
        )
    except LinkSpent:
        return show_spent()
    return enter(account, key, safe_next(session.get("next")))


def read_newcomer(form: NewcomerForm, email: str) -> Newcomer | None:
    """Return who somebody says they are; None when the form has to be shown again."""
    if not form.validate_on_submit():
        return None
    name, password = form.name.data or "", form.password.data or ""
    hashed = None
    if password:
        try:
            hashed = passwords.hash_password(password, (name, email, practice.current().name))
        except Refusal as refusal:
            form.password.errors = [refusal_words(refusal)]
            return None
    return Newcomer(name, hashed)


def show_spent() -> ResponseReturnValue:
    """Say that a link no longer works, and where to get another."""
    refusal = LinkSpent()
    page = render_template("accounts/link_spent.html", message=refusal_words(refusal))
    return page, refusal.status


def enter(account: Account, key: str, target: str | None = None) -> ResponseReturnValue:
    """Put the new session's key in the cookie.

    Of the visitor's old cookie only the hold and what is about to be said to them stay.
    """
    kept = {name: session[name] for name in ("visitor", "_flashes") if name in session}
    session.clear()
    session.update(kept)
    found = sessions.find(key, clock.utcnow())
    session.permanent = found is not None and found.is_remembered
    account.session_key, account.device = key, found
    login_user(account)
    home = "studio.today" if account.role.is_staff else "bookings.mine"
    response: Response = redirect(target or url_for(home), code=303)
    known.remember(response, account)  # type: ignore[arg-type] - Flask's own redirect is its own
    return response


def keep(key: str) -> None:
    """Go on under a new key: whoever copied the cookie before is out."""
    session["_user_id"] = key


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    account = access.half_way()
    if account is not None:
        transact(operations.sign_out, account, session["_user_id"], clock.utcnow())
    leave()
    flash(_("You are signed out."), "success")
    return redirect(url_for("scheduling.home"), code=303)


def leave() -> None:
    """Forget in the cookie who was signed in."""
    logout_user()
    session.clear()


def parts() -> tuple[Part, ...]:
    """Return what each room keeps about people, as `create_app` gathered it."""
    return current_app.extensions["records"]


def this_browser(*, is_remembered: bool = True) -> Browser:
    """Return the browser behind this request, with the session it had."""
    return Browser(request.user_agent.string, session.get("_user_id"), is_remembered)
