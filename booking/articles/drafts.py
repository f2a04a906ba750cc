"""What is typed and not saved, and links that show a piece before it is published.

Each form that is opened keeps what is typed into it in a row of its own, under the key it was
given. So no form ever writes over what another one kept, of the same piece or of a new one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.articles.models import Article, ArticleDraft, PreviewLink
from booking.database import db
from booking.domain.article_errors import IsArchived
from booking.web.editing import digest

# From how many on of one piece, or of those never saved, what was left so long ago makes room.
MOST_BEGUN = 20
LEFT_ALONE = timedelta(days=90)
LINK_LIFETIME = timedelta(days=14)
NEW = "new-"
# What a form was opened on of which nothing was saved yet.
NOTHING = digest({})


def name_of(draft: ArticleDraft) -> str:
    """Return how a form that goes on with a draft says which one, and what it held then."""
    return f"{draft.id}-{digest(draft.typed)}"


def keep(
    account_id: int,
    key: str,
    article_id: int | None,
    typed: Mapping[str, str],
    now: datetime,
    base: str = "",
) -> ArticleDraft:
    """Keep what somebody has typed so far into one form, instead of what that form kept before.

    `base` is the `name_of` the draft that the form went on with. Its place is taken if it still
    holds what it held; what another form has made of it meanwhile stays beside.
    """
    found = locked(account_id, key) or _taken_over(account_id, base, key)
    if found is None:
        found = ArticleDraft(
            account_id=account_id, key=key, article_id=article_id, typed={}, kept_at=now
        )
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:  # The same page has just kept it.
            found = locked(account_id, key)
            if found is None:
                raise
        _make_room(account_id, found.article_id, now)
    if found.typed.get("text") == _text(typed):  # The form has been saved just so.
        return found
    # A form whose piece has been saved meanwhile was opened on nothing, and goes on from there.
    seen = found.typed.get("seen") if typed.get("seen") == NOTHING else None
    found.typed, found.kept_at = {**typed, **({"seen": seen} if seen else {})}, now
    db.session.flush()
    return found


def _taken_over(account_id: int, base: str, key: str) -> ArticleDraft | None:
    number = base.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    draft = own(account_id, int(number), is_locked=True)
    if draft is None or name_of(draft) != base:
        return None
    if _is_of_new(draft):  # Its key is what tells a press that comes twice.
        forget(draft)
        return None
    draft.key = key
    return draft


def _make_room(account_id: int, article_id: int | None, now: datetime) -> None:
    for old in _kept(account_id, article_id)[MOST_BEGUN:]:
        if old.kept_at < now - LEFT_ALONE:
            db.session.delete(old)
    db.session.flush()


def locked(account_id: int, key: str) -> ArticleDraft | None:
    """Return what a form has kept, its row locked."""
    return db.session.scalar(
        select(ArticleDraft)
        .where(ArticleDraft.account_id == account_id, ArticleDraft.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _kept(account_id: int, article_id: int | None) -> Sequence[ArticleDraft]:
    return db.session.scalars(
        select(ArticleDraft)
        .where(
            ArticleDraft.account_id == account_id,
            ArticleDraft.article_id.is_(None)
            if article_id is None
            else ArticleDraft.article_id == article_id,
        )
        .order_by(ArticleDraft.kept_at.desc(), ArticleDraft.id.desc())
    ).all()


def of(account_id: int, article: Article) -> Sequence[ArticleDraft]:
    """Return what somebody has typed into this piece and not saved, the newest first."""
    return [one for one in _kept(account_id, article.id) if "saved" not in one.typed]


def begun(account_id: int) -> Sequence[ArticleDraft]:
    """Return what somebody has begun and never saved, the newest first."""
    return _kept(account_id, None)


def own(account_id: int, draft_id: int, *, is_locked: bool = False) -> ArticleDraft | None:
    query = select(ArticleDraft).where(
        ArticleDraft.account_id == account_id, ArticleDraft.id == draft_id
    )
    return db.session.scalar(query.with_for_update() if is_locked else query)


def written(account_id: int, key: str) -> ArticleDraft | None:
    """Return the row of a form of a new piece that has been saved; `article_id` is the piece."""
    found = db.session.scalar(
        select(ArticleDraft).where(
            ArticleDraft.account_id == account_id,
            ArticleDraft.key == key,
            ArticleDraft.article_id.is_not(None),
        )
    )
    return found if found is not None and _is_of_new(found) else None


def _is_of_new(draft: ArticleDraft) -> bool:
    return draft.article_id is not None and draft.key.startswith(NEW)


def settle(
    draft: ArticleDraft, article: Article, typed: Mapping[str, str], press: str, seen: str
) -> None:
    """What was `typed` is saved as `article`: forget it, but not what was typed since.

    Of a new piece stays which one the form has become, by which `press` (its digest), and what
    the piece says by now (`seen`): the same press once more finds it, instead of making another.
    """
    draft.article_id = article.id
    if _text(draft.typed) != _text(typed):
        draft.typed = {**draft.typed, "seen": seen} if _is_of_new(draft) else draft.typed
    elif _is_of_new(draft):
        draft.typed = {"saved": press, "text": _text(typed), "seen": seen}
    else:
        db.session.delete(draft)
    db.session.flush()


def _text(typed: Mapping[str, str]) -> str:
    """A digest of what was typed, whatever the form was opened on."""
    return digest({**typed, "seen": ""})


def forget(draft: ArticleDraft) -> None:
    """What was typed is not wanted; what a new piece has become stays known."""
    if _is_of_new(draft):
        draft.typed = {"saved": "", "seen": draft.typed.get("seen", "")}
    else:
        db.session.delete(draft)
    db.session.flush()


def make_link(article: Article, actor: Actor, now: datetime) -> PreviewLink:
    """Raises IsArchived: nobody else sees such a piece."""
    if article.archived_at is not None:
        raise IsArchived
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
    """Return what a link shows; None when it has ended, or the piece was taken back."""
    return db.session.scalar(
        select(Article)
        .join(PreviewLink, PreviewLink.article_id == Article.id)
        .where(PreviewLink.id == link_id, Article.archived_at.is_(None), *_live(now))
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
