"""Reading articles: the page, the list, and what belongs beside a page."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from booking.articles.models import Article, Moment, ServiceReading, Topic, article_topic
from booking.database import db

log = logging.getLogger(__name__)

BESIDE = 4


class Beside(NamedTuple):
    """What the sidebar shows of an article."""

    slug: str
    title: str
    summary: str
    topics: str
    minutes: int


def for_page(topics: Sequence[str], now: datetime, exclude: str = "") -> list[Beside]:
    """Return what fits a page: most topics in common first, then the newest. One select.

    A failure here costs the sidebar and nothing else: it is logged and the list is empty.
    """
    try:
        return _for_page(topics, now, exclude)
    except SQLAlchemyError:
        log.exception("sidebar left empty")
        # Ends the failed transaction; what the page shows is read again when it is touched.
        db.session.rollback()
        return []


def _for_page(topics: Sequence[str], now: datetime, exclude: str) -> list[Beside]:
    wanted = list(topics) or [""]
    fits = (
        select(article_topic.c.article_id, func.count().label("count"))
        .join(Topic, Topic.id == article_topic.c.topic_id)
        .where(Topic.slug.in_(wanted))
        .group_by(article_topic.c.article_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Article.slug, Article.title, Article.summary, Article.topic_words, Article.words)
        .outerjoin(fits, fits.c.article_id == Article.id)
        .where(Article.published_at <= now, Article.slug != exclude)
        .order_by(func.coalesce(fits.c.count, 0).desc(), Article.published_at.desc(), Article.id)
        .limit(BESIDE)
    )
    return [Beside(*row[:4], minutes=reading_minutes(row.words)) for row in rows]


def reading_minutes(words: int) -> int:
    """How long a text takes to read, at 200 words a minute, never less than one."""
    return max(1, round(words / 200))


def published(now: datetime, topic: str | None = None) -> list[Article]:
    """Return the published articles, newest first, perhaps only those on a topic."""
    query = (
        select(Article)
        .where(Article.published_at <= now)
        .options(selectinload(Article.topics))
        .order_by(Article.published_at.desc(), Article.id)
    )
    if topic:
        query = query.where(Article.topics.any(Topic.slug == topic))
    return list(db.session.scalars(query))


def find(slug: str, now: datetime) -> Article | None:
    """Return a published article; a draft or a planned one is not found."""
    return db.session.scalar(
        select(Article)
        .where(Article.slug == slug, Article.published_at <= now)
        .options(selectinload(Article.topics))
    )


def topics_in_use(now: datetime) -> list[Topic]:
    """Return the topics that published articles have, in order of name."""
    return list(
        db.session.scalars(
            select(Topic)
            .where(
                Topic.id.in_(
                    select(article_topic.c.topic_id)
                    .join(Article, Article.id == article_topic.c.article_id)
                    .where(Article.published_at <= now)
                )
            )
            .order_by(Topic.name)
        )
    )


def topics_by_slug(slugs: Iterable[str]) -> list[Topic]:
    return list(db.session.scalars(select(Topic).where(Topic.slug.in_(list(slugs)))))


def reading_for(service_id: int, moment: Moment, now: datetime) -> list[Beside]:
    """Return the published articles to read before or after a service, the first one first."""
    rows = db.session.execute(
        select(Article.slug, Article.title, Article.summary, Article.topic_words, Article.words)
        .join(ServiceReading, ServiceReading.article_id == Article.id)
        .where(
            ServiceReading.service_id == service_id,
            ServiceReading.moment == moment,
            Article.published_at <= now,
        )
        .order_by(ServiceReading.position, Article.id)
    )
    return [Beside(*row[:4], minutes=reading_minutes(row.words)) for row in rows]


def reading_in_mail(service_id: int, moment: str, now: datetime) -> list[Beside]:
    """Return what a mail names to read "before" or "after" a service.

    A failure here costs the mail its reading and nothing else: it is logged and the list is empty.
    """
    try:
        with db.session.begin_nested():
            return reading_for(service_id, Moment(moment), now)
    except SQLAlchemyError:
        log.exception("a mail goes without what to read")
        return []
