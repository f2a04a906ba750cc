"""What is taken out comes in again the same, on an empty site too."""

from datetime import datetime

from sqlalchemy import select

from booking.accounts.audit import SYSTEM
from booking.articles import service_queries, writing
from booking.articles.import_cli import export_articles
from booking.articles.models import Article, Moment, Picture, ServiceReading
from booking.articles.operations import Draft, Source, save
from booking.database import db, transact
from tests.articles import blog
from tests.articles.blog import Post
from tests.articles.brought import draw, rows, verbs
from tests.conftest import NOW
from tests.web.pages import soup


def write_own(studio, now: datetime) -> None:
    """An article with all that an article has, and one that was put away."""
    source = Source("A book: with a colon", "https://books.example/1")
    own = save(
        Draft(
            title="Own", slug="own", body="---\n\n# Own\n\n- x", author="", sources=(source,),
            services=(studio.massage,), picture=db.session.scalars(select(Picture)).one(),
        ), now,
    )  # fmt: skip
    writing.read_with(own, Moment.AFTER, [studio.massage])
    writing.archive(save(Draft("Old", "old", "x", "L", published_at=now), now), SYSTEM, now)


def test_what_is_taken_out_comes_in_again_the_same(bring, app, studio, client, now, tmp_path):
    draw(tmp_path / "posts/foot.png")
    terms = [("category", "hip", "Hip"), ("post_tag", "feet", "Feet")]
    posts = [Post(number, blog.BLOCKS, terms=terms) for number in range(1, 4)]
    tricky = 'A "b": {c}\n# d'
    bring(
        {"b.xml": blog.export(*posts, Post(5, blog.CLASSIC, status="draft", title=tricky)),
         "p.md": "---\ntitle: P\nguest: yes\nnote: |\n  One.\n\n  Two.\n---\n![A foot](foot.png)"},
        "--make-topics",
    )  # fmt: skip
    transact(write_own, studio, now())
    before = {slug: told(one) for slug, one in rows().items()}
    runner = app.test_cli_runner()
    folder = tmp_path / "out"
    result = runner.invoke(export_articles, [str(folder)])
    assert (result.stdout, result.stderr) == (f"8 articles are in {folder}.\n", "Writing\n")
    again = bring(folder)
    assert verbs(again) == {"as it was": 8}, again.stdout
    empty_the_site()
    assert verbs(bring(folder, "--make-topics")) == {"made": 8}
    assert {slug: told(one) for slug, one in rows().items()} == before
    assert client.get("/?p=2").location == "/read/post-2"
    picture = soup(client.get("/read/p")).select_one(".prose img")
    assert client.get(picture["src"]).status_code == 200
    after = service_queries.reading_for(studio.massage, Moment.AFTER, now())
    assert [one.slug for one in after] == []  # A draft is not given to anybody.
    assert db.session.scalars(select(ServiceReading.article_id)).one() == rows()["own"].id


def told(one: Article) -> tuple:
    return (
        one.title, one.body_markdown, one.author, one.summary, one.is_guest, one.author_note,
        {topic.slug for topic in one.topics}, one.published_at, one.words, one.sources,
        [service.id for service in one.services], one.picture and one.picture.address,
        one.state(NOW), one.shelved_at,
    )  # fmt: skip


def empty_the_site() -> None:
    def remove() -> None:
        for table in reversed(db.metadata.sorted_tables):
            if table.name in {"article", "topic", "article_topic", "article_source",
                              "article_address", "article_version", "article_service",
                              "service_reading", "picture", "picture_file"}:  # fmt: skip
                db.session.execute(table.delete())

    transact(remove)
