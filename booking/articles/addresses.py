"""Addresses that articles had before: on a blog that was brought over, or before a new slug.

Only paths are kept and looked up, and what is found is an article of ours: an address can never
lead to another site.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import select

from booking.articles.models import Article
from booking.articles.moving_models import LONGEST_PATH, ArticleAddress
from booking.articles.queries import is_public
from booking.columns import clean_text
from booking.database import db

INDEX_PAGES = ("/index.html", "/index.htm")


def path_key(path: str, post: str | None = None) -> str | None:
    """Return a decoded path as it is kept: without a slash at its end, in lower case.

    `post` is the number that a blog's short addresses carry (``/?p=12``). None for what no
    article ever had: the front page, what is too long or holds what no address holds.
    """
    if not path.startswith("/") or any(ord(char) < 32 for char in path):
        return None
    key = path.casefold()
    for page in INDEX_PAGES:
        key = key.removesuffix(page)
    key = key.rstrip("/")
    if post is not None and post.isascii() and post.isdigit() and len(post) < 12:
        key = f"{key}/?p={int(post)}"
    try:
        return clean_text(key, LONGEST_PATH) or None
    except ValueError:
        return None


def url_key(url: str) -> str | None:
    """Return the key of a whole address, or of a path as it stands in one; None for none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    asked = parse_qs(parts.query[:500])
    post = next((asked[name][0] for name in ("p", "page_id") if name in asked), None)
    return path_key(unquote(parts.path) or "/", post)


def keep_old(article: Article, keys: Iterable[str], now: datetime) -> None:
    """Keep the keys of a blog's addresses; those that lead to another article stay with it."""
    wanted = sorted(set(keys))
    taken = set(
        db.session.scalars(select(ArticleAddress.path).where(ArticleAddress.path.in_(wanted)))
    )
    db.session.add_all(
        ArticleAddress(path=key, article_id=article.id, kept_at=now)
        for key in wanted
        if key not in taken
    )
    db.session.flush()


def moved_to(keys: Sequence[str], now: datetime) -> str | None:
    """Return the slug of the published article that had one of these addresses. One select."""
    rows = db.session.execute(
        select(ArticleAddress.path, Article.slug)
        .join(Article, Article.id == ArticleAddress.article_id)
        .where(ArticleAddress.path.in_(keys), is_public(now))
    )
    slugs = {row.path: row.slug for row in rows}
    return next((slugs[key] for key in keys if key in slugs), None)


def of_articles() -> dict[int, list[str]]:
    """Return the addresses of all articles, by the article's id, in order."""
    found: dict[int, list[str]] = {}
    for row in db.session.scalars(select(ArticleAddress).order_by(ArticleAddress.path)):
        found.setdefault(row.article_id, []).append(row.path)
    return found
