"""The Atom feed (RFC 4287) of the newest pieces, whole, and what the sitemap lists of them.

Written by a template of our own: the libraries for feeds bring an XML parser of megabytes along
for what thirty lines say.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from booking import clock
from booking.articles import body_queries, queries
from booking.articles.models import Article
from booking.articles.views import bp
from booking.practice import queries as practice
from booking.web.found import Entry
from booking.web.links import absolute_url
from booking.web.unchanged import public

NEWEST = 20
# What XML 1.0 cannot hold, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.app_template_filter()
def xml_text(text: str) -> str:
    """Return a text without the characters that no XML may hold."""
    return _NOT_XML.sub("", text)


@bp.app_template_filter()
def seconds(instant: datetime) -> str:
    """The machine's form of an instant (RFC 3339)."""
    return instant.isoformat(timespec="seconds")


def lasting_id(article: Article) -> str:
    """Return a name that stays whatever becomes of the title, the address and the domain."""
    made = f"article {article.id} of {article.created_at.isoformat()}"
    return uuid.uuid5(uuid.NAMESPACE_OID, made).urn


@bp.get("/read/feed.xml")
def feed() -> ResponseReturnValue:
    """Answer with the newest pieces, in the practice's language, whoever asks."""
    articles = queries.newest(clock.utcnow(), NEWEST)
    changed_at = max((queries.changed_at(one) for one in articles), default=None)
    with force_locale(practice.current().locale):
        text = render_template(
            "articles/feed.xml",
            address=absolute_url("articles.feed"),
            home=absolute_url("scheduling.home"),
            list=absolute_url("articles.index"),
            changed_at=changed_at or clock.utcnow(),
            entries=[
                (one, queries.changed_at(one), lasting_id(one), url_of(one)) for one in articles
            ],
        )
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    return public(response)


def url_of(article: Article) -> str:
    return absolute_url("articles.show", slug=article.slug)


def entries() -> Iterator[Entry]:
    """List the reading for the sitemap."""
    known = queries.addresses(clock.utcnow())
    newest = max((row.changed_at for row in known), default=None)
    yield Entry("articles.index", changed_at=newest)
    for row in known:
        yield Entry("articles.show", {"slug": row.slug}, row.changed_at)
    if practice.current().shows_body:
        yield Entry("articles.body")
        yield from (Entry("articles.region", {"slug": one.key}) for one in body_queries.shown())
