"""Reading, writing and the figure of the body ask as much of a full shelf as of a bare one."""

from dataclasses import replace

import pytest

from booking.accounts.audit import Actor
from booking.articles import body, drafts, writing
from booking.articles import operations as articles
from booking.articles.models import Article, Picture, TopicKind
from booking.articles.operations import Draft
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import STAFF, sign_in
from tests.statements.crowd import MOST, count, enlarge, fill_calendar

# Both engines are asked the same; it is counted on one.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

READING = ["/read", "/read?topic=hip", "/read?q=hip+text", "/read?q=zebra", "/read/level-hips",
           "/read/feed.xml", "/sitemap.xml"]  # fmt: skip


def test_reading_asks_as_much_of_a_large_shelf(client, studio, now, statements):
    transact(shelve, now(), 2)
    few = {path: count(client, statements, path) for path in READING}
    transact(shelve, now(), 30)
    assert {path: count(client, statements, path) for path in READING} == few
    assert max(few.values()) <= MOST, few


def shelve(now, pieces: int) -> None:
    for number in range(pieces):
        draft = Draft(
            f"Hip {number}", f"hip-{number}", "Text.", "Lena", topics=("hip", "massage"),
            published_at=now,
        )  # fmt: skip
        articles.save(draft, now)


WRITING = [
    "/studio/articles/", "/studio/articles/?state=draft&q=piece", "/studio/articles/pictures",
    "/studio/articles/topics", "/studio/articles/1", "/studio/articles/1/versions",
]  # fmt: skip


def test_pages_of_writing_ask_as_much_of_a_full_shelf(client, studio, now, statements):
    transact(write_pieces, studio, now(), 1)
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in WRITING}
    transact(write_pieces, studio, now(), 12)
    assert {path: count(client, statements, path) for path in WRITING} == few
    assert max(few.values()) <= MOST, few


def write_pieces(studio, now, many: int) -> None:
    mara = Actor("staff", studio.accounts["mara"])
    level = db.session.query(Article).filter_by(slug="level-hips").one()
    for number in range(many):
        name = f"{many}-{number}"
        articles.ensure_topic(name, name, TopicKind.BODY)
        topics = ("massage", name)
        articles.save(Draft(f"Piece {name}", f"piece-{name}", "Text.", "Mara", topics=topics), now)
        articles.save(replace(writing.draft_of(level), body=f"Text {name}."), now, mara)
        db.session.add(
            Picture(digest=name, width=48, height=32, ending="png", alt=name, created_at=now)
        )
        drafts.make_link(level, mara, now)
        drafts.keep(studio.accounts["mara"], f"new-{name}", None, {"title": name}, now)


BODY = [
    "/where-does-it-hurt", "/where-does-it-hurt/hip", "/services/massage?region=hip",
    "/studio/settings/body", "/studio/settings/body/1",
]  # fmt: skip


def test_the_figure_and_its_regions_ask_as_much_of_a_full_house(client, studio, now, statements):
    transact(lambda: body.install(practice.current(), STAFF, now()))
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in BODY}
    fill_calendar(studio, now)
    transact(enlarge, studio)
    assert {path: count(client, statements, path) for path in BODY} == few
    assert max(few.values()) <= MOST, few
