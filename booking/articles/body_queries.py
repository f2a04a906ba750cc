"""Reading what the practice says of the regions of the body."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload, selectinload

from booking.articles.body_models import BodyRegion, body_region_topic
from booking.articles.models import Article, Topic, article_topic
from booking.articles.queries import Beside, reading_minutes
from booking.database import db

log = logging.getLogger(__name__)

# How many pieces a region names; the others are found under its topics.
PIECES = 4


def shown() -> Sequence[BodyRegion]:
    """Return the regions that clients see, in the practice's order."""
    return db.session.scalars(
        select(BodyRegion)
        .where(BodyRegion.is_hidden.is_(False))
        .order_by(BodyRegion.position, BodyRegion.id)
    ).all()


def every() -> Sequence[BodyRegion]:
    """Return all regions with their topics and services, in the practice's order."""
    return db.session.scalars(
        select(BodyRegion)
        .order_by(BodyRegion.position, BodyRegion.id)
        .options(selectinload(BodyRegion.topics), selectinload(BodyRegion.services))
    ).all()


def find(key: str) -> BodyRegion | None:
    """Return a region that clients see, with its topics and services, in one select."""
    rows = db.session.scalars(
        select(BodyRegion)
        .where(BodyRegion.key == key, BodyRegion.is_hidden.is_(False))
        .options(joinedload(BodyRegion.topics), joinedload(BodyRegion.services))
    )
    return rows.unique().one_or_none()


def topics_about(key: str) -> list[str]:
    """Return the topics of a region that clients see, by their slugs.

    They only choose what stands beside a page: a failure is logged and costs no more than that.
    """
    try:
        return list(
            db.session.scalars(
                select(Topic.slug)
                .join(body_region_topic, body_region_topic.c.topic_id == Topic.id)
                .join(BodyRegion, BodyRegion.id == body_region_topic.c.region_id)
                .where(BodyRegion.key == key, BodyRegion.is_hidden.is_(False))
                .order_by(Topic.id)
            )
        )
    except SQLAlchemyError:
        log.exception("topics of a region left out")
        db.session.rollback()
        return []


def reading_on(topics: Sequence[Topic], now: datetime) -> list[Beside]:
    """Return published pieces on these topics and no others: most in common, then the newest."""
    fits = (
        select(article_topic.c.article_id, func.count().label("count"))
        .where(article_topic.c.topic_id.in_([topic.id for topic in topics]))
        .group_by(article_topic.c.article_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Article.slug, Article.title, Article.summary, Article.topic_words, Article.words)
        .join(fits, fits.c.article_id == Article.id)
        .where(Article.published_at <= now)
        .order_by(fits.c.count.desc(), Article.published_at.desc(), Article.id)
        .limit(PIECES)
    )
    return [Beside(*row[:4], minutes=reading_minutes(row.words)) for row in rows]
