"""The clients' list, a client's record, and writing somebody down."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, audit
from booking.accounts.audit import actor_of
from booking.accounts.models import Account, Person, Role
from booking.catalog import queries as catalog
from booking.database import clean_text, transact
from booking.studio import clients
from booking.studio.clients import Entry
from booking.studio.forms import ClientForm
from booking.studio.views import bp
from booking.web.addresses import number_argument


def this_account() -> Account:
    return access.signed_in() or abort(404)


def knows_client(values: dict) -> bool:
    """Owner look-up for the access table: whom this member of staff may see."""
    account = access.signed_in()
    return account is not None and clients.find(values["person_id"], account) is not None


def this_client(person_id: int) -> Person:
    return clients.find(person_id, this_account()) or abort(404)


@bp.get("/clients", endpoint="clients")
def show_clients() -> ResponseReturnValue:
    page = max(number_argument("page") or 1, 1)
    words = words_argument("q")
    found = clients.search(this_account(), words, min(page, 10_000))
    return render_template(
        "studio/clients.html",
        clients=found[: clients.PAGE],
        words=words,
        page=page,
        has_more=len(found) > clients.PAGE,
    )


def words_argument(name: str) -> str:
    """Return the words of the address's query, nothing when they could stand in no column."""
    try:
        return clean_text(request.args.get(name, "")[:120], 120)
    except ValueError:
        return ""


@bp.get("/clients/<id:person_id>")
def client(person_id: int) -> ResponseReturnValue:
    """A client's record. That it was opened is written down: the one page where reading writes."""
    account = this_account()
    if request.method == "GET":
        transact(_look, person_id)
    own = catalog.practitioner_of(account.id)
    only = None if account.role is Role.MANAGER else (own.id if own else 0)
    person, wards = this_client(person_id), clients.wards(person_id)
    family = [one.id for one in wards] + ([person.guardian_id] if person.guardian_id else [])
    return render_template(
        "studio/client.html",
        person=person,
        bookings=clients.history(person_id, only),
        wards=wards,
        openable=clients.openable(family, account),
        now=clock.utcnow(),
    )


def _look(person_id: int) -> None:
    person = this_client(person_id)
    audit.record(actor_of(this_account()), person.about, "looked", clock.utcnow())


def guardian_argument() -> Person | None:
    """Return the client in the address whose child is to be written down, None for nobody's."""
    number = number_argument("guardian")
    if number is None:
        return None
    found = this_client(number)
    return None if found.is_minor or found.erased_at else found


@bp.get("/clients/new")
def new_client() -> ResponseReturnValue:
    form, guardian = ClientForm(), guardian_argument()
    if guardian is None:
        del form.consent
    return show_form(form, guardian=guardian)


def show_form(
    form: ClientForm, person: Person | None = None, guardian: Person | None = None
) -> str:
    return render_template("studio/client_form.html", form=form, person=person, guardian=guardian)


def entry_of(form: ClientForm) -> Entry:
    return Entry(form.name.data or "", form.phone.data or None, form.email.data or None)


@bp.post("/clients/new")
def add_client() -> ResponseReturnValue:
    form, guardian = ClientForm(), guardian_argument()
    if guardian is None:
        del form.consent
    if not form.validate_on_submit():
        return show_form(form, guardian=guardian), 422
    added = transact(_add, entry_of(form))
    flash(_("%(name)s is in the list.", name=added.name), "success")
    return redirect(url_for("studio.client", person_id=added.id), code=303)


def _add(entry: Entry) -> Person:
    return clients.add(entry, guardian_argument(), actor_of(this_account()), clock.utcnow())


@bp.get("/clients/<id:person_id>/edit")
def edit_client(person_id: int) -> ResponseReturnValue:
    """The same record with its fields open: looking at it is written down as well."""
    if request.method == "GET":
        transact(_look, person_id)
    person = this_client(person_id)
    form = ClientForm(name=person.name, phone=person.phone, email=person.email)
    return show_edit(form, person)


def show_edit(form: ClientForm, person: Person) -> str:
    del form.consent
    if person.account_id is not None:
        del form.email
    return show_form(form, person=person)


@bp.post("/clients/<id:person_id>/edit")
def change_client(person_id: int) -> ResponseReturnValue:
    form, person = ClientForm(), this_client(person_id)
    del form.consent
    if person.erased_at is not None:
        abort(404)
    if not form.validate_on_submit():
        if person.account_id is not None:
            del form.email
        return show_form(form, person=person), 422
    transact(_change, person_id, entry_of(form))
    flash(_("Saved."), "success")
    return redirect(url_for("studio.client", person_id=person_id), code=303)


def _change(person_id: int, entry: Entry) -> None:
    clients.change(this_client(person_id), entry, actor_of(this_account()), clock.utcnow())
