"""What follows when a piece is written anew or its topic is called otherwise."""

from datetime import timedelta

from booking.accounts.audit import Actor
from booking.articles import body, operations, queries, topics
from booking.articles.models import Article
from booking.articles.operations import Draft
from booking.database import db, transact
from booking.practice import queries as practice
from tests.web.pages import words


def level_hips() -> Article:
    return db.session.query(Article).filter_by(slug="level-hips").one()


def test_a_piece_that_is_written_anew_says_when(client, studio, now):
    before = queries.changed_at(level_hips())
    day = now.forward(days=3)
    draft = Draft("Level hips", "level-hips", "On hips, again.", "Lena",
                  topics=("hip",), published_at=before)  # fmt: skip
    transact(operations.save, draft, day)
    assert queries.changed_at(level_hips()) == day
    stamp = day.isoformat()[:10]
    assert stamp in client.get("/sitemap.xml").text
    assert stamp in client.get("/read/feed.xml").text
    transact(operations.save, draft, now() + timedelta(days=1))
    assert queries.changed_at(level_hips()) == day


def test_a_topic_that_is_called_otherwise_is_found_by_its_new_name(client, studio, now):
    assert "Level hips" not in words(client.get("/read?q=acetabulum")).partition("Worth knowing")[0]
    topic = next(one for one in level_hips().topics if one.slug == "hip")
    transact(topics.rename, topics.find(topic.id), "Acetabulum", Actor("staff"), now())
    assert "Level hips" in words(client.get("/read?q=acetabulum")).partition("Worth knowing")[0]


def test_the_sitemap_lists_the_figure_where_the_practice_shows_it(client, studio, now):
    assert "where-does-it-hurt" not in client.get("/sitemap.xml").text
    transact(lambda: body.install(practice.current(), Actor("staff"), now()))
    assert "/where-does-it-hurt/hip<" in client.get("/sitemap.xml").text
