"""The people an account books for."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, closing, people
from booking.accounts.access import this_actor
from booking.accounts.account_views import by_account, this_account
from booking.accounts.forms import PersonForm, PressForm
from booking.accounts.models import Account, Person
from booking.accounts.views import bp, parts
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.web.filters import refusal_words
from booking.web.limits import limiter


def owns_person(values: dict) -> bool:
    """Owner look-up for the access table: a person of the account that is signed in."""
    account = access.signed_in()
    return account is not None and people.find(values["person_id"], account.id) is not None


def this_person(person_id: int) -> Person:
    return people.find(person_id, this_account().id) or abort(404)


@bp.get("/account/people", endpoint="people")
def show_people() -> ResponseReturnValue:
    account = this_account()
    return render_template("accounts/people.html", people=people.of_account(account.id))


@bp.get("/account/people/new")
def new_person() -> ResponseReturnValue:
    if people.own_person(this_account()) is None:
        flash(_("Please tell us your own name first."), "error")
        return redirect(url_for("accounts.overview"), code=303)
    return render_template("accounts/person.html", form=PersonForm(), person=None)


@bp.post("/account/people/new")
@limiter.limit("20/hour", key_func=by_account)
def add_person() -> ResponseReturnValue:
    form = PersonForm()
    if people.own_person(this_account()) is None:
        return redirect(url_for("accounts.overview"), code=303)
    if not form.validate_on_submit():
        return render_template("accounts/person.html", form=form, person=None), 422
    added = transact(_add, this_account().id, form)
    flash(_("You can now book for %(name)s.", name=added.name), "success")
    return redirect(url_for("accounts.people"), code=303)


def _add(account_id: int, form: PersonForm) -> Person:
    account = db.session.get_one(Account, account_id)
    name, phone = form.name.data or "", form.phone.data or ""
    return people.add(account, name, phone, is_minor=form.is_minor.data, now=clock.utcnow())


@bp.get("/account/people/<id:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    found = this_person(person_id)
    return show_person(found, PersonForm(name=found.name, phone=found.phone))


def show_person(found: Person, form: PersonForm) -> str:
    # Who is a minor was said, and consented to, when they were added.
    del form.is_minor, form.consent
    return render_template("accounts/person.html", form=form, person=found)


@bp.post("/account/people/<id:person_id>")
def change_person(person_id: int) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return show_person(this_person(person_id), form), 422
    transact(_change, person_id, form)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.people"), code=303)


def _change(person_id: int, form: PersonForm) -> None:
    values = {"name": form.name.data, "phone": form.phone.data or None}
    people.change(this_person(person_id), values, this_actor(), clock.utcnow())


@bp.get("/account/people/<id:person_id>/remove")
def remove_person(person_id: int) -> ResponseReturnValue:
    return show_removal(this_person(person_id))


def show_removal(found: Person, message: str = "") -> str:
    return render_template(
        "accounts/remove_person.html", person=found, message=message, form=PressForm()
    )


@bp.post("/account/people/<id:person_id>/remove")
def do_remove_person(person_id: int) -> ResponseReturnValue:
    try:
        transact(_remove, person_id)
    except Refusal as refusal:
        return show_removal(this_person(person_id), refusal_words(refusal)), refusal.status
    flash(_("Taken out of your account."), "success")
    return redirect(url_for("accounts.people"), code=303)


def _remove(person_id: int) -> None:
    account = this_account()
    closing.take_out(account, this_person(person_id), former_client(), parts(), clock.utcnow())


def former_client() -> str:
    """The word that stands in the books where a name stood."""
    return _("Former client")
