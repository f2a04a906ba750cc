"""What an article says, as a few characters: whether a source or an article has changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from booking.articles.models import Article
from booking.articles.operations import Draft
from booking.articles.sources.found import Seen


def as_draft(article: Article) -> Draft:
    """Return an article in the words in which it would be saved."""
    return Draft(
        title=article.title,
        slug=article.slug,
        body=article.body_markdown,
        author=article.author,
        summary=article.summary,
        is_guest=article.is_guest,
        author_note=article.author_note,
        topics=tuple(topic.slug for topic in article.topics),
        published_at=article.published_at,
    )


def digest_of_article(article: Article) -> str:
    return digest_of_draft(as_draft(article))


def digest_of_draft(draft: Draft, pictures: Sequence[Seen] = ()) -> str:
    """Return a digest of all but the address, which may change without the article changing.

    What is empty does not count, so that a field which comes later changes no digest.
    """
    said = {
        name: _plain(value) for name, value in asdict(draft).items() if name != "slug" and value
    }
    said["topics"] = sorted(draft.topics)
    text = json.dumps([said, [one.digest for one in pictures]], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
