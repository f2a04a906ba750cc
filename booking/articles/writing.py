"""The practice's own writing: saving from the editor, publishing, archiving, going back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.articles import operations, topics
from booking.articles.models import (
    Article,
    ArticleState,
    ArticleVersion,
    Moment,
    ServiceReading,
    TopicKind,
)
from booking.articles.operations import Draft, Source
from booking.catalog.models import Category
from booking.database import db
from booking.domain.article_errors import (
    AddressTaken,
    AlreadyPublished,
    IsArchived,
    NotArchived,
    PlannedForThePast,
)
from booking.domain.names import slug
from booking.domain.settings_errors import NothingToPublish

# What begins the address of another page below /read.
RESERVED = {"preview"}


class Step(StrEnum):
    """What becomes of a piece as it is saved."""

    KEEP = "save"
    PUBLISH = "publish"
    PLAN = "plan"
    UNPLAN = "unplan"


@dataclass(frozen=True, slots=True)
class Piece:
    """What the editor's form says beyond the text itself."""

    draft: Draft
    kinds: Collection[int] = ()
    before: Collection[int] = ()
    after: Collection[int] = ()


def draft_of(article: Article) -> Draft:
    """Return an article as it is, in the form in which it is saved."""
    return Draft(
        title=article.title,
        slug=article.slug,
        body=article.body_markdown,
        author=article.author,
        summary=article.summary,
        is_guest=article.is_guest,
        author_note=article.author_note,
        topics=tuple(topic.slug for topic in article.topics),
        published_at=article.published_at or article.shelved_at,
        picture=article.picture,
        services=tuple(one.id for one in article.services),
        sources=tuple(Source(one["title"], one["link"]) for one in article.sources),
    )


def write(
    article: Article | None, piece: Piece, step: Step, at: datetime | None, actor: Actor,
    now: datetime,
) -> Article:  # fmt: skip
    """Save what was written; `article` is locked, or None for a new one; `at` is for planning.

    The address of what has been public stays. Raises a Refusal and nothing is changed.
    """
    about = tuple(dict.fromkeys((*piece.draft.topics, *_kinds(piece.kinds))))
    draft = replace(piece.draft, topics=about, slug=_address(article, piece.draft, now))
    draft = replace(draft, published_at=_moment(article, draft, step, at, now))
    was = article.state(now) if article else ArticleState.DRAFT
    saved = operations.save(draft, now, actor, article)
    for moment, services in ((Moment.BEFORE, piece.before), (Moment.AFTER, piece.after)):
        read_with(saved, moment, services)
    if saved.state(now) is not was or step is Step.PLAN:
        audit.record(actor, saved.about, f"article_{saved.state(now).value}", now)
    return saved


def _moment(
    article: Article | None, draft: Draft, step: Step, at: datetime | None, now: datetime
) -> datetime | None:
    """Return when it is published, by what is to become of it."""
    was = (article.published_at or article.shelved_at) if article else None
    if step is Step.KEEP:
        return was
    state = article.state(now) if article else ArticleState.DRAFT
    if state is ArticleState.ARCHIVED:
        raise IsArchived
    if state is ArticleState.PUBLISHED:
        if step is Step.PUBLISH:  # A press that came twice.
            return was
        raise AlreadyPublished
    if step is Step.UNPLAN:
        return None
    if not draft.body.strip():
        raise NothingToPublish
    if step is Step.PLAN and (at is None or at <= now):
        raise PlannedForThePast
    return at if step is Step.PLAN else now


def _address(article: Article | None, draft: Draft, now: datetime) -> str:
    """Return the address it gets: of a draft what was typed, or what its title gives.

    What has been public keeps its own, since people have kept it. To let it change, have the old
    one lead to the new one here.
    """
    if article is not None and article.has_been_public(now):
        return article.slug
    wanted = slug(draft.slug, 120)
    if wanted and not _is_taken(wanted, article):
        return wanted
    if wanted:
        raise AddressTaken
    base, number = slug(draft.title, 110) or "article", 1
    while _is_taken(wanted := base if number == 1 else f"{base}-{number}", article):
        number += 1
    return wanted


def _is_taken(address: str, article: Article | None) -> bool:
    owner = db.session.scalar(select(Article.id).where(Article.slug == address))
    return address in RESERVED or (owner is not None and (not article or owner != article.id))


def _kinds(numbers: Collection[int]) -> list[str]:
    """Return the topics of these kinds of work, made and called as the catalog calls them."""
    found = db.session.scalars(select(Category).where(Category.id.in_(numbers)))
    slugs = []
    for kind in found:
        operations.ensure_topic(kind.slug, kind.name, TopicKind.WORK)
        topics.follow(kind)
        slugs.append(kind.slug)
    return slugs


def read_with(article: Article, moment: Moment, services: Collection[int]) -> None:
    """Have the article read before or after these services and no others, last of theirs."""
    own = (ServiceReading.article_id == article.id, ServiceReading.moment == moment)
    known = set(db.session.scalars(select(ServiceReading.service_id).where(*own)))
    gone = known - set(services)
    db.session.execute(delete(ServiceReading).where(*own, ServiceReading.service_id.in_(gone)))
    for service_id in sorted(set(services) - known):
        last = select(func.max(ServiceReading.position)).where(
            ServiceReading.service_id == service_id, ServiceReading.moment == moment
        )
        position = db.session.scalar(last)
        row = ServiceReading(
            service_id=service_id, moment=moment, article_id=article.id,
            position=0 if position is None else position + 1,
        )  # fmt: skip
        db.session.add(row)
    db.session.flush()


def archive(article: Article, actor: Actor, now: datetime) -> None:
    """Take a piece away from clients, and from what is to be published; its row is locked."""
    if article.state(now) is ArticleState.ARCHIVED:
        raise IsArchived
    article.shelved_at = article.published_at
    article.published_at, article.archived_at = None, now
    audit.record(actor, article.about, "article_archived", now)
    db.session.flush()


def bring_back(article: Article, actor: Actor, now: datetime) -> None:
    """Make an archived piece what it was: published since its own day, planned, or a draft.

    One that was planned for a moment which has passed meanwhile is a draft: nobody has seen it
    yet, and it should not appear by this.
    """
    if article.archived_at is None:
        raise NotArchived
    since = None if article.is_overdue(now) else article.shelved_at
    article.published_at, article.shelved_at, article.archived_at = since, None, None
    audit.record(actor, article.about, "brought_back", now)
    db.session.flush()


def restore(article: Article, version: ArticleVersion, actor: Actor, now: datetime) -> None:
    """Let a text of before be the text again; the one it takes the place of stays a version."""
    draft = replace(
        draft_of(article),
        title=version.title, summary=version.summary, body=version.body_markdown,
    )  # fmt: skip
    operations.save(draft, now, actor, article)
    details = {"version": version.number}
    audit.record(actor, article.about, "article_restored", now, **details)
