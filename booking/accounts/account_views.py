"""The account's own pages: details, password, address, devices, and the proof before them."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, operations, people, sessions, tokens
from booking.accounts.audit import actor_of
from booking.accounts.devices import device_words
from booking.accounts.forms import (
    AddressForm,
    DetailsForm,
    LinkForm,
    NewPasswordForm,
    PressForm,
    ProveForm,
)
from booking.accounts.models import Account, Person
from booking.accounts.proof_views import least_for, read_password
from booking.accounts.tokens import digest
from booking.accounts.views import bp, keep
from booking.database import db, transact
from booking.domain.errors import PasswordWrong
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.limits import limiter
from booking.web.links import safe_next
from booking.web.words import locale_for, offered_languages


def this_account() -> Account:
    """Return who is signed in, on a page that the access table opens to nobody else."""
    account = access.half_way()
    assert account is not None  # noqa: S101 - the table has answered strangers already
    return account


def by_account() -> str:
    """Count attempts by the account that is signed in."""
    account = access.half_way()
    return account.about if account else "nobody"


def by_session() -> str:
    """Count attempts by the session they are made in: a thief's do not count as the owner's."""
    return f"session:{digest(session.get('_user_id', ''))}"


@bp.get("/account")
def overview() -> ResponseReturnValue:
    account = this_account()
    holder = people.own_person(account)
    form = DetailsForm(
        name=holder.name if holder else "",
        phone=holder.phone if holder else "",
        language=(account.locale or "").partition("_")[0],
    )
    return show_overview(account, form)


def show_overview(account: Account, form: DetailsForm) -> str:
    offer_languages(form)
    return render_template("accounts/overview.html", account=account, form=form)


def offer_languages(form: DetailsForm) -> None:
    names = {"": _("As the studio writes"), **offered_languages(this_account().locale)}
    form.language.choices = [SelectChoice(code, name) for code, name in names.items()]


@bp.post("/account")
def change_details() -> ResponseReturnValue:
    account, form = this_account(), DetailsForm()
    offer_languages(form)
    if not form.validate_on_submit():
        return show_overview(account, form), 422
    transact(_change_details, account.id, form)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.overview"), code=303)


def _change_details(account_id: int, form: DetailsForm) -> None:
    account, now = db.session.get_one(Account, account_id), clock.utcnow()
    holder = people.own_person(account)
    if holder is None:
        holder = Person(
            account_id=account.id, is_holder=True, name="", email=account.email, created_at=now
        )
        db.session.add(holder)
        db.session.flush()
    values = {"name": form.name.data, "phone": form.phone.data or None}
    people.change(holder, values, actor_of(account), now)
    operations.choose_language(account, locale_for(form.language.data), now)


@bp.get("/account/password")
def password() -> ResponseReturnValue:
    return show_password(NewPasswordForm())


def show_password(form: NewPasswordForm) -> str:
    account = this_account()
    return render_template(
        "accounts/password.html", form=form, account=account, least=least_for(account)
    )


@bp.post("/account/password")
@limiter.limit("10/hour", key_func=by_account)
def change_password() -> ResponseReturnValue:
    account, form = this_account(), NewPasswordForm()
    hashed = read_password(form, account)
    if hashed is None:
        return show_password(form), 422
    key = session["_user_id"]
    keep(transact(operations.change_password, account.id, hashed, key, clock.utcnow()))
    flash(_("Your new password counts from now on. Other devices are signed out."), "success")
    return redirect(url_for("accounts.overview"), code=303)


@bp.get("/account/address")
def address() -> ResponseReturnValue:
    return render_template("accounts/address.html", account=this_account(), form=AddressForm())


@bp.post("/account/address")
@limiter.limit("5/hour", key_func=by_account)
def change_address() -> ResponseReturnValue:
    account, form = this_account(), AddressForm()
    # Only the form brings an address into the one way it is written.
    is_one = form.validate_on_submit()
    email = operations.fold_address(form.email.data or "")
    if is_one and email == account.email:
        form.email.errors = [_("This is your address already.")]
    if form.errors:
        return render_template("accounts/address.html", account=account, form=form), 422
    transact(operations.ask_new_address, account, email, clock.utcnow())
    minutes = tokens.minutes(tokens.ADDRESS)
    return render_template("accounts/link_sent.html", email=email, minutes=minutes)


@bp.get("/account/devices")
def devices() -> ResponseReturnValue:
    account, now = this_account(), clock.utcnow()
    return render_template(
        "accounts/devices.html",
        devices=sessions.of_account(account.id, now),
        this=account.device,
        device_words=device_words,
        form=PressForm(),
    )


def owns_device(values: dict) -> bool:
    """Owner look-up for the access table: a session is its account's."""
    account = access.signed_in()
    return account is not None and sessions.owner_of(values["session_id"]) == account.id


@bp.post("/account/devices/<id:session_id>/end")
def end_device(session_id: int) -> ResponseReturnValue:
    transact(sessions.end_one, session_id, this_account().id, clock.utcnow())
    flash(_("That device is signed out."), "success")
    return redirect(url_for("accounts.devices"), code=303)


@bp.post("/account/devices/end-others")
def end_others() -> ResponseReturnValue:
    transact(sessions.end_all, this_account().id, clock.utcnow(), session["_user_id"])
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("accounts.devices"), code=303)


@bp.get("/account/prove")
def prove() -> ResponseReturnValue:
    """Ask again who sits there, before something that matters."""
    target = safe_next(request.args.get("next")) or url_for("accounts.overview")
    return show_prove(ProveForm(next=target))


def show_prove(form: ProveForm) -> str:
    return render_template(
        "accounts/prove.html", form=form, link_form=LinkForm(formdata=None), account=this_account()
    )


@bp.post("/account/prove")
@limiter.limit("5/minute;30/hour", key_func=by_account)
def do_prove() -> ResponseReturnValue:
    account, form = this_account(), ProveForm()
    if not form.validate_on_submit():
        return show_prove(form), 422
    try:
        operations.prove(account, form.password.data or "")
    except PasswordWrong as refusal:
        form.password.errors = [refusal_words(refusal)]
        return show_prove(form), 422
    keep(transact(sessions.renew, session["_user_id"], clock.utcnow(), proved=True))
    target = safe_next(form.next.data) or url_for("accounts.overview")
    return redirect(target, code=303)
