"""What others may find of this site: canonical addresses, the sitemap and robots.txt.

`create_app` says which pages may be found; every other page asks not to be listed, in its head
and in a header, so that a new page is private until somebody decides otherwise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from booking.web.links import absolute_url
from booking.web.unchanged import public

bp = Blueprint("found", __name__)

# A sitemap holds at most 50,000 addresses.
MOST = 50_000


class Entry(NamedTuple):
    """A page for the sitemap: its route, what the route needs, and when it last changed."""

    endpoint: str
    values: Mapping[str, str] = {}
    changed_at: datetime | None = None


Entries = Callable[[], Iterable[Entry]]


def init_app(
    app: Flask,
    pages: Mapping[str, Sequence[str]],
    entries: Sequence[Entries],
    closed: Sequence[str],
) -> None:
    """Let `pages` be found, each with the arguments that make another page of it.

    `entries` list what is in the sitemap, `closed` are the beginnings of addresses that no
    machine needs to look at.
    """
    app.extensions["found"] = {"pages": pages, "entries": entries, "closed": closed}
    app.add_template_global(canonical_address)
    app.after_request(ask_not_to_be_listed)
    app.register_blueprint(bp)


def canonical_address() -> str | None:
    """Return the one address of the page that is shown, None when it should not be found."""
    arguments = current_app.extensions["found"]["pages"].get(request.endpoint)
    if arguments is None or request.endpoint is None:
        return None
    said = {name: request.args[name] for name in arguments if request.args.get(name)}
    return absolute_url(request.endpoint, **(request.view_args or {}), **said)


def ask_not_to_be_listed(response: Response) -> Response:
    is_found = request.endpoint in current_app.extensions["found"]["pages"]
    if response.mimetype == "text/html" and not (is_found and response.status_code == 200):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    entries = [one for listed in current_app.extensions["found"]["entries"] for one in listed()]
    urls = [(absolute_url(one.endpoint, **one.values), one.changed_at) for one in entries[:MOST]]
    response = make_response(render_template("sitemap.xml", urls=urls))
    response.mimetype = "application/xml"
    return public(response)


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {start}" for start in current_app.extensions["found"]["closed"]]
    lines += ["", f"Sitemap: {absolute_url('found.sitemap')}", ""]
    response = make_response("\n".join(lines))
    response.mimetype = "text/plain"
    return public(response)
