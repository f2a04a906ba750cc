"""Who works here, where, and what the practice is about."""

from collections.abc import Iterable

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from booking.catalog import queries, structured_words
from booking.catalog.models import Service

bp = Blueprint("catalog", __name__)

bp.add_app_template_global(structured_words.about_practitioner)
bp.add_app_template_global(structured_words.about_service_offer)


@bp.get("/about")
def about() -> ResponseReturnValue:
    return render_template(
        "catalog/about.html", practitioners=queries.practitioners(), rooms=queries.rooms()
    )


@bp.get("/practitioners")
def practitioners() -> ResponseReturnValue:
    return render_template("catalog/practitioners.html", practitioners=queries.practitioners())


@bp.get("/practitioners/<slug:slug>")
def practitioner(slug: str) -> ResponseReturnValue:
    found = queries.find_practitioner(slug) or abort(404)
    return render_template(
        "catalog/practitioner.html", practitioner=found, services=_shown(found.services)
    )


@bp.get("/rooms/<slug:slug>")
def room(slug: str) -> ResponseReturnValue:
    found = queries.find_room(slug) or abort(404)
    return render_template("catalog/room.html", room=found, services=_shown(found.services))


def _shown(services: Iterable[Service]) -> list[Service]:
    return [one for one in services if not (one.is_hidden or one.is_archived)]
