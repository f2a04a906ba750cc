"""Pages behind one-time links: a forgotten password, a new address, a guest's address.

Each shows a button on GET and acts on POST alone, because mail scanners follow links.
"""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, messages, operations, passwords, people, tokens
from booking.accounts.forms import LinkForm, NewcomerForm, NewPasswordForm, PressForm
from booking.accounts.models import Account, OneTimeToken
from booking.accounts.views import bp, enter, parts, read_newcomer, show_spent, this_browser
from booking.database import transact
from booking.domain.errors import LinkSpent, Refusal
from booking.practice import queries as practice
from booking.web.filters import refusal_words
from booking.web.limits import address_typed, limiter


@bp.get("/password")
def forgotten() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=LinkForm())


@bp.post("/password")
@limiter.limit("30/minute")
@limiter.limit("3/hour", key_func=address_typed)
def do_forgotten() -> ResponseReturnValue:
    """Answer the same to every address, after the same work."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form), 422
    transact(_mail_password_link, operations.fold_address(form.email.data or ""))
    minutes = tokens.minutes(tokens.PASSWORD)
    return render_template("accounts/link_sent.html", email=form.email.data, minutes=minutes)


def _mail_password_link(email: str) -> None:
    messages.password_link(email, operations.find_account(email), clock.utcnow())


@bp.get("/password/<signed:token>")
def new_password(token: str) -> ResponseReturnValue:
    found = tokens.peek(tokens.PASSWORD, token, clock.utcnow())
    account = operations.find_account(found.email) if found else None
    return show_new_password(token, account, NewPasswordForm()) if account else show_spent()


def show_new_password(token: str, account: Account, form: NewPasswordForm) -> str:
    return render_template(
        "accounts/new_password.html",
        token=token,
        form=form,
        email=account.email,
        least=least_for(account),
    )


@bp.post("/password/<signed:token>")
@limiter.limit("30/minute")
def do_new_password(token: str) -> ResponseReturnValue:
    found = tokens.peek(tokens.PASSWORD, token, clock.utcnow())
    account = operations.find_account(found.email) if found else None
    if account is None:
        return show_spent()
    form = NewPasswordForm()
    hashed = read_password(form, account)
    if hashed is None:
        return show_new_password(token, account, form), 422
    try:
        account, key = transact(
            operations.renew_password, token, hashed, this_browser(), clock.utcnow()
        )
    except LinkSpent:
        return show_spent()
    flash(_("Your new password counts from now on. Other devices are signed out."), "success")
    return enter(account, key)


def least_for(account: Account) -> int:
    """Return how long a password of this account has to be.

    A shorter one is only for staff, who cannot do without their second factor.
    """
    has_second = account.has_second_factor and account.role.is_staff
    return passwords.LEAST_WITH_SECOND_FACTOR if has_second else passwords.LEAST


def read_password(form: NewPasswordForm, account: Account) -> str | None:
    """Return the hash of the password typed; None when the form has to be shown again."""
    if not form.validate_on_submit():
        return None
    holder = people.own_person(account)
    about = (account.email, holder.name if holder else "", practice.current().name)
    try:
        return passwords.hash_password(form.password.data or "", about, least_for(account))
    except Refusal as refusal:
        form.password.errors = [refusal_words(refusal)]
        return None


def is_own(found: OneTimeToken | None) -> bool:
    """Only who asked for a new address may confirm it.

    Somebody else who reads that mailbox would else press an account with a stranger's password
    onto their own address.
    """
    account = access.signed_in()
    return found is not None and account is not None and found.about == account.about


@bp.get("/address/<signed:token>")
def confirm_address(token: str) -> ResponseReturnValue:
    found = tokens.peek(tokens.ADDRESS, token, clock.utcnow())
    if found is None or not is_own(found):
        return show_spent()
    return render_template(
        "accounts/confirm_address.html", token=token, email=found.email, form=PressForm()
    )


@bp.post("/address/<signed:token>")
@limiter.limit("30/minute")
def do_confirm_address(token: str) -> ResponseReturnValue:
    if not is_own(tokens.peek(tokens.ADDRESS, token, clock.utcnow())):
        return show_spent()
    try:
        account = transact(
            operations.change_address, token, session.get("_user_id"), parts(), clock.utcnow()
        )
    except LinkSpent:
        return show_spent()
    flash(_("Your account’s address is now %(email)s.", email=account.email), "success")
    return redirect(url_for("accounts.overview"), code=303)


@bp.get("/this-is-me/<signed:token>")
def my_address(token: str) -> ResponseReturnValue:
    """The link in a guest's confirmation: *This is my address*."""
    found = tokens.peek(tokens.GUEST, token, clock.utcnow())
    return show_my_address(token, found, NewcomerForm()) if found else show_spent()


def show_my_address(token: str, found: OneTimeToken, form: NewcomerForm) -> str:
    return render_template(
        "accounts/my_address.html",
        token=token,
        form=form,
        email=found.email,
        is_new=operations.find_account(found.email) is None,
        least=passwords.LEAST,
    )


@bp.post("/this-is-me/<signed:token>")
@limiter.limit("30/minute")
def do_my_address(token: str) -> ResponseReturnValue:
    found = tokens.peek(tokens.GUEST, token, clock.utcnow())
    if found is None:
        return show_spent()
    form, newcomer = NewcomerForm(), None
    if operations.find_account(found.email) is None:
        newcomer = read_newcomer(form, found.email)
        if newcomer is None:
            return show_my_address(token, found, form), 422
    try:
        account, key = transact(
            operations.prove_guest, token, newcomer, this_browser(), parts(), clock.utcnow()
        )
    except LinkSpent:
        return show_spent()
    flash(_("Thank you. Your bookings are together in your account."), "success")
    if key is not None:
        return enter(account, key)
    return redirect(url_for("bookings.mine"), code=303)
