"""Everything as Markdown with front matter, in a folder that any other system can read."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from booking.articles import addresses, pictures
from booking.articles.models import Article
from booking.database import db

FORMAT = 1
PICTURE = re.compile(r"\]\(/pictures/(?P<name>[0-9a-f]{20}-\d{1,4}x\d{1,4}\.(?:jpg|png))(?=[)\s])")


def all_articles() -> Sequence[Article]:
    """Return every article with its topics, drafts too, in order of making."""
    return db.session.scalars(
        select(Article).options(selectinload(Article.topics)).order_by(Article.id)
    ).all()


def export(article: Article, old: Sequence[str], folder: Path) -> Path:
    """Write an article and its pictures into `folder`; what is there of it is replaced.

    `old` are the addresses it had before. Raises OSError.
    """
    for name in dict.fromkeys(PICTURE.findall(article.body_markdown)):
        content = pictures.content(name)
        if content is not None:
            place = folder / "pictures" / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
    path = folder / f"{article.slug}.md"
    path.write_text(as_text(article, old), encoding="utf-8", newline="\n")
    return path


def export_all(folder: Path) -> Iterator[Path]:
    """Write all articles into `folder`, which is made when there is none. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    old = addresses.of_articles()
    for article in all_articles():
        yield export(article, old.get(article.id, []), folder)


def as_text(article: Article, old: Sequence[str]) -> str:
    """Return an article as the text of its file."""
    head = {
        "format": FORMAT,
        "title": article.title,
        "slug": article.slug,
        "author": article.author,
        "guest": article.is_guest or None,
        "summary": article.summary,
        "note": article.author_note or None,
        "topics": [topic.slug for topic in article.topics],
        "published": _date(article.published_at),
        "draft": article.published_at is None or None,
        "aliases": list(old) or None,
    }
    kept = {key: value for key, value in head.items() if value is not None}
    lines = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)
    body = PICTURE.sub(r"](pictures/\g<name>", article.body_markdown)
    return f"---\n{lines}---\n\n{body.strip()}\n"


def _date(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
