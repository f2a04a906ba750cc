"""Writing articles: one way in, whatever the source."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal

from sqlalchemy import func, select

from booking.accounts import audit
from booking.accounts.audit import SYSTEM, Actor
from booking.articles import queries, search
from booking.articles.models import Article, ArticleVersion, Picture, Topic, TopicKind
from booking.catalog.models import Service
from booking.database import db


class Kept(Enum):
    """What a source says nothing about: it stays as it is."""

    KEPT = "kept"


KEPT = Kept.KEPT
AsItIs = Literal[Kept.KEPT]


@dataclass(frozen=True, slots=True)
class Source:
    """What an article rests on: how it is called, and where it is found, perhaps nowhere."""

    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a source gives it."""

    title: str
    slug: str
    body: str
    author: str
    summary: str = ""
    is_guest: bool = False
    author_note: str = ""
    topics: tuple[str, ...] = field(default=())
    published_at: datetime | None = None
    # What an import may not know of: `KEPT` leaves what the practice has chosen.
    picture: Picture | AsItIs | None = KEPT
    services: tuple[int, ...] | AsItIs = KEPT
    sources: tuple[Source, ...] | AsItIs = KEPT


def save(
    draft: Draft, now: datetime, actor: Actor = SYSTEM, article: Article | None = None
) -> Article:
    """Write the article, or bring the one of the same slug up to date, or the one that is given.

    The text there was stays as a version. An archived one stays archived. Raises ValueError for a
    topic that does not exist.
    """
    found = article or db.session.scalar(select(Article).where(Article.slug == draft.slug))
    article = found or Article(slug=draft.slug, created_at=now, by_id=actor.account_id)
    before = _kept_of(article) if found else {}
    if found is not None and not _versions(article):
        _keep_version(article, article.created_at, None)
    _write(article, draft)
    db.session.add(article)
    db.session.flush()
    search.index(article)
    changed = [name for name, value in _kept_of(article).items() if before.get(name) != value]
    if not found or {"title", "summary", "body_markdown"} & set(changed):
        article.changed_at = now if found else None
        _keep_version(article, now, actor.account_id)
    if not found:
        audit.record(actor, article.about, "article_written", now)
    elif changed:
        audit.record(actor, article.about, "article_changed", now, fields=sorted(changed))
    return article


def _write(article: Article, draft: Draft) -> None:
    article.slug = draft.slug
    article.title = draft.title
    article.body_markdown = draft.body
    article.author = draft.author
    article.summary = draft.summary
    article.is_guest = draft.is_guest
    article.author_note = draft.author_note
    if article.archived_at is None:
        article.published_at = draft.published_at
    else:
        article.shelved_at = draft.published_at
    article.words = len(draft.body.split())
    article.topics = _topics(draft.topics)
    article.topic_words = topic_words(article)
    if draft.picture is not KEPT:
        article.picture_id = draft.picture.id if draft.picture else None
    if draft.services is not KEPT:
        article.services = _services(draft.services)
    if draft.sources is not KEPT:
        article.sources = [{"title": one.title, "link": one.link} for one in draft.sources]


def topic_words(article: Article) -> str:
    """The first of its topics, as a card shows them."""
    return " · ".join(topic.name for topic in article.topics[:2])


def _kept_of(article: Article) -> dict[str, Any]:
    """What the trail names when it changes; what it says stays out of it."""
    names = (
        "slug", "title", "summary", "body_markdown", "author", "is_guest", "author_note",
        "published_at", "shelved_at", "picture_id", "sources",
    )  # fmt: skip
    return {
        **{name: getattr(article, name) for name in names},
        "topics": {one.id for one in article.topics},
        "services": {one.id for one in article.services},
    }


def _versions(article: Article) -> int:
    newest = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article.id)
    return db.session.scalar(newest) or 0


def _keep_version(article: Article, at: datetime, by_id: int | None) -> None:
    db.session.add(
        ArticleVersion(
            article_id=article.id, number=_versions(article) + 1, title=article.title,
            summary=article.summary, body_markdown=article.body_markdown, at=at, by_id=by_id,
        )
    )  # fmt: skip
    db.session.flush()


def _topics(slugs: tuple[str, ...]) -> list[Topic]:
    by_slug = {topic.slug: topic for topic in queries.topics_by_slug(slugs)}
    unknown = [slug for slug in slugs if slug not in by_slug]
    if unknown:
        raise ValueError(f"There is no topic called {', '.join(unknown)}.")
    return [by_slug[slug] for slug in slugs]


def _services(numbers: tuple[int, ...]) -> list[Service]:
    found = select(Service).where(Service.id.in_(numbers)).order_by(Service.position, Service.id)
    return list(db.session.scalars(found))


def ensure_topic(slug: str, name: str, kind: TopicKind) -> Topic:
    """Return the topic of this slug, made if there is none."""
    topic = db.session.scalar(select(Topic).where(Topic.slug == slug))
    if topic is None:
        topic = Topic(slug=slug, name=name, kind=kind)
        db.session.add(topic)
        db.session.flush()
    return topic
