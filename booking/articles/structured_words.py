"""An article in schema.org's words."""

from typing import NamedTuple

from flask import current_app

from booking.articles import queries
from booking.articles.markdown import Named, pictures_in
from booking.articles.models import Article, Picture
from booking.domain.pictures import ROOT, pictured
from booking.practice import queries as practice
from booking.web.links import absolute_url
from booking.web.structured import Node, logo_url, practice_id, this_practice


class Shown(NamedTuple):
    """A picture that stands for a page elsewhere: its whole address and its words."""

    address: str
    words: str


def picture_for(article: Article) -> Shown | None:
    """Return an article's picture, else the first in its text that the page shows, if any."""
    found = article.picture or _first_in(article.body_markdown)
    if found is None:
        return None
    words = found.alt if isinstance(found, Picture) else found.words
    return Shown(current_app.config["PUBLIC_URL"].rstrip("/") + found.address, words)


def _first_in(text: str) -> Named | None:
    """The first picture of ours; those of other places are not shown."""
    if ROOT not in text:
        return None
    return next((one for one in pictures_in(text) if pictured(one.address)), None)


def about_article(article: Article) -> Node:
    """The article, its author and the practice that published it."""
    address = absolute_url("articles.show", slug=article.slug)
    picture = picture_for(article)
    author = {"@type": "Person", "name": article.author}
    return {
        "@type": "Article",
        "@id": f"{address}#article",
        "headline": article.title,
        "description": article.summary,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": article.published_at.isoformat() if article.published_at else None,
        "dateModified": queries.changed_at(article).isoformat(),
        "author": author if article.author else {"@id": practice_id()},
        "publisher": this_practice() | {"logo": logo_url()},
        "image": picture.address if picture else None,
        "keywords": [topic.name for topic in article.topics],
        "wordCount": article.words,
        "timeRequired": f"PT{queries.reading_minutes(article.words)}M",
        "inLanguage": practice.current().locale.replace("_", "-"),
        "isAccessibleForFree": True,
    }
