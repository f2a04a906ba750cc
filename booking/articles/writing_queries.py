"""Reading what the writing's pages show."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from booking.accounts.models import Account, Role
from booking.articles.models import (
    Article,
    ArticleState,
    ArticleVersion,
    Moment,
    ServiceReading,
    Topic,
    TopicKind,
    article_topic,
)
from booking.catalog.models import Category, Service
from booking.database import db
from booking.domain.names import fold

PAGE = 30


def is_writable(account: Account) -> ColumnElement[bool]:
    """Managers change every piece, practitioners their own."""
    if account.role is Role.MANAGER:
        return true()
    return Article.by_id == account.id if account.role is Role.PRACTITIONER else false()


def find(article_id: int, account: Account) -> Article | None:
    """Return a piece that this member of staff may change."""
    return db.session.scalar(
        select(Article)
        .where(Article.id == article_id, is_writable(account))
        .options(
            selectinload(Article.topics),
            selectinload(Article.services),
            joinedload(Article.picture),
        )
    )


def may_write(article_id: int, account: Account) -> bool:
    query = select(Article.id).where(Article.id == article_id, is_writable(account))
    return db.session.scalar(query) is not None


def _is_in(state: ArticleState, now: datetime) -> ColumnElement[bool]:
    if state is ArticleState.ARCHIVED:
        return Article.archived_at.is_not(None)
    return {
        ArticleState.DRAFT: and_(Article.published_at.is_(None), Article.archived_at.is_(None)),
        ArticleState.PLANNED: Article.published_at > now,
        ArticleState.PUBLISHED: Article.published_at <= now,
    }[state]


def search(
    account: Account, words: str, state: ArticleState | None, page: int, now: datetime
) -> Sequence[Article]:
    """Return a page of pieces, the newest first, and one more when there are others.

    Without a state these are all but the archived. All `words` are looked for in the title.
    """
    query = select(Article).where(is_writable(account))
    query = query.where(_is_in(state, now) if state else Article.archived_at.is_(None))
    for word in fold(words).split():
        query = query.where(Article.folded_title.contains(word, autoescape=True))
    newest = func.coalesce(Article.published_at, Article.shelved_at, Article.created_at)
    return db.session.scalars(
        query.order_by(newest.desc(), Article.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    ).all()


def versions(article_id: int) -> Sequence[ArticleVersion]:
    """Return the texts that were saved, the newest first."""
    return db.session.scalars(
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id)
        .options(joinedload(ArticleVersion.by))
        .order_by(ArticleVersion.number.desc())
    ).all()


def version(article_id: int, number: int) -> ArticleVersion | None:
    return db.session.scalar(
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id, ArticleVersion.number == number)
        .options(joinedload(ArticleVersion.by))
    )


def body_topics() -> Sequence[Topic]:
    """Return the topics of the body, in order of name."""
    return db.session.scalars(
        select(Topic).where(Topic.kind == TopicKind.BODY).order_by(Topic.name, Topic.id)
    ).all()


def counts() -> dict[int, int]:
    """Return how many articles each topic has."""
    rows = db.session.execute(
        select(article_topic.c.topic_id, func.count()).group_by(article_topic.c.topic_id)
    )
    return {row[0]: row[1] for row in rows}


def kinds() -> Sequence[Category]:
    """Return the kinds of work there are; those archived are none any more."""
    return db.session.scalars(
        select(Category)
        .where(Category.is_archived.is_(False))
        .order_by(Category.position, Category.id)
    ).all()


def services_for(article: Article | None) -> Sequence[Service]:
    """Return the services there are, and those that rest which the piece is tied to."""
    is_asked = Service.is_archived.is_(False)
    if article is not None:
        read_with = select(ServiceReading.service_id).where(ServiceReading.article_id == article.id)
        tied = [one.id for one in article.services]
        is_asked = or_(is_asked, Service.id.in_(tied), Service.id.in_(read_with))
    return db.session.scalars(
        select(Service).where(is_asked).order_by(Service.position, Service.id)
    ).all()


def readings(article_id: int) -> set[tuple[Moment, int]]:
    """Return before and after which services the article is read."""
    rows = db.session.execute(
        select(ServiceReading.moment, ServiceReading.service_id).where(
            ServiceReading.article_id == article_id
        )
    )
    return {(moment, service_id) for moment, service_id in rows}
