"""Writing articles: one way in, whatever the source."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from booking.articles import queries, search
from booking.articles.models import Article, Topic, TopicKind
from booking.database import db


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


def save(draft: Draft, now: datetime) -> Article:
    """Write the article, or bring the one of the same slug up to date.

    Raises ValueError for a topic that does not exist.
    """
    found = db.session.scalar(select(Article).where(Article.slug == draft.slug))
    article = found or Article(slug=draft.slug, created_at=now)
    article.title = draft.title
    article.body_markdown = draft.body
    article.author = draft.author
    article.summary = draft.summary
    article.is_guest = draft.is_guest
    article.author_note = draft.author_note
    article.published_at = draft.published_at
    article.words = len(draft.body.split())
    article.topics = _topics(draft.topics)
    article.topic_words = " · ".join(topic.name for topic in article.topics[:2])
    db.session.add(article)
    db.session.flush()
    search.index(article)
    return article


def _topics(slugs: tuple[str, ...]) -> list[Topic]:
    by_slug = {topic.slug: topic for topic in queries.topics_by_slug(slugs)}
    unknown = [slug for slug in slugs if slug not in by_slug]
    if unknown:
        raise ValueError(f"There is no topic called {', '.join(unknown)}.")
    return [by_slug[slug] for slug in slugs]


def ensure_topic(slug: str, name: str, kind: TopicKind) -> Topic:
    """Return the topic of this slug, made if there is none."""
    topic = db.session.scalar(select(Topic).where(Topic.slug == slug))
    if topic is None:
        topic = Topic(slug=slug, name=name, kind=kind)
        db.session.add(topic)
        db.session.flush()
    return topic


def save_now(draft: Draft, topics: tuple[str, ...], now: datetime) -> Article:
    """Save a draft and show it from now on, unless its source gives a date; extra topics join."""
    joined = tuple(dict.fromkeys((*draft.topics, *topics)))
    published_at = draft.published_at or _first_published(draft.slug) or now
    return save(replace(draft, topics=joined, published_at=published_at), now)


def _first_published(slug: str) -> datetime | None:
    return db.session.scalar(select(Article.published_at).where(Article.slug == slug))
