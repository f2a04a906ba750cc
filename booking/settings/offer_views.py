"""The editors of kinds of work, practitioners and rooms, and one's own page."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_account, this_actor
from booking.articles import topics
from booking.catalog import changes, desk_queries
from booking.catalog import queries as catalog
from booking.catalog.edit_forms import (
    KindForm,
    PractitionerForm,
    ProfileForm,
    RoomForm,
    with_ticks,
)
from booking.catalog.models import Category, Practitioner, Room
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.settings import catalog_queries
from booking.settings.catalog_views import shown_uses
from booking.settings.views import bp
from booking.web.filters import refusal_words
from booking.web.wall import today


def has_profile(values: dict) -> bool:
    """Owner look-up for the access table: who gives sessions has a page about themselves."""
    account = access.signed_in()
    return account is not None and catalog.practitioner_of(account.id) is not None


def opened(kind: Any, row: Any) -> Any:
    """Return the form as it was sent, or as it is opened on a row; without one it is empty."""
    values = kind.values(row) if row is not None else {}
    form = kind(data=values)
    if row is not None and request.method != "POST":
        form.opened_on(values)
    return form


def _ticked(kind: type[Any]) -> type[Any]:
    return with_ticks(kind, desk_queries.live_services())


def _answer(
    form: Any,
    save: Callable[[], Any],
    show: Callable[..., str],
    leave: Callable[[Any], str],
) -> ResponseReturnValue:
    """Save a form that was sent; else show it again, with what was typed and what is wrong.

    `save` runs in the transaction and returns None when somebody else was faster.
    """
    if not form.validate_on_submit():
        return show(form), 422
    try:
        saved = transact(save)
    except Refusal as refusal:
        return show(form, refusal_words(refusal)), refusal.status
    if saved is None:
        return show(form), 409
    return redirect(leave(saved), code=303)


def _added(what: str) -> Callable[[Any], str]:
    def leave(row: Any) -> str:
        flash(_("Added: %(name)s.", name=row.name), "success")
        return url_for(f"settings.{what}", **{f"{what}_id": row.id})

    return leave


def _saved(listing: str) -> Callable[[Any], str]:
    def leave(_row: Any) -> str:
        flash(_("Saved."), "success")
        return url_for(f"settings.{listing}")

    return leave


def _adding(make: Callable[[], Any], form: Any) -> Callable[[], Any]:
    """Return what adds a row with what was typed; run in a transaction, perhaps more than once."""

    def save() -> Any:
        actor, now = this_actor(), clock.utcnow()
        made = make()
        changes.add(made, form.texts(), actor, now)
        if form.services_given is not None:
            changes.give(made, form.services_given, actor, now)
        return made

    return save


def _changing(model: type[Any], row_id: int, form: Any) -> Callable[[], Any]:
    """Return what writes a form to its row, if that is still what the form was opened on."""

    def save() -> Any:
        actor, now = this_actor(), clock.utcnow()
        if form.services_given is not None:
            changes.lock_services()
        row: Any = changes.lock(model, row_id)
        if not form.is_current(form.values(row)):
            return None
        changes.change(row, form.texts(), actor, now)
        if model is Category:
            topics.follow(row)
        if form.services_given is not None:
            changes.give(row, form.services_given, actor, now)
        return row

    return save


# Kinds of work.


@bp.get("/kinds/new")
def new_kind() -> ResponseReturnValue:
    return show_kind(opened(KindForm, None))


def show_kind(form: Any, message: str = "", kind: Category | None = None) -> str:
    return render_template("settings/kind.html", form=form, message=message, kind=kind)


@bp.post("/kinds/new")
def add_kind() -> ResponseReturnValue:
    form = opened(KindForm, None)
    return _answer(form, _adding(Category, form), show_kind, _added("kind"))


@bp.get("/kinds/<id:kind_id>", endpoint="kind")
def edit_kind(kind_id: int) -> ResponseReturnValue:
    kind = db.session.get(Category, kind_id) or abort(404)
    return show_kind(opened(KindForm, kind), kind=kind)


@bp.post("/kinds/<id:kind_id>")
def change_kind(kind_id: int) -> ResponseReturnValue:
    kind = db.session.get(Category, kind_id) or abort(404)
    form = opened(KindForm, kind)

    def show(form: Any, message: str = "") -> str:
        return show_kind(form, message, db.session.get_one(Category, kind_id))

    return _answer(form, _changing(Category, kind_id, form), show, _saved("kinds"))


# Practitioners.


@bp.get("/practitioners/new")
def new_practitioner() -> ResponseReturnValue:
    return show_practitioner(opened(_ticked(PractitionerForm), None))


def show_practitioner(form: Any, message: str = "", row: Practitioner | None = None) -> str:
    is_ready = row is None or row.id in catalog_queries.with_hours(today())
    return render_template(
        "settings/practitioner.html",
        form=form,
        message=message,
        practitioner=row,
        has_hours=is_ready,
        uses=shown_uses(row) if row else None,
    )


@bp.post("/practitioners/new")
def add_practitioner() -> ResponseReturnValue:
    form = opened(_ticked(PractitionerForm), None)
    return _answer(form, _adding(Practitioner, form), show_practitioner, _added("practitioner"))


@bp.get("/practitioners/<id:practitioner_id>", endpoint="practitioner")
def edit_practitioner(practitioner_id: int) -> ResponseReturnValue:
    row = db.session.get(Practitioner, practitioner_id) or abort(404)
    return show_practitioner(opened(_ticked(PractitionerForm), row), row=row)


@bp.post("/practitioners/<id:practitioner_id>")
def change_practitioner(practitioner_id: int) -> ResponseReturnValue:
    row = db.session.get(Practitioner, practitioner_id) or abort(404)
    form = opened(_ticked(PractitionerForm), row)

    def show(form: Any, message: str = "") -> str:
        return show_practitioner(form, message, db.session.get_one(Practitioner, practitioner_id))

    save = _changing(Practitioner, practitioner_id, form)
    return _answer(form, save, show, _saved("practitioners"))


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    row = own_page()
    return show_profile(opened(ProfileForm, row))


def own_page() -> Practitioner:
    return catalog.practitioner_of(this_account().id) or abort(404)


def show_profile(form: Any, message: str = "") -> str:
    return render_template(
        "settings/profile.html", form=form, message=message, practitioner=own_page()
    )


@bp.post("/profile")
def change_profile() -> ResponseReturnValue:
    """Change what is said of oneself; the name, the services and the hours are the manager's."""
    row = own_page()
    form = opened(ProfileForm, row)
    return _answer(form, _changing(Practitioner, row.id, form), show_profile, _saved("profile"))


# Rooms.


@bp.get("/rooms/new")
def new_room() -> ResponseReturnValue:
    return show_room(opened(_ticked(RoomForm), None))


def show_room(form: Any, message: str = "", room: Room | None = None) -> str:
    uses = shown_uses(room) if room else None
    return render_template("settings/room.html", form=form, message=message, room=room, uses=uses)


@bp.post("/rooms/new")
def add_room() -> ResponseReturnValue:
    form = opened(_ticked(RoomForm), None)
    return _answer(form, _adding(Room, form), show_room, _added("room"))


@bp.get("/rooms/<id:room_id>", endpoint="room")
def edit_room(room_id: int) -> ResponseReturnValue:
    room = db.session.get(Room, room_id) or abort(404)
    return show_room(opened(_ticked(RoomForm), room), room=room)


@bp.post("/rooms/<id:room_id>")
def change_room(room_id: int) -> ResponseReturnValue:
    room = db.session.get(Room, room_id) or abort(404)
    form = opened(_ticked(RoomForm), room)

    def show(form: Any, message: str = "") -> str:
        return show_room(form, message, db.session.get_one(Room, room_id))

    return _answer(form, _changing(Room, room_id, form), show, _saved("rooms"))
