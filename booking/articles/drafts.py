"""What is typed and not saved, and links that show a piece before it is published."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.articles.models import Article, ArticleDraft, PreviewLink
from booking.database import db

# How many pieces that are begun and not saved somebody may have; the oldest make room.
MOST_BEGUN = 20
LINK_LIFETIME = timedelta(days=14)


def key_of(article: Article) -> str:
    return f"article-{article.id}"


def keep(
    account_id: int, key: str, article_id: int | None, typed: Mapping[str, str], now: datetime
) -> ArticleDraft:
    """Keep what somebody has typed so far, in the place of what was kept before."""
    found = _find(account_id, key)
    if found is None:
        found = ArticleDraft(
            account_id=account_id, key=key, article_id=article_id, typed={}, kept_at=now
        )
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:  # The same page has just kept it.
            found = _find(account_id, key)
            if found is None:
                raise
    found.typed, found.kept_at = dict(typed), now
    db.session.flush()
    _make_room(account_id)
    return found


def _make_room(account_id: int) -> None:
    for old in begun(account_id)[MOST_BEGUN:]:
        db.session.delete(old)
    db.session.flush()


def _find(account_id: int, key: str) -> ArticleDraft | None:
    return db.session.scalar(
        select(ArticleDraft).where(ArticleDraft.account_id == account_id, ArticleDraft.key == key)
    )


def of(account_id: int, article: Article) -> ArticleDraft | None:
    """Return what somebody has typed into this piece and not saved."""
    return _find(account_id, key_of(article))


def begun(account_id: int) -> Sequence[ArticleDraft]:
    """Return what somebody has begun and never saved, the newest first."""
    return db.session.scalars(
        select(ArticleDraft)
        .where(ArticleDraft.account_id == account_id, ArticleDraft.article_id.is_(None))
        .order_by(ArticleDraft.kept_at.desc(), ArticleDraft.id.desc())
    ).all()


def own(account_id: int, draft_id: int) -> ArticleDraft | None:
    return db.session.scalar(
        select(ArticleDraft).where(
            ArticleDraft.account_id == account_id, ArticleDraft.id == draft_id
        )
    )


def forget(account_id: int, key: str) -> None:
    """What was typed has been saved, or was not wanted."""
    db.session.execute(
        delete(ArticleDraft).where(ArticleDraft.account_id == account_id, ArticleDraft.key == key)
    )


def make_link(article: Article, actor: Actor, now: datetime) -> PreviewLink:
    link = PreviewLink(article_id=article.id, made_at=now, ends_at=now + LINK_LIFETIME)
    db.session.add(link)
    audit.record(actor, article.about, "preview_linked", now)
    db.session.flush()
    return link


def links_of(article_id: int, now: datetime) -> Sequence[PreviewLink]:
    """Return the links that work, the newest first."""
    return db.session.scalars(
        select(PreviewLink)
        .where(PreviewLink.article_id == article_id, *_live(now))
        .order_by(PreviewLink.id.desc())
    ).all()


def linked(link_id: int, now: datetime) -> Article | None:
    """Return what a link shows; None when it has ended or was taken back."""
    return db.session.scalar(
        select(Article)
        .join(PreviewLink, PreviewLink.article_id == Article.id)
        .where(PreviewLink.id == link_id, *_live(now))
    )


def _live(now: datetime) -> tuple:
    return PreviewLink.ends_at > now, PreviewLink.revoked_at.is_(None)


def end_link(article: Article, link_id: int, actor: Actor, now: datetime) -> None:
    """Make a link useless; one that is so already stays as it is."""
    link = db.session.get(PreviewLink, link_id)
    if link is not None and link.article_id == article.id and link.revoked_at is None:
        link.revoked_at = now
        audit.record(actor, article.about, "preview_ended", now)
        db.session.flush()
