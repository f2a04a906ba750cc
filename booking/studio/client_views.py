"""The clients' list, a client's record, and writing somebody down."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, audit
from booking.accounts.access import this_account, this_actor
from booking.accounts.models import Person, Role
from booking.bookings import reminders
from booking.bookings.reminding_views import times_words
from booking.catalog import queries as catalog
from booking.clients import clients, duplicates, invited, merging, record
from booking.clients.clients import Entry, Only
from booking.clients.merge_rules import better_order
from booking.columns import clean_text
from booking.database import lock_row, transact
from booking.mail import bounces
from booking.practice import queries as practice
from booking.studio.client_forms import (
    BlockForm,
    ClientForm,
    NoteForm,
    colour_words,
    flags_form,
    invitations_form,
)
from booking.studio.views import bp
from booking.web.addresses import number_argument, page_argument
from booking.web.forms import SelectChoice

# After how many months without a visit somebody may be looked for.
MONTHS = (3, 6, 12, 24)
bp.add_app_template_filter(colour_words)


def knows_client(values: dict) -> bool:
    """Owner look-up for the access table: whom this member of staff may see."""
    account = access.signed_in()
    return account is not None and clients.find(values["person_id"], account) is not None


def this_client(person_id: int) -> Person:
    return clients.find(person_id, this_account()) or abort(404)


@bp.get("/clients", endpoint="clients")
def show_clients() -> ResponseReturnValue:
    page = page_argument()
    words, months = words_argument("q"), number_argument("away")
    months = months if months in MONTHS else None
    flag_id, is_blocked = number_argument("flag"), request.args.get("blocked") == "y"
    not_since = clock.utcnow() - timedelta(days=round(months * 30.4)) if months else None
    found = clients.search(this_account(), words, page, Only(flag_id, is_blocked, not_since))
    shown = found[: clients.PAGE]
    return render_template(
        "studio/clients.html",
        clients=shown,
        flags=record.flags(),
        flags_of=record.flags_of(one.id for one in shown),
        words=words,
        flag_id=flag_id,
        is_blocked=is_blocked,
        months=months,
        all_months=MONTHS,
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
    if request.method == "GET":
        transact(_look, person_id)
    if (kept_id := merging.went_to(person_id)) is not None:
        return redirect(url_for("studio.client", person_id=kept_id), code=303)
    note = record.note_of(person_id)
    form = NoteForm(note=note)
    form.opened_on({"note": note})
    return show_client(person_id, form)


def show_client(person_id: int, note_form: NoteForm) -> str:
    account, now = this_account(), clock.utcnow()
    own = catalog.practitioner_of(account.id)
    only = None if account.role is Role.MANAGER else (own.id if own else 0)
    person, wards = this_client(person_id), clients.wards(person_id)
    family = [one.id for one in wards] + ([person.guardian_id] if person.guardian_id else [])
    flags, has = list(record.flags()), record.flags_of([person_id]).get(person_id, [])
    is_manager = account.role is Role.MANAGER
    return render_template(
        "studio/client.html",
        person=person,
        bookings=clients.history(person_id, only),
        counts=record.counts(person_id, only, now),
        wards=wards,
        openable=clients.openable(family, account),
        flags=has,
        flags_form=flags_form(flags, {one.id for one in has}),
        invitations=invitations_form(invited.services(), invited.invited_to(person_id)),
        note_form=note_form,
        block_form=BlockForm(),
        like=_like(person) if is_manager and not person.erased_at else [],
        merges=merging.merges(now, person_id) if is_manager else [],
        refused=bounces.find(person.address),
        is_manager=is_manager,
        now=now,
    )


def _like(person: Person) -> list[tuple[Person, Person, Person]]:
    """Return who may be the same client, with who of the two would stay and who would go."""
    return [(one, *better_order(person, one)) for one in duplicates.like(person)]


def _look(person_id: int) -> None:
    person = this_client(person_id)
    audit.record(this_actor(), person.about, "looked", clock.utcnow())


def guardian_argument() -> Person | None:
    """Return the client in the address whose child is to be written down, None for nobody's."""
    number = number_argument("guardian")
    if number is None:
        return None
    found = this_client(number)
    return None if found.is_minor or found.erased_at else found


@bp.get("/clients/new")
def new_client() -> ResponseReturnValue:
    guardian = guardian_argument()
    return show_form(blank_form(guardian), guardian=guardian)


def blank_form(guardian: Person | None) -> ClientForm:
    """A form for somebody new, who is reminded as all are."""
    form = ClientForm()
    del form.way, form.leads
    if guardian is None:
        del form.consent
    return form


def show_form(
    form: ClientForm, person: Person | None = None, guardian: Person | None = None
) -> str:
    return render_template("studio/client_form.html", form=form, person=person, guardian=guardian)


def entry_of(form: ClientForm) -> Entry:
    return Entry(
        form.name.data or "", form.phone.data or None, (form.email and form.email.data) or None
    )


@bp.post("/clients/new")
def add_client() -> ResponseReturnValue:
    guardian = guardian_argument()
    form = blank_form(guardian)
    if not form.validate_on_submit():
        return show_form(form, guardian=guardian), 422
    added = transact(_add, entry_of(form))
    flash(_("%(name)s is in the list.", name=added.name), "success")
    return redirect(url_for("studio.client", person_id=added.id), code=303)


def _add(entry: Entry) -> Person:
    return clients.add(entry, guardian_argument(), this_actor(), clock.utcnow())


@bp.get("/clients/<id:person_id>/edit")
def edit_client(person_id: int) -> ResponseReturnValue:
    """The same record with its fields open: looking at it is written down as well."""
    if request.method == "GET":
        transact(_look, person_id)
    person = this_client(person_id)
    known = shown_of(person)
    form = ClientForm(data=known)
    form.opened_on(known)
    return show_form(fit(form, person), person=person)


def shown_of(person: Person) -> dict[str, Any]:
    own = person.reminder_leads
    return {
        **clients.known_of(person),
        "way": "usual" if own is None else "own",
        "leads": own or [],
    }


def fit(form: ClientForm, person: Person) -> ClientForm:
    """Take out of the form what is not asked about this person, and name their usual reminders."""
    del form.consent
    chosen = person.account.reminder_leads if person.account else None
    usual = _("As usual: %(times)s", times=times_words(practice.current().reminder_leads))
    if chosen is not None:
        usual = _("As they have chosen: %(times)s", times=times_words(chosen))
    form.way.choices = [
        SelectChoice("usual", usual),
        SelectChoice("own", _("In another way:")),
    ]
    if person.account_id is not None:
        del form.email
    return form


@bp.post("/clients/<id:person_id>/edit")
def change_client(person_id: int) -> ResponseReturnValue:
    person = this_client(person_id)
    form = fit(ClientForm(), person)
    if person.erased_at is not None:
        abort(404)
    if not form.validate_on_submit():
        return show_form(form, person=person), 422
    if not transact(_change, person_id, form):
        return show_form(form, person=this_client(person_id)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("studio.client", person_id=person_id), code=303)


def _change(person_id: int, form: ClientForm) -> bool:
    """Save, unless somebody else has meanwhile; tell whether it was saved."""
    person = this_client(person_id)
    lock_row(person)
    if not form.is_current(shown_of(person)):
        return False
    actor, now = this_actor(), clock.utcnow()
    clients.change(person, entry_of(form), actor, now)
    reminders.choose_for(person, form.own_leads(), actor, now)
    return True
