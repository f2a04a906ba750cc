"""The reading: list, search, page, and the sidebar beside everything else."""

import logging
import re
from collections.abc import Callable, Collection, Sequence
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.articles import queries, search, structured_words
from booking.articles.markdown import render, to_html
from booking.articles.queries import Beside, reading_minutes
from booking.articles.search import Found, Place
from booking.database import db
from booking.domain.excerpts import Part, excerpt, marked, plain_words
from booking.domain.pictures import COLUMN
from booking.web import kept_pages
from booking.web.addresses import number_argument
from booking.web.fields import LARGEST
from booking.web.unchanged import own_page

P = ParamSpec("P")
T = TypeVar("T")

bp = Blueprint("articles", __name__)
log = logging.getLogger(__name__)

bp.add_app_template_filter(to_html, "markdown")
bp.add_app_template_filter(render, "rendered")
bp.add_app_template_filter(reading_minutes)
bp.add_app_template_filter(marked)
bp.add_app_template_global(structured_words.about_article)
bp.add_app_template_global(structured_words.picture_for)
bp.record_once(lambda state: state.app.jinja_env.globals.update(picture_column=COLUMN))

# How many pieces stand below an article, beside the four in the sidebar.
READ_NEXT = 2
LONGEST_QUESTION = 100
# Where a page of results goes on, as its address says it.
PLACE = re.compile(r"(\d{1,2})-(\d{1,9})-(\d{1,10})")


def or_nothing(ask: Callable[P, list[T]], *args: P.args, **kwargs: P.kwargs) -> list[T]:
    """Ask for what stands beside a page. A failure costs that and no more.

    It is logged, and what goes without it is kept for nobody else.
    """
    try:
        return ask(*args, **kwargs)
    except SQLAlchemyError:
        log.exception("what stands beside a page is left out")
        # Ends the failed transaction; what the page shows is read again when it is touched.
        db.session.rollback()
        kept_pages.not_this_one()
        return []


@bp.app_template_global()
def articles_beside(
    topics: Sequence[str] = (),
    exclude: str | Collection[str] = "",
    services: Collection[int] = (),
) -> list[Beside]:
    """Return what the sidebar shows beside a page with these topics, on these services."""
    return or_nothing(queries.for_page, topics, clock.utcnow(), exclude, services=services)


@bp.get("/read")
def index() -> ResponseReturnValue:
    """Show the newest pieces, those on a topic, or what has the words that were asked for."""
    question = " ".join(request.args.get("q", "")[:LONGEST_QUESTION].split())
    if question:
        return show_found(question)
    now = clock.utcnow()
    topics = queries.topics_in_use(now)
    asked = request.args.get("topic")
    chosen = next((topic for topic in topics if topic.slug == asked), None)
    page = queries.published(now, chosen.slug if chosen else None, number_argument("after"))
    # What names no topic and no piece of ours shows again what another address shows.
    is_double = (asked and chosen is None) or request.args.get("after", "") != str(page.after or "")
    return own_page(
        render_template(
            "articles/index.html",
            page=page,
            all_topics=topics,
            chosen=chosen,
            is_unlisted=is_double,
        )
    )


def show_found(question: str) -> ResponseReturnValue:
    found = search.find(question, clock.utcnow(), wanted_place())
    more = found.following and url_for("articles.index", q=question, after="-".join(
        str(number) for number in found.following
    ))  # fmt: skip
    return own_page(
        render_template(
            "articles/found.html", question=question, found=found, more=more, shown=shown_of(found)
        )
    )


def shown_of(found: Found) -> dict[int, list[Part]]:
    """Return what is shown of each result, by its id: where the words are, or the summary."""
    return {
        article.id: excerpt(article.summary, found.asked)
        or excerpt(plain_words(article.body_markdown), found.asked)
        or [Part(article.summary, is_meant=False)]
        for article in found.articles
    }


def wanted_place() -> Place | None:
    """Return where the page of results begins, None at the beginning or when it is no place."""
    named = PLACE.fullmatch(request.args.get("after", ""))
    numbers = [int(number) for number in named.groups()] if named else [LARGEST + 1]
    return Place(*numbers) if max(numbers) <= LARGEST else None


@bp.get("/read/<slug:slug>")
def show(slug: str) -> ResponseReturnValue:
    now = clock.utcnow()
    article = queries.find(slug, now) or abort(404)
    topics = [topic.slug for topic in article.topics]
    services = [service.id for service in article.services]
    places = queries.BESIDE + READ_NEXT
    fitting = or_nothing(queries.for_page, topics, now, slug, places, services)
    # Below the piece stands what fits best, unless that would leave little beside it.
    below = fitting[:READ_NEXT] if len(fitting) > queries.BESIDE else []
    return own_page(
        render_template(
            "articles/show.html",
            article=article,
            read_next=below,
            beside=fitting[len(below) :],
        )
    )
