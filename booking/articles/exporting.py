"""Everything as Markdown with front matter, in a folder that any other system can read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking.articles import addresses, pictures
from booking.articles.models import Article, Moment, ServiceReading
from booking.articles.sources.picture_places import Named, readdress
from booking.catalog.models import Service
from booking.database import db
from booking.domain.pictures import ROOT, pictured

FORMAT = 1
READ_WITH = [selectinload(part) for part in (Article.topics, Article.services, Article.picture)]
Readings = Mapping[tuple[int, Moment], Sequence[str]]


class _Head(yaml.SafeDumper):
    """Writes a text of several lines as lines, which people read and change more easily."""


def _as_lines(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Head.add_representer(str, _as_lines)


def all_articles() -> Sequence[Article]:
    """Return every article with its topics, drafts too, in order of making."""
    return db.session.scalars(select(Article).options(*READ_WITH).order_by(Article.id)).all()


def count() -> int:
    """Return how many articles there are."""
    return db.session.scalars(select(func.count(Article.id))).one()


def export(article: Article, old: Sequence[str], reading: Readings, folder: Path) -> Path:
    """Write an article and its pictures into `folder`; what is there of it is replaced.

    `old` are the addresses it had before, `reading` what is read with services. Raises OSError.
    """
    body, named = _beside(article.body_markdown)
    if article.picture:
        named.append(_name(article.picture.address))
    for name in dict.fromkeys(named):
        content = pictures.content(name)
        if content is not None:
            place = folder / "pictures" / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
    path = folder / f"{article.slug}.md"
    text = f"---\n{_head(article, old, reading)}---\n\n{body.strip()}\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _beside(body: str) -> tuple[str, list[str]]:
    """Return a text that names its pictures as they lie beside it, and their names."""
    names: list[str] = []

    def lead(named: Named) -> Named | None:
        if pictured(named.address) is None:
            return None
        names.append(_name(named.address))
        return named._replace(address=f"pictures/{names[-1]}")

    return readdress(body, lead), names


def export_all(folder: Path) -> Iterator[Path]:
    """Write all articles into `folder`, which is made when there is none. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    old = addresses.of_articles()
    reading = _readings()
    for article in all_articles():
        yield export(article, old.get(article.id, []), reading, folder)


def _head(article: Article, old: Sequence[str], reading: Readings) -> str:
    """Return what stands above the text: all else that an article says, as YAML."""
    head = {
        "format": FORMAT,
        "title": article.title,
        "slug": article.slug,
        "author": article.author,
        "guest": article.is_guest or None,
        "summary": article.summary,
        "note": article.author_note or None,
        "topics": [topic.slug for topic in article.topics],
        "published": _date(article.published_at or article.shelved_at),
        "draft": (article.published_at or article.shelved_at) is None or None,
        "archived": article.archived_at is not None or None,
        "picture": f"pictures/{_name(article.picture.address)}" if article.picture else None,
        "picture_alt": article.picture.alt if article.picture else None,
        "services": [service.slug for service in article.services],
        "sources": [{"title": one["title"], "link": one["link"]} for one in article.sources],
        "read_before": list(reading.get((article.id, Moment.BEFORE), [])) or None,
        "read_after": list(reading.get((article.id, Moment.AFTER), [])) or None,
        "aliases": list(old) or None,
    }
    kept = {key: value for key, value in head.items() if value is not None}
    return yaml.dump(kept, Dumper=_Head, allow_unicode=True, sort_keys=False, width=10_000)


def _name(address: str) -> str:
    return address.removeprefix(ROOT)


def _readings() -> Readings:
    """Return the services before and after which each article is read, by their slugs."""
    found: dict[tuple[int, Moment], list[str]] = {}
    rows = select(ServiceReading.article_id, ServiceReading.moment, Service.slug).join(
        Service, Service.id == ServiceReading.service_id
    )
    for number, moment, slug in db.session.execute(rows.order_by(Service.slug)):
        found.setdefault((number, moment), []).append(slug)
    return found


def _date(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
