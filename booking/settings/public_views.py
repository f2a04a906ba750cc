"""What everybody fetches: the style sheet of the studio's colour, the logo, the legal texts."""

import hashlib
from functools import lru_cache

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.domain import colours
from booking.practice import queries as practice
from booking.settings import legal, queries
from booking.settings.legal_views import this_kind
from booking.settings.models import LegalKind

bp = Blueprint("house", __name__)

YEAR_SECONDS = 365 * 24 * 60 * 60
HOUR_SECONDS = 60 * 60


@lru_cache(maxsize=64)
def sheet_version(accent: str) -> str:
    """Name the style sheet by what is in it: another release may derive other shades."""
    return hashlib.sha256(colours.sheet(accent).encode()).hexdigest()[:12]


@bp.app_template_global()
def look_address() -> str:
    return url_for("house.look", v=sheet_version(practice.current().accent))


@bp.app_template_global()
def logo_address() -> str:
    return url_for("house.logo", v=practice.current().logo_version)


@bp.app_template_global()
def look_shades() -> tuple[colours.Shades, colours.Shades]:
    """The shades of light and of dark pages, for mails, which fetch nothing."""
    return colours.shades_of(practice.current().accent)


@bp.app_template_global()
def legal_kinds() -> list[LegalKind]:
    """The legal texts that have a page. No statement: the practice's row knows."""
    published = practice.current().legal_versions
    return [kind for kind in LegalKind if kind.value in published]


@bp.get("/look.css")
def look() -> ResponseReturnValue:
    accent = practice.current().accent
    response = make_response(colours.sheet(accent))
    response.mimetype = "text/css"
    return _kept(response, sheet_version(accent))


@bp.get("/logo")
def logo() -> ResponseReturnValue:
    version = practice.current().logo_version
    found = queries.logo() if version else None
    if found is None:
        abort(404)
    response = make_response(found.content)
    response.mimetype = found.media_type
    return _kept(response, version)


def _kept(response: Response, version: str) -> Response:
    """Let browsers keep it: for ever under the address that names this version, else an hour."""
    is_named = request.args.get("v") == version
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS if is_named else HOUR_SECONDS
    response.cache_control.immutable = is_named
    response.set_etag(version)
    response.make_conditional(request)
    return response


@bp.get("/legal/<slug:kind>")
def legal_page(kind: str) -> ResponseReturnValue:
    studio = practice.current()
    number = studio.legal_versions.get(this_kind(kind).value)
    found = legal.version(LegalKind(kind), number) if number else None
    if found is None:
        abort(404)
    return render_template("settings/legal_page.html", text=found)
