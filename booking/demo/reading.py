"""What the demo's practice gives to read."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from booking.accounts.audit import Actor
from booking.articles import body, body_queries, sources
from booking.articles import operations as articles
from booking.articles.models import Article, Moment, ServiceReading, TopicKind
from booking.catalog.models import Service
from booking.database import db
from booking.demo import offer
from booking.practice import queries as practice

ARTICLES = Path(__file__).parent / "articles"


def fill(now: datetime) -> None:
    """Write what the demo's practice gives to read, and where each piece belongs."""
    for plan in offer.CATEGORIES:
        articles.ensure_topic(plan.slug, plan.name, TopicKind.WORK)
    for slug, name in offer.BODY_TOPICS:
        articles.ensure_topic(slug, name, TopicKind.BODY)
    body.install(practice.current(), Actor("staff"), now)
    for path in sorted(ARTICLES.glob("*.md")):
        articles.save(sources.read(path), now)
    _fit_services()
    for service in db.session.scalars(select(Service)):
        _give_reading(service)


def _fit_services() -> None:
    """Tick, at each region, the services of the demo that fit it."""
    known = {one.slug: one for one in db.session.scalars(select(Service)).all()}
    for region in body_queries.every():
        region.services = [known[slug] for slug in offer.HELPS[region.key]]
    db.session.flush()


def _give_reading(service: Service) -> None:
    """What is read before and after a session of its kind, and what stands beside it first."""
    for moment, by_kind in ((Moment.BEFORE, offer.READ_BEFORE), (Moment.AFTER, offer.READ_AFTER)):
        article = _find(by_kind.get(service.category.slug))
        if article is not None:
            db.session.merge(
                ServiceReading(service_id=service.id, moment=moment, article_id=article.id)
            )
    article = _find(offer.TIED.get(service.slug))
    if article is not None:
        article.services = [service]


def _find(slug: str | None) -> Article | None:
    return db.session.scalar(select(Article).where(Article.slug == slug)) if slug else None
