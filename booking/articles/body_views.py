"""Where does it hurt: the figure, a page for each region, and what was chosen on the way on.

What somebody chooses is theirs: it goes along in the addresses of the pages on which they book,
so that what stands beside these fits, and is kept nowhere.
"""

from flask import abort, has_request_context, render_template, request
from flask.typing import ResponseReturnValue

from booking import clock
from booking.articles import body_queries as queries
from booking.articles.body_models import REGIONS
from booking.articles.queries import about
from booking.articles.views import bp, or_nothing
from booking.practice import queries as practice

# From a region to the booked session. No mail is among them: those make their links elsewhere.
WAY = frozenset({
    "scheduling.category", "scheduling.service", "scheduling.month", "bookings.hold",
    "bookings.details", "bookings.book", "bookings.let_go", "bookings.manage", "bookings.undo",
    "bookings.wish", "bookings.do_wish",
})  # fmt: skip
REGION = "articles.region"
# How many pieces a region names; the others are found under its topics.
PIECES = 4


def chosen_region() -> str | None:
    """Return the region that this page is about or was come to by; None for all other pages."""
    if not has_request_context():
        return None
    if request.endpoint == REGION:
        return (request.view_args or {}).get("slug")
    named = request.args.get("region")
    return named if named in REGIONS else None


@bp.app_url_defaults
def take_along(endpoint: str, values: dict) -> None:
    """Name the region in the addresses of the pages on which one books."""
    if endpoint in WAY and (region := chosen_region()):
        values.setdefault("region", region)


@bp.app_template_global()
def region_topics() -> list[str]:
    """Return the topics of the region that this page was come to by; its own page says them."""
    region = chosen_region()
    if region is None or request.endpoint == REGION:
        return []
    return or_nothing(queries.topics_about, region)


@bp.get("/where-does-it-hurt")
def body() -> ResponseReturnValue:
    """Show the figure, and the same places as a list."""
    regions = queries.shown() if practice.current().shows_body else ()
    if not regions:
        abort(404)
    return render_template("articles/body.html", regions=regions)


@bp.get("/where-does-it-hurt/<slug:slug>")
def region(slug: str) -> ResponseReturnValue:
    """Say what it may be about, when to see a doctor first, what to read and what to book."""
    found = (queries.find(slug) if practice.current().shows_body else None) or abort(404)
    reading = about([topic.slug for topic in found.topics], clock.utcnow(), PIECES)
    return render_template("articles/region.html", region=found, reading=reading)
