"""The reading: list, search, page, and the sidebar beside everything else."""

import re
from collections.abc import Collection, Sequence

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.articles import queries, search, structured_words
from booking.articles.markdown import render, to_html
from booking.articles.queries import Beside, reading_minutes
from booking.articles.search import Found, Place
from booking.domain.excerpts import Part, excerpt, marked, plain_words
from booking.web.addresses import number_argument
from booking.web.fields import LARGEST
from booking.web.unchanged import own_page

bp = Blueprint("articles", __name__)

bp.add_app_template_filter(to_html, "markdown")
bp.add_app_template_filter(render, "rendered")
bp.add_app_template_filter(reading_minutes)
bp.add_app_template_filter(marked)
bp.add_app_template_global(structured_words.about_article)
bp.add_app_template_global(structured_words.picture_url)

# How many pieces stand below an article, beside the four in the sidebar.
READ_NEXT = 2
LONGEST_QUESTION = 100
# Where a page of results goes on, as its address says it.
PLACE = re.compile(r"(\d{1,2})-(\d{1,9})-(\d{1,10})")


@bp.app_template_global()
def articles_beside(
    topics: Sequence[str] = (), exclude: str | Collection[str] = ""
) -> list[Beside]:
    """Return what the sidebar shows beside a page with these topics."""
    return queries.for_page(topics, clock.utcnow(), exclude)


@bp.get("/read")
def index() -> ResponseReturnValue:
    """Show the newest pieces, those on a topic, or what has the words that were asked for."""
    question = " ".join(request.args.get("q", "")[:LONGEST_QUESTION].split())
    if question:
        return show_found(question)
    now = clock.utcnow()
    topics = queries.topics_in_use(now)
    chosen = next((topic for topic in topics if topic.slug == request.args.get("topic")), None)
    after = number_argument("after")
    page = queries.published(now, chosen.slug if chosen else None, after)
    return own_page(
        render_template(
            "articles/index.html", page=page, all_topics=topics, chosen=chosen, after=after
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
    fitting = queries.for_page(topics, now, slug, queries.BESIDE + READ_NEXT)
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
