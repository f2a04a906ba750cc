"""Lists of what is offered: their order, what is archived, and bringing it back."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.accounts.access import this_actor
from booking.catalog import desk_queries, ordering
from booking.catalog.changes import Kept
from booking.catalog.edit_forms import PlaceForm
from booking.catalog.models import Category, Practitioner, Room, Service
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.settings import archiving, catalog_queries
from booking.settings.views import bp, say_placed
from booking.web.filters import refusal_words
from booking.web.wall import today

# What an address calls the lists, and where a row of each is changed.
LISTS: dict[str, type[Any]] = {
    "kinds": Category, "services": Service, "practitioners": Practitioner, "rooms": Room,
}  # fmt: skip
EDITORS = {"kinds": "kind", "services": "service", "practitioners": "practitioner", "rooms": "room"}
WHAT = "<any(kinds, services, practitioners, rooms):what>"


@bp.get("/services")
def services() -> ResponseReturnValue:
    """All services by kind of work, and why one is not offered."""
    kinds = desk_queries.kinds()
    return render_template(
        "settings/services.html",
        kinds=kinds,
        archived=[one for kind in kinds for one in kind.services if one.is_archived],
        lacks=desk_queries.lacks,
        with_hours=catalog_queries.with_hours(today()),
    )


@bp.get("/kinds")
def kinds() -> ResponseReturnValue:
    return _list("kinds", desk_queries.kinds())


@bp.get("/practitioners")
def practitioners() -> ResponseReturnValue:
    shown = desk_queries.practitioners()
    return _list("practitioners", shown, with_hours=catalog_queries.with_hours(today()))


@bp.get("/rooms")
def rooms() -> ResponseReturnValue:
    return _list("rooms", desk_queries.rooms())


def _list(what: str, rows: Any, **more: Any) -> str:
    return render_template(
        f"settings/{what}.html",
        rows=[one for one in rows if not one.is_archived],
        archived=[one for one in rows if one.is_archived],
        **more,
    )


@bp.post(f"/{WHAT}/<id:row_id>/place")
def place_row(what: str, row_id: int) -> ResponseReturnValue:
    """Put one before another of its list; the answer leads back to the button that was pressed."""
    form = PlaceForm()
    if not form.validate_on_submit():
        abort(400)
    row = _find(what, row_id)
    placed = transact(ordering.place, row, form.before.data or 0, this_actor(), clock.utcnow())
    button = say_placed(row.name, *placed)
    address = url_for(f"settings.{what}", _anchor=f"{button}-{row_id}")
    return redirect(address, code=303)


def _find(what: str, row_id: int) -> Any:
    return db.session.get(LISTS[what], row_id) or abort(404)


@bp.post(f"/{WHAT}/<id:row_id>/archive")
def archive_row(what: str, row_id: int) -> ResponseReturnValue:
    row = _find(what, row_id)
    try:
        row = transact(
            archiving.archive, LISTS[what], row_id, today(), this_actor(), clock.utcnow()
        )
    except Refusal as refusal:
        return _refused(what, row_id, refusal)
    flash(archived_words(row), "success")
    return redirect(url_for(f"settings.{what}"), code=303)


def archived_words(row: Kept) -> str:
    """Say that it is archived, and how much that is booked stays as it was agreed."""
    words = _("%(name)s is archived.", name=row.name)
    uses = shown_uses(row)
    if uses is not None and uses.bookings:
        words += " " + ngettext(
            "%(num)s booking to come stays as it is.",
            "%(num)s bookings to come stay as they are.",
            uses.bookings,
        )
    return words


@bp.post(f"/{WHAT}/<id:row_id>/bring-back")
def bring_back_row(what: str, row_id: int) -> ResponseReturnValue:
    _find(what, row_id)
    try:
        row = transact(archiving.bring_back, LISTS[what], row_id, this_actor(), clock.utcnow())
    except Refusal as refusal:
        return _refused(what, row_id, refusal)
    flash(_("%(name)s is back.", name=row.name), "success")
    return redirect(url_for(f"settings.{what}"), code=303)


def _refused(what: str, row_id: int, refusal: Refusal) -> ResponseReturnValue:
    """Say why not, on the page where it is changed."""
    flash(refusal_words(refusal), "error")
    values: dict[str, Any] = {f"{EDITORS[what]}_id": row_id}
    return redirect(url_for(f"settings.{EDITORS[what]}", **values), code=303)


def shown_uses(row: Kept) -> catalog_queries.Uses | None:
    """Return what the part about archiving says of a row."""
    return catalog_queries.uses_of(row, today(), clock.utcnow())
