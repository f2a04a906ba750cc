"""An article in schema.org's words."""

from flask import current_app

from booking.articles import queries
from booking.articles.markdown import pictures_in
from booking.articles.models import Article
from booking.domain.pictures import ROOT, pictured
from booking.practice import queries as practice
from booking.web.links import absolute_url
from booking.web.structured import Node, logo_url, practice_id, this_practice


def picture_url(article: Article) -> str:
    """The whole address of an article's picture, else of the first in its text; empty for none."""
    address = article.picture.address if article.picture else _first_in(article.body_markdown)
    return current_app.config["PUBLIC_URL"].rstrip("/") + address if address else ""


def _first_in(text: str) -> str:
    """The first picture of ours that the page shows; those of other places are not shown."""
    if ROOT not in text:
        return ""
    return next((one.address for one in pictures_in(text) if pictured(one.address)), "")


def about_article(article: Article) -> Node:
    """The article, its author and the practice that published it."""
    address = absolute_url("articles.show", slug=article.slug)
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
        "image": picture_url(article),
        "keywords": [topic.name for topic in article.topics],
        "wordCount": article.words,
        "timeRequired": f"PT{queries.reading_minutes(article.words)}M",
        "inLanguage": practice.current().locale.replace("_", "-"),
        "isAccessibleForFree": True,
    }
