"""Where does it hurt: what clients read of each region, in which order, and whether at all."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.accounts.access import this_actor
from booking.articles import body as regions
from booking.articles import body_queries, queries
from booking.articles.body_models import BodyRegion
from booking.bookings.forms import ConfirmForm
from booking.catalog import desk_queries
from booking.catalog.edit_forms import PlaceForm
from booking.database import db, lock_row, transact
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import operations
from booking.settings.body_forms import BodyForm, RegionForm, fitted
from booking.settings.views import bp, save, say_placed, say_saved


def switch_shown(studio: Practice) -> dict[str, Any]:
    return {"shows_body": studio.shows_body}


@bp.get("/body")
def body() -> ResponseReturnValue:
    return body_page()


def body_page(form: BodyForm | None = None) -> str:
    if form is None:
        shown = switch_shown(practice.current())
        form = BodyForm(formdata=None, data=shown)
        form.opened_on(shown)
    return render_template("settings/body.html", form=form, rows=body_queries.every())


@bp.post("/body")
def switch_body() -> ResponseReturnValue:
    """Show the figure to clients, or no longer."""
    form = BodyForm()
    if not form.validate_on_submit():
        return body_page(form), 422
    values = {"shows_body": bool(form.shows_body.data)}
    changed = save(
        form, switch_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return body_page(form), 409
    say_saved(changed)
    return redirect(url_for("settings.body"), code=303)


@bp.post("/body/begin")
def begin_body() -> ResponseReturnValue:
    """Begin with our texts, in the practice's language; what is there already stays."""
    if not ConfirmForm().validate_on_submit():
        abort(400)
    made = transact(_begin)
    say_saved(made)
    return redirect(url_for("settings.body"), code=303)


def _begin() -> int:
    return regions.install(operations.locked(), this_actor(), clock.utcnow())


@bp.post("/body/<id:region_id>/place")
def place_region(region_id: int) -> ResponseReturnValue:
    """Put one before another; the answer leads back to the button that was pressed."""
    form = PlaceForm()
    if not form.validate_on_submit():
        abort(400)
    row = db.session.get(BodyRegion, region_id) or abort(404)
    placed = transact(regions.place, region_id, form.before.data or 0, this_actor(), clock.utcnow())
    button = say_placed(row.name, *placed)
    return redirect(url_for("settings.body", _anchor=f"{button}-{region_id}"), code=303)


def region_form(row: BodyRegion) -> RegionForm:
    """Return the form as it was sent, or as it is opened on a region."""
    kind = fitted(queries.topics(), desk_queries.live_services())
    values = kind.values(row)
    form = kind(data=values)
    if request.method != "POST":
        form.opened_on(values)
    return form


def show_region(form: RegionForm, row: BodyRegion) -> str:
    return render_template("settings/region.html", form=form, region=row)


@bp.get("/body/<id:region_id>", endpoint="region")
def edit_region(region_id: int) -> ResponseReturnValue:
    row = db.session.get(BodyRegion, region_id) or abort(404)
    return show_region(region_form(row), row)


@bp.post("/body/<id:region_id>")
def change_region(region_id: int) -> ResponseReturnValue:
    row = db.session.get(BodyRegion, region_id) or abort(404)
    form = region_form(row)
    if not form.validate_on_submit():
        return show_region(form, row), 422
    changed = transact(_change, region_id, form)
    if changed is None:
        return show_region(form, db.session.get_one(BodyRegion, region_id)), 409
    say_saved(changed)
    return redirect(url_for("settings.body"), code=303)


def _change(region_id: int, form: RegionForm) -> bool | None:
    """Write it, unless somebody else has saved something else since the form was opened."""
    row = db.session.get_one(BodyRegion, region_id)
    lock_row(row)
    if not form.is_current(form.values(row)):
        return None
    return regions.change(row, form.wanted(row), this_actor(), clock.utcnow())
