"""The editor of a service: its form with lengths inside, and a preview that saves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.catalog import changes, desk_queries
from booking.catalog import queries as catalog
from booking.catalog.changes import Length, Plan
from booking.catalog.models import Audience, Category, Service
from booking.catalog.service_forms import first_keys, fitted, pressed, read_keys
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.settings import catalog_queries
from booking.settings.catalog_views import shown_uses
from booking.settings.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.wall import today


@dataclass(frozen=True, slots=True)
class Shown:
    """A service as it would be, for the preview: no row, so nothing of it can be saved."""

    name: str
    summary: str
    about: str
    preparation: str
    drawing: str
    category: Category
    options: Sequence[Length]


def service_form(service: Service | None) -> Any:
    """The form of a service, or of a new one: as it was sent, or as it is opened."""
    keys = first_keys(service)
    if request.method == "POST":
        keys = pressed(
            read_keys(request.form.get("order", ""), service), request.form.get("press", "")
        )
    who, where = catalog.practitioners(), catalog.rooms()
    if service is not None:  # Who is archived can be taken out, and stays until then.
        who += [one for one in service.practitioners if one.is_archived]
        where += [one for one in service.rooms if one.is_archived]
    kind = fitted(who, where, keys)
    values = kind.values(service) if service else _usual(kind)
    form = kind(data=values)
    form.order.data = ",".join(keys)
    _offer_kinds(form, service)
    form.audience.choices = [
        SelectChoice(Audience.EVERYONE.value, _("everybody")),
        SelectChoice(Audience.RETURNING.value, _("clients who have been here")),
        SelectChoice(Audience.INVITED.value, _("clients whom you have invited, on their record")),
    ]
    if service is not None:
        form.sequence.data = ",".join(key for key in keys if key.isdigit())
        _take_over(form, values)
        if request.method != "POST":
            form.opened_on(values)
    return form


def _usual(kind: Any) -> dict[str, Any]:
    """What a new service begins with: everybody gives it, in any room."""
    ticks = dict.fromkeys([*kind.givers, *kind.places], True)
    return {
        "before": 0, "after": 15, "is_hands_on": True, "audience": Audience.EVERYONE.value, **ticks,
    }  # fmt: skip


def _offer_kinds(form: Any, service: Service | None) -> None:
    own = service.category_id if service else None
    form.category.choices = [
        SelectChoice(str(one.id), one.name)
        for one in desk_queries.kinds_alone()
        if not one.is_archived or one.id == own
    ]


def _take_over(form: Any, values: dict[str, Any]) -> None:
    """Fill in the lengths that somebody else has added while this form was open."""
    named = request.form.get("order", "").split(",")
    for key in form.keys:
        if request.method == "POST" and key.isdigit() and key not in named:
            for name in (f"minutes_{key}", f"price_{key}", f"over_{key}"):
                form[name].data = values[name]


@bp.get("/services/new")
def new_service() -> ResponseReturnValue:
    return show_service(service_form(None))


@bp.post("/services/new")
def add_service() -> ResponseReturnValue:
    form = service_form(None)
    if (shown := answer_press(form, None)) is not None:
        return shown
    try:
        service = transact(changes.add_service, form.plan(), this_actor(), clock.utcnow())
    except Refusal as refusal:
        return show_service(form, message=refusal_words(refusal)), refusal.status
    flash(_("Added: %(name)s.", name=service.name), "success")
    return redirect(url_for("settings.service", service_id=service.id), code=303)


@bp.get("/services/<id:service_id>", endpoint="service")
def edit_service(service_id: int) -> ResponseReturnValue:
    found = desk_queries.service(service_id) or abort(404)
    return show_service(service_form(found), found)


@bp.post("/services/<id:service_id>")
def change_service(service_id: int) -> ResponseReturnValue:
    found = desk_queries.service(service_id) or abort(404)
    form = service_form(found)
    if (shown := answer_press(form, found)) is not None:
        return shown
    try:
        is_saved = transact(_save, service_id, form)
    except Refusal as refusal:
        found = desk_queries.service(service_id) or abort(404)
        return show_service(form, found, refusal_words(refusal)), refusal.status
    if not is_saved:
        found = desk_queries.service(service_id) or abort(404)
        return show_service(form, found), 409
    flash(_("Saved. What is booked already keeps its length and its price."), "success")
    return redirect(url_for("settings.service", service_id=service_id), code=303)


def _save(service_id: int, form: Any) -> bool:
    """Save it, unless somebody else has saved something else since the form was opened."""
    service = changes.lock(Service, service_id)
    if not form.is_current(form.values(service)):
        return False
    changes.change_service(service, form.plan(), this_actor(), clock.utcnow())
    return True


def answer_press(form: Any, found: Service | None) -> ResponseReturnValue | None:
    """Answer a press that saves nothing, or a form that is not right; None when it is to be saved.

    Another length and another order leave the form as it was typed, whatever is in it.
    """
    press = form.press.data or ""
    if press.partition("_")[0] in {"more", "up", "down"}:
        return show_service(form, found)
    if not form.validate_on_submit():
        return show_service(form, found), 422
    if press == "preview":
        return show_service(form, found, preview=as_shown(form.plan()))
    return None


def as_shown(plan: Plan) -> Shown:
    """Return what clients would see of a plan. 404 for a kind of work that is gone."""
    live = [one for one in plan.lengths if not one.is_archived]
    kind = db.session.get(Category, plan.category_id) or abort(404)
    return Shown(category=kind, options=live, **plan.texts)


def show_service(
    form: Any, service: Service | None = None, message: str = "", preview: Shown | None = None
) -> str:
    givers = [one for one in service.practitioners if not one.is_archived] if service else []
    ready = catalog_queries.with_hours(today()) if service else set()
    return render_template(
        "settings/service.html",
        form=form,
        service=service,
        message=message,
        preview=preview,
        over={str(one.id) for one in service.options if one.is_archived} if service else set(),
        lacks=desk_queries.lacks(service) if service else None,
        without_hours=[one for one in givers if one.id not in ready],
        uses=shown_uses(service) if service else None,
    )
