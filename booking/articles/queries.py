"""Reading articles: the page, the list, and what belongs beside a page."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import selectinload

from booking.articles.models import (
    Article,
    Topic,
    article_service,
    article_topic,
)
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.turns import in_turn
from booking.practice import queries as practice

BESIDE = 4
# From how many of those that fit, and of the newest, the sidebar is made.
POOL = 12
# Being tied to a service counts as much as so many topics: such pieces stand there first of all.
TIED = 1000
PER_PAGE = 12
SHOWN = (Article.slug, Article.title, Article.summary, Article.topic_words, Article.words)


class Beside(NamedTuple):
    """What the sidebar shows of an article."""

    slug: str
    title: str
    summary: str
    topics: str
    minutes: int


def is_public(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether an article may be read by everybody: the one place that says so."""
    return Article.published_at <= now


def for_page(
    topics: Sequence[str],
    now: datetime,
    exclude: str | Collection[str] = "",
    places: int = BESIDE,
    services: Collection[int] = (),
) -> list[Beside]:
    """Return what fits a page: what is tied to its services, most topics in common, the newest.

    One select. `exclude` are the slugs of what the page shows itself. Of those that fit as well as
    each other the newest always stands; the others take turns by the practice's date, so that who
    comes back finds something else and nobody is followed.
    """
    without = {exclude} if isinstance(exclude, str) else set(exclude)
    today = local_date(now, practice.current().zone)
    asked = {"topics": list(topics), "services": list(services), "now": now}
    rows = db.session.execute(_CANDIDATES, asked | {"most": POOL + len(without)}).all()
    ranked = sorted(
        (row for row in rows if row.slug not in without),
        key=lambda row: (row.common, row.published_at, row.id),
        reverse=True,
    )
    chosen: list[Row] = []
    for _common, fitting in groupby(ranked, key=lambda row: row.common):
        chosen += in_turn(list(fitting), places - len(chosen), today)
    return shown(chosen)


# What a selection is asked with.
_TOPICS = bindparam("topics", type_=String, expanding=True)
_SERVICES = bindparam("services", type_=Integer, expanding=True)
_NOW, _MOST = bindparam("now", type_=UTCDateTime()), bindparam("most", type_=Integer)


def _on_topics() -> Select:
    """Select each article that has one of the topics, once for each it has."""
    known = select(Topic.id).where(Topic.slug.in_(_TOPICS))
    return select(article_topic.c.article_id, literal(1).label("counts")).where(
        article_topic.c.topic_id.in_(known)
    )


def _fitting(hits: Select | CompoundSelect, *shown: Any) -> Select:
    """Select the public articles among `hits`: what counts most first, then the newest."""
    found = hits.subquery()
    fits = (
        select(found.c.article_id, func.sum(found.c.counts).label("common"))
        .group_by(found.c.article_id)
        .subquery()
    )
    return (
        select(Article.id, fits.c.common, *shown)
        .join(fits, fits.c.article_id == Article.id)
        .where(is_public(_NOW))
        .order_by(fits.c.common.desc(), Article.published_at.desc(), Article.id.desc())
        .limit(_MOST)
    )


def about(
    topics: Sequence[str], now: datetime, most: int, services: Collection[int] = ()
) -> list[Beside]:
    """Return published articles on these services and topics and no others, what fits best first.

    That is what is tied to the services, then what has most topics in common, then the newest.
    """
    asked = {"topics": list(topics), "services": list(services), "now": now, "most": most}
    return shown(db.session.execute(_ABOUT, asked))


def _on_topics_or_tied() -> CompoundSelect:
    tied = select(article_service.c.article_id, literal(TIED)).where(
        article_service.c.service_id.in_(_SERVICES)
    )
    return union_all(_on_topics(), tied)


def _candidates() -> Select:
    """Select the newest of what fits best, and the newest of all.

    Both walk an index and end after a few rows; only those are read whole.
    """
    fitting = _fitting(_on_topics_or_tied()).subquery()
    newest = (
        select(Article.id)
        .where(is_public(_NOW))
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(_MOST)
        .subquery()
    )
    either = union_all(
        select(fitting.c.id, fitting.c.common), select(newest.c.id, literal(0))
    ).subquery()
    best = (
        select(either.c.id, func.max(either.c.common).label("common"))
        .group_by(either.c.id)
        .subquery()
    )
    return select(Article.id, Article.published_at, best.c.common, *SHOWN).join(
        best, best.c.id == Article.id
    )


# Put together once: they stand beside every page, and that takes longer than to run them.
_CANDIDATES = _candidates()
_ABOUT = _fitting(_on_topics_or_tied(), *SHOWN)


def shown(rows: Iterable[Row]) -> list[Beside]:
    """Return rows of `SHOWN` as what stands beside a page or in a mail."""
    return [
        Beside(
            row.slug, row.title, row.summary, row.topic_words, minutes=reading_minutes(row.words)
        )
        for row in rows
    ]


def reading_minutes(words: int) -> int:
    """How long a text takes to read, at 200 words a minute, never less than one."""
    return max(1, round(words / 200))


class Page(NamedTuple):
    """Some of the published articles; `following` is the id behind which the next ones begin.

    `after` is the id behind which these begin, None for the newest.
    """

    articles: Sequence[Article]
    following: int | None
    after: int | None


def published(now: datetime, topic: str | None = None, after: int | None = None) -> Page:
    """Return a page of the published articles, newest first, perhaps only those on a topic.

    `after` is the id of the last one that was seen; one that is not there begins anew.
    """
    query = _newest_first(now).options(selectinload(Article.topics)).limit(PER_PAGE + 1)
    if topic:
        query = query.where(Article.topics.any(Topic.slug == topic))
    seen = None if after is None else db.session.scalar(_published_at(after, now))
    if seen is not None:
        is_same = and_(Article.published_at == seen, Article.id < after)
        query = query.where(or_(Article.published_at < seen, is_same))
    found = list(db.session.scalars(query))
    is_last = len(found) <= PER_PAGE
    following = None if is_last else found[PER_PAGE - 1].id
    return Page(found[:PER_PAGE], following, None if seen is None else after)


def _published_at(article_id: int, now: datetime) -> Select[datetime | None]:
    return select(Article.published_at).where(Article.id == article_id, is_public(now))


def _newest_first(now: datetime) -> Select[Article]:
    return (
        select(Article)
        .where(is_public(now))
        .order_by(Article.published_at.desc(), Article.id.desc())
    )


def newest(now: datetime, count: int) -> Sequence[Article]:
    """Return the newest published articles with their topics."""
    query = _newest_first(now).options(selectinload(Article.topics)).limit(count)
    return db.session.scalars(query).all()


def changed_at(article: Article) -> datetime:
    """When what is read of an article last changed, since it was published."""
    known = (article.published_at, article.changed_at)
    return max((at for at in known if at is not None), default=article.created_at)


def addresses(now: datetime) -> Sequence[Row[str, datetime | None]]:
    """Return slug and last change of all published articles, newest first."""
    is_later = Article.changed_at > Article.published_at
    changed = case((is_later, Article.changed_at), else_=Article.published_at)
    query = select(Article.slug, changed.label("changed_at")).where(is_public(now))
    return db.session.execute(query.order_by(Article.published_at.desc(), Article.id.desc())).all()


def by_ids(ids: Sequence[int]) -> dict[int, Article]:
    """Return these articles by their id, with their topics."""
    query = select(Article).where(Article.id.in_(ids)).options(selectinload(Article.topics))
    return {article.id: article for article in db.session.scalars(query)} if ids else {}


def find(slug: str, now: datetime) -> Article | None:
    """Return a published article; a draft or a planned one is not found."""
    return db.session.scalar(
        select(Article)
        .where(Article.slug == slug, is_public(now))
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
                    .where(is_public(now))
                )
            )
            .order_by(Topic.name)
        )
    )


def topics() -> Sequence[Topic]:
    """Return all topics there are: the kinds of work first, each in order of name."""
    return db.session.scalars(select(Topic).order_by(Topic.kind.desc(), Topic.name, Topic.id)).all()


def topics_by_slug(slugs: Iterable[str]) -> list[Topic]:
    return list(db.session.scalars(select(Topic).where(Topic.slug.in_(list(slugs)))))
