"""What is read before and after a service: what the practice has ticked, and what else fits."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from booking.articles import queries
from booking.articles.models import Article, Moment, ServiceReading
from booking.articles.queries import SHOWN, Beside, is_public, shown
from booking.catalog.models import Category, Service
from booking.database import db

log = logging.getLogger(__name__)


def reading_for(service_id: int, moment: Moment, now: datetime) -> list[Beside]:
    """Return the published articles to read before or after a service, the first one first."""
    rows = db.session.execute(
        select(*SHOWN)
        .join(ServiceReading, ServiceReading.article_id == Article.id)
        .where(
            ServiceReading.service_id == service_id,
            ServiceReading.moment == moment,
            is_public(now),
        )
        .order_by(ServiceReading.position, Article.id)
    )
    return shown(rows)


def reading_in_mail(service_id: int, moment: str, now: datetime) -> list[Beside]:
    """Return what a mail names to read "before" or "after" a service.

    A failure here costs the mail its reading and nothing else: it is logged and the list is empty.
    """
    return _or_nothing(lambda: reading_for(service_id, Moment(moment), now))


def fitting_in_mail(service_id: int, now: datetime) -> list[Beside]:
    """Return the one article that fits a service best, for a mail before it.

    Not what is given to read after it. A failure costs no more than above.
    """
    return _or_nothing(lambda: _fitting(service_id, now))


def _fitting(service_id: int, now: datetime) -> list[Beside]:
    kind = select(Category.slug).join(Service.category).where(Service.id == service_id)
    topics = list(db.session.scalars(kind))
    later = {one.slug for one in reading_for(service_id, Moment.AFTER, now)}
    found = queries.about(topics, now, len(later) + 1, [service_id])
    return [one for one in found if one.slug not in later][:1]


def _or_nothing(ask: Callable[[], list[Beside]]) -> list[Beside]:
    try:
        with db.session.begin_nested():
            return ask()
    except SQLAlchemyError:
        log.exception("a mail goes without what to read")
        return []
