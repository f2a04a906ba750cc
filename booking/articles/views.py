"""The reading: list, page, and the sidebar beside everything else."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from booking import clock
from booking.articles import queries
from booking.articles.markdown import render, to_html
from booking.articles.queries import Beside, reading_minutes

bp = Blueprint("articles", __name__)

bp.add_app_template_filter(to_html, "markdown")
bp.add_app_template_filter(render, "rendered")
bp.add_app_template_filter(reading_minutes)


@bp.app_template_global()
def articles_beside(topics: Sequence[str] = (), exclude: str = "") -> list[Beside]:
    """Return what the sidebar shows beside a page with these topics."""
    return queries.for_page(topics, clock.utcnow(), exclude)


@bp.get("/read")
def index() -> ResponseReturnValue:
    now = clock.utcnow()
    topics = queries.topics_in_use(now)
    chosen = next((topic for topic in topics if topic.slug == request.args.get("topic")), None)
    found = queries.published(now, chosen.slug if chosen else None)
    return render_template("articles/index.html", articles=found, all_topics=topics, chosen=chosen)


@bp.get("/read/<slug:slug>")
def show(slug: str) -> ResponseReturnValue:
    article = queries.find(slug, clock.utcnow()) or abort(404)
    return render_template("articles/show.html", article=article)
