"""What is written into a client's record: the private note, flags, the block; and the flags."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit
from booking.accounts.access import this_actor
from booking.accounts.models import Person
from booking.clients import invited, record
from booking.clients.models import Colour, Flag
from booking.database import db, lock_row, transact
from booking.mail import bounces
from booking.practice import queries as practice
from booking.studio.client_forms import (
    BlockForm,
    FlagForm,
    NoteForm,
    flags_form,
    invitations_form,
    ticked,
)
from booking.studio.client_views import show_client, this_client
from booking.studio.views import bp
from booking.web.forms import Form


def living_client(person_id: int) -> Person:
    person = this_client(person_id)
    return abort(404) if person.erased_at is not None else person


def back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("studio.client", person_id=person_id), code=303)


@bp.post("/clients/<id:person_id>/note")
def note_client(person_id: int) -> ResponseReturnValue:
    living_client(person_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return show_client(person_id, form), 422
    if not transact(_write, person_id, form):
        return show_client(person_id, form), 409
    flash(_("Saved."), "success")
    return back(person_id)


def _write(person_id: int, form: NoteForm) -> bool:
    """Save, unless somebody else has meanwhile; tell whether it was saved."""
    person = living_client(person_id)
    lock_row(person)
    if not form.is_current({"note": record.note_of(person_id)}):
        return False
    record.write_note(person, form.note.data or "", this_actor(), clock.utcnow())
    return True


@bp.post("/clients/<id:person_id>/flags")
def flag_client(person_id: int) -> ResponseReturnValue:
    living_client(person_id)
    form = flags_form(list(record.flags()), set())
    if not form.validate_on_submit():
        abort(400)
    transact(_flag, person_id, ticked(form))
    flash(_("Saved."), "success")
    return back(person_id)


def _flag(person_id: int, flag_ids: set[int]) -> None:
    record.give_flags(living_client(person_id), flag_ids, this_actor(), clock.utcnow())


@bp.post("/clients/<id:person_id>/invitations")
def invite_client(person_id: int) -> ResponseReturnValue:
    living_client(person_id)
    form = invitations_form(invited.services(), set())
    if not form.validate_on_submit():
        abort(400)
    transact(_invite, person_id, ticked(form, "service_"))
    flash(_("Saved."), "success")
    return back(person_id)


def _invite(person_id: int, service_ids: set[int]) -> None:
    person = living_client(person_id)
    lock_row(person)
    invited.invite(person, service_ids, this_actor(), clock.utcnow())


@bp.post("/clients/<id:person_id>/block")
def block_client(person_id: int) -> ResponseReturnValue:
    """Block somebody, or let them book online again: the pressed button says which."""
    living_client(person_id)
    form = BlockForm()
    if not form.validate_on_submit():
        abort(400)
    wanted = request.form.get("block") == "y"
    transact(_block, person_id, wanted=wanted)
    words = _("Blocked. They book by calling you.") if wanted else _("They can book online again.")
    flash(words, "success")
    return back(person_id)


def _block(person_id: int, *, wanted: bool) -> None:
    person, actor, now = living_client(person_id), this_actor(), clock.utcnow()
    if wanted:
        record.block(person, actor, practice.current(), now)
    else:
        record.unblock(person, actor, now)


@bp.post("/clients/<id:person_id>/address")
def retry_address(person_id: int) -> ResponseReturnValue:
    """Send mails again to an address that was refused."""
    living_client(person_id)
    if not Form().validate_on_submit():
        abort(400)
    if transact(_retry, person_id):
        flash(_("Mails are sent there again."), "success")
    return back(person_id)


def _retry(person_id: int) -> bool:
    person = living_client(person_id)
    if not person.address or not bounces.forgive(person.address):
        return False
    audit.record(this_actor(), person.about, "address_retried", clock.utcnow())
    return True


@bp.get("/clients/flags", endpoint="client_flags")
def show_flags() -> ResponseReturnValue:
    return render_flags()


def render_flags(wrong: Any = None, wrong_id: int | None = None) -> str:
    """The flags, each in a form of its own; `wrong` is one that was sent and refused."""
    forms = [
        (
            flag,
            wrong if flag.id == wrong_id
            else FlagForm(formdata=None, name=flag.name, colour=flag.colour.value),
        )
        for flag in record.flags()
    ]  # fmt: skip
    return render_template(
        "studio/client_flags.html",
        forms=forms,
        new=wrong if wrong and wrong_id is None else FlagForm(formdata=None),
        wrong=wrong,
        wrong_id=wrong_id,
        counts=record.times_given(),
    )


@bp.post("/clients/flags")
def add_flag() -> ResponseReturnValue:
    form = FlagForm()
    if not form.validate_on_submit():
        return render_flags(form), 422
    transact(
        record.add_flag, form.name.data or "", Colour(form.colour.data),
        this_actor(), clock.utcnow(),
    )  # fmt: skip
    flash(_("Saved."), "success")
    return redirect(url_for("studio.client_flags"), code=303)


def this_flag(flag_id: int) -> Flag:
    return db.session.get(Flag, flag_id) or abort(404)


@bp.post("/clients/flags/<id:flag_id>")
def change_flag(flag_id: int) -> ResponseReturnValue:
    this_flag(flag_id)
    form = FlagForm()
    if not form.validate_on_submit():
        return render_flags(form, flag_id), 422
    transact(_change, flag_id, form)
    flash(_("Saved."), "success")
    return redirect(url_for("studio.client_flags"), code=303)


def _change(flag_id: int, form: FlagForm) -> None:
    record.change_flag(
        this_flag(flag_id), form.name.data or "", Colour(form.colour.data),
        this_actor(), clock.utcnow(),
    )  # fmt: skip


@bp.post("/clients/flags/<id:flag_id>/remove")
def remove_flag(flag_id: int) -> ResponseReturnValue:
    name = this_flag(flag_id).name
    if not Form().validate_on_submit():
        abort(400)
    transact(lambda: record.remove_flag(this_flag(flag_id), this_actor(), clock.utcnow()))
    flash(_("“%(name)s” is gone from every record.", name=name), "success")
    return redirect(url_for("studio.client_flags"), code=303)


def _remove(flag_id: int) -> None:
    record.remove_flag(this_flag(flag_id), this_actor(), clock.utcnow())
