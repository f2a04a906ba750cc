"""What an article says, as a few characters: whether a source or an article has changed."""

import hashlib
import json
from typing import Any

from booking.articles.models import Article
from booking.articles.operations import Draft
from booking.articles.sources.found import More, Seen
from booking.domain.pictures import ROOT, pictured


def said_by(article: Article) -> dict[str, Any]:
    """Return all that an article says but its address, which may change and it does not."""
    when = article.published_at or article.shelved_at
    return {
        "title": article.title,
        "body": article.body_markdown,
        "author": article.author,
        "summary": article.summary,
        "guest": article.is_guest,
        "note": article.author_note,
        "topics": sorted(topic.slug for topic in article.topics),
        "published": when.isoformat() if when else None,
        "archived": article.archived_at is not None,
        "picture": article.picture.digest if article.picture else None,
        "services": sorted(service.slug for service in article.services),
        "sources": [[one["title"], one["link"]] for one in article.sources],
    }


def said_in(draft: Draft, more: More) -> dict[str, Any]:
    """Return what a source says, in the same words; what it says nothing about is not there."""
    said: dict[str, Any] = {
        "title": draft.title,
        "body": draft.body,
        "author": draft.author,
        "summary": draft.summary,
        "guest": draft.is_guest,
        "note": draft.author_note,
        "topics": sorted(draft.topics),
        "published": draft.published_at.isoformat() if draft.published_at else None,
    }
    if more.is_archived is not None:
        said["archived"] = more.is_archived
    if more.cover is not None:
        said["picture"] = picture_digest(more.cover)
    if more.services is not None:
        said["services"] = sorted(more.services)
    if more.rests_on is not None:
        said["sources"] = [[one.title, one.link] for one in more.rests_on]
    return said


def picture_digest(seen: Seen) -> str:
    """Return the digest under which a picture is kept: its own, if we gave it out."""
    known = pictured(ROOT + seen.file.name)
    return known.digest if known else seen.digest[:20]


def digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
