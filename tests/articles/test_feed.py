"""The Atom feed, read by a parser that is not ours."""

from datetime import timedelta
from email.utils import format_datetime

import feedparser

from booking.articles import operations
from booking.articles.models import Article
from booking.articles.operations import Draft
from booking.database import db, transact
from tests.cast import sign_in


def publish(now, title: str, slug: str, **more) -> None:
    draft = Draft(
        title=title, slug=slug, author="Rosa", published_at=now, **({"body": "T."} | more)
    )
    transact(operations.save, draft, now)


def read(client):
    answer = client.get("/read/feed.xml")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def test_the_feed_holds_the_newest_pieces_whole(client, studio, now):
    later = now.forward(minutes=5)
    body = '*One* [hip](/services/massage) \ufffe\n\n![A dome <b>](drawing:breath "Below & all.")'
    publish(later, "A <b>\x08 & ]]> “quoted”", "odd", body=body, summary="1 < 2", topics=("hip",))
    publish(later + timedelta(days=1), "Planned", "planned")
    transact(operations.save, Draft("Draft", "draft", "T.", "Rosa"), later)
    feed = read(client)
    assert feed.feed.title == "Heron Lane Studio"
    assert feed.feed.links[0].href == feed.feed.id == "http://localhost/read/feed.xml"
    odd, hips = feed.entries
    assert odd.title_detail.value == "A <b> & ]]> “quoted”"
    assert odd.summary == "1 < 2"
    assert (odd.link, odd.author) == ("http://localhost/read/odd", "Rosa")
    assert [tag.term for tag in odd.tags] == ["hip"]
    assert "<em>One</em>" in odd.content[0].value
    assert "http://localhost/services/massage" in odd.content[0].value
    # Our sheets give a drawing its lines; where they are not, its words stand.
    assert "[A dome &lt;b&gt;]<br /><em>Below &amp; all.</em>" in odd.content[0].value
    assert "<svg" not in str(odd)
    assert hips.link == "http://localhost/read/level-hips"
    assert feed.feed.updated == odd.updated == later.isoformat()


def test_an_entry_keeps_its_name_when_title_and_address_change(client, studio, now):
    (before,) = read(client).entries
    transact(_rename)
    (after,) = read(client).entries
    assert (after.id, after.title) == (before.id, "Level")
    assert after.link != before.link


def _rename() -> None:
    article = db.session.query(Article).one()
    article.title, article.slug = "Level", "level"


def test_what_has_not_changed_is_not_sent_again(client, studio, now):
    for path in ("/read/feed.xml", "/sitemap.xml", "/robots.txt"):
        first = client.get(path)
        assert first.cache_control.public
        assert "Set-Cookie" not in first.headers
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    sign_in(client, studio.accounts["ada"], now())
    assert client.get("/robots.txt").data == first.data
    before = client.get("/read/feed.xml")
    publish(now.forward(hours=1), "New", "new")
    tag = {"If-None-Match": before.headers["ETag"]}
    assert b"/read/new" in client.get("/read/feed.xml", headers=tag).data
    # What is taken away makes nothing newer: no date says that all is as it was.
    dated = {"If-Modified-Since": format_datetime(now.forward(days=1), usegmt=True)}
    assert client.get("/read/feed.xml", headers=dated).status_code == 200
