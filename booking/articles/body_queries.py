"""Reading what the practice says of the regions of the body."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.articles.body_models import BodyRegion, body_region_topic
from booking.articles.models import Topic
from booking.database import db


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
    """Return the topics of a region that clients see, by their slugs."""
    return list(
        db.session.scalars(
            select(Topic.slug)
            .join(body_region_topic, body_region_topic.c.topic_id == Topic.id)
            .join(BodyRegion, BodyRegion.id == body_region_topic.c.region_id)
            .where(BodyRegion.key == key, BodyRegion.is_hidden.is_(False))
            .order_by(Topic.id)
        )
    )
