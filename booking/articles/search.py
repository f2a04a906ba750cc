"""Finding articles by their words: one table of terms, the same query on both engines.

What is found and its order follow from whole numbers alone, never from how an engine compares
texts: terms are folded before they are written (`domain/terms`), and equal scores go by id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, case, delete, func, insert, or_, select, union_all
from sqlalchemy.orm import selectinload

from booking.articles import queries
from booking.articles.models import Article
from booking.articles.search_models import ArticleTerm
from booking.database import db
from booking.domain.excerpts import plain_words
from booking.domain.terms import Asked, asked_in, weigh

PER_PAGE = 10
TITLE, SUMMARY, TOPICS = 16, 8, 5
# A word that is found whole counts so many times as much as the beginning of another one.
WHOLE = 4


class Place(NamedTuple):
    """Where a page of results ends: how many words the last one has, its score and its id."""

    words: int
    score: int
    id: int


class Found(NamedTuple):
    """A page of results. `is_whole` tells whether they have all words that were asked for."""

    articles: Sequence[Article]
    asked: Sequence[Asked]
    is_whole: bool
    following: Place | None


def index(article: Article) -> None:
    """Write the terms of an article anew; it has been flushed. Nothing is asked of its state."""
    weights = weigh(
        [
            (article.title, TITLE),
            (article.summary, SUMMARY),
            (" ".join(topic.name for topic in article.topics), TOPICS),
            (article.author, 1),
        ],
        often=plain_words(article.body_markdown),
    )
    db.session.execute(delete(ArticleTerm).where(ArticleTerm.article_id == article.id))
    if weights:
        db.session.execute(
            insert(ArticleTerm),
            [
                {"article_id": article.id, "term": term, "weight": weight}
                for term, weight in sorted(weights.items())
            ],
        )


def index_some(article_ids: Sequence[int]) -> int:
    """Write the terms of these articles anew, and return how many there were."""
    found = db.session.scalars(
        select(Article).where(Article.id.in_(article_ids)).options(selectinload(Article.topics))
    ).all()
    for article in found:
        index(article)
    return len(found)


def all_ids(*, without_terms: bool = False) -> list[int]:
    """Return the ids of all articles, perhaps only of those that no search finds yet."""
    query = select(Article.id).order_by(Article.id)
    if without_terms:
        query = query.where(Article.id.not_in(select(ArticleTerm.article_id)))
    return list(db.session.scalars(query))


def find(question: str, now: datetime, after: Place | None = None) -> Found:
    """Return the published articles that have the words of a question, the best first.

    When none has all of them, those with most of them. At most two selects and one for topics.
    """
    asked = asked_in(question)
    if not asked:
        return Found([], (), is_whole=True, following=None)
    rows = db.session.execute(_page(asked, now, after).limit(PER_PAGE + 1)).all()
    following = None
    if len(rows) > PER_PAGE:
        last = rows[PER_PAGE - 1]
        following = Place(last.words, last.score, last.id)
    by_id = queries.by_ids([row.id for row in rows[:PER_PAGE]])
    articles = [by_id[row.id] for row in rows[:PER_PAGE]]
    return Found(articles, asked, all(row.words == len(asked) for row in rows), following)


def _page(asked: Sequence[Asked], now: datetime, after: Place | None) -> Select:
    """Select id, words and score: who has most of the words first, then by score, then by id.

    Results with fewer words than the first stay away as long as any has them all.
    """
    hits = union_all(*(_hits(one) for one in asked)).subquery()
    words, score = func.count(), func.sum(hits.c.best)
    # Added up first: joined before that, SQLite would look through the hits for each article.
    scores = (
        select(hits.c.article_id, words.label("words"), score.label("score"))
        .group_by(hits.c.article_id)
        .subquery()
    )
    found = (
        select(Article.id, scores.c.words, scores.c.score)
        .join(scores, scores.c.article_id == Article.id)
        .where(queries.is_public(now))
        .cte("found")
    )
    most = select(func.max(found.c.words)).scalar_subquery()
    query = (
        select(found.c.id, found.c.words, found.c.score)
        .where(or_(most < len(asked), found.c.words == most))
        .order_by(found.c.words.desc(), found.c.score.desc(), found.c.id.desc())
    )
    return query if after is None else query.where(_is_behind(found, after))


def _hits(one: Asked) -> Select:
    """Select the articles that have one word of the question, with what it counts there."""
    term, weight = ArticleTerm.term, ArticleTerm.weight
    is_meant = term == one.exact
    if one.takes_prefix:
        begins = and_(term >= one.prefix, term < one.end)
        is_meant = begins if one.exact.startswith(one.prefix) else or_(is_meant, begins)
    counts = case((term == one.exact, weight * WHOLE), else_=weight)
    return (
        select(ArticleTerm.article_id, func.max(counts).label("best"))
        .where(is_meant)
        .group_by(ArticleTerm.article_id)
    )


def _is_behind(found, after: Place):  # noqa: ANN001, ANN202 - of SQLAlchemy's own
    return or_(
        found.c.words < after.words,
        and_(
            found.c.words == after.words,
            or_(
                found.c.score < after.score,
                and_(found.c.score == after.score, found.c.id < after.id),
            ),
        ),
    )
