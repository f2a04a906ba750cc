"""Who works here, where, and what the practice is about."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from booking.catalog import queries, structured_words

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
    services = [
        service for service in found.services if not (service.is_hidden or service.is_archived)
    ]
    return render_template("catalog/practitioner.html", practitioner=found, services=services)


@bp.get("/rooms/<slug:slug>")
def room(slug: str) -> ResponseReturnValue:
    found = queries.find_room(slug) or abort(404)
    services = [
        service for service in found.services if not (service.is_hidden or service.is_archived)
    ]
    return render_template("catalog/room.html", room=found, services=services)
