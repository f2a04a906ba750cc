"""Bringing a blog over: all of it is there or named, and again makes nothing twice."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from booking.articles import import_steps, queries
from booking.articles.digests import said_by
from booking.articles.models import Article, Picture, Topic
from booking.articles.moving_models import ArticleAddress, ArticleSource
from booking.database import db, transact
from booking.upkeep.check import findings
from tests.articles import blog
from tests.articles.blog import Post
from tests.articles.brought import draw, rows, verbs
from tests.cast import sign_in
from tests.web.pages import filled, soup, words


def test_a_blog_of_300_posts_is_all_there_or_named(bring, now):
    # Each is a transaction of its own, which takes its time. What is read and planned is so many
    # times the same, and knows no database: where writing is slower, two of each say as much.
    many = 15 if db.engine.dialect.name == "sqlite" else 2
    posts = {"blog.xml": blog.export(*blog.whole_blog(many))}
    result = bring(posts)
    assert verbs(result) == {"made": 19 * many, "left": many}  # What lay in the trash is named.
    there = rows()
    assert len(there) == 1 + 19 * many
    assert Counter(one.published_at is None for one in there.values())[True] == 3 * many
    assert there["post-3"].published_at == datetime(2019, 5, 1, 14, tzinfo=UTC)
    assert {f"the-same-{number}" for number in range(2, many + 1)} | {"the-same"} <= set(there)
    assert there["post-7"].title == "Stand on one leg – 3<5 minutes."
    assert (there["post-19"].title, there["post-19"].author) == ("Knees & cafés", "Rosa Field")
    assert [topic.slug for topic in there["post-19"].topics] == ["hip"]
    for said, times in {
        "the date 0000-00-00 00:00:00 is wrong": 2 * many, "kept as a draft": 2 * many,
        "had no title": many, "was taken: it is /read/the-same-": many - 1,
        "so it is planned": many, "lies in the trash": many,
        "[contact-form-7] was left out": 10 * many, f"Knees ({many})": 1,
        "1 of the kind “page”": 1,
    }.items():  # fmt: skip
        assert result.stdout.count(said) == times, said
    assert verbs(bring(posts)) == {"as it was": 19 * many, "left": many}
    assert len(rows()) == 1 + 19 * many
    assert findings(now()) == []


def test_both_editors_come_out_as_they_were_read(bring, client, app):
    bring({"blog.xml": blog.export(Post(1, blog.BLOCKS), Post(2, blog.CLASSIC))})
    blocks = soup(client.get("/read/post-1")).select_one(".prose")
    assert [one.name for one in blocks.find_all(recursive=False)] == [
        "h3", "p", "ul", "blockquote", "table", "p",
    ]  # fmt: skip
    assert [one.get_text() for one in blocks.select("ul ol ul li, td")] == ["wide", "One", "2|3"]
    assert blocks.p.get_text() == "Stand on one leg\xa0– 3<5 minutes."
    classic = soup(client.get("/read/post-2")).select_one(".prose")
    assert classic.p.get_text() == "First line,\nsecond line é’s."
    assert [one["href"] for one in classic.select("a")] == [
        "/read/post-1", "https://video.example/v",
    ]  # fmt: skip
    assert [one.get_text() for one in classic.select("ul ul li")] == ["deep"]
    assert "and [sic] and [gallery] stay or go." in classic.get_text()


def test_old_addresses_lead_to_the_article_and_nowhere_else(bring, client, now, statements):
    bring({"b.xml": blog.export(Post(7), Post(8, status="draft", name="später"))})
    for old in ("/2019/05/post-7/", "/2019/05/Post-7", "/?p=7", "/?page_id=7&x=1"):
        answer = client.get(old)
        assert (answer.status_code, answer.location) == (301, "/read/post-7"), old
        assert client.head(old).status_code == 301
    assert client.post("/2019/05/post-7/").status_code == 404
    assert client.get("/?p=8").status_code == 200  # A draft is nobody's business.
    for nothing in ("/2019/05/sp%C3%A4ter/", "/nothing", "/%00", "/" + "x" * 400, "/read/gone"):
        assert client.get(nothing).status_code == 404, nothing
    for path, to in {
        "//2019/05/post-7/": "/read/post-7", "//evil.example/2019/05/post-7/": None,
        "/\\evil.example/2019/05/post-7": None,
    }.items():  # fmt: skip
        answer = client.get("/", environ_overrides={"PATH_INFO": path, "REQUEST_URI": path})
        assert answer.location == to, path
    statements.clear()
    client.get("/2019/05/post-7/")
    assert len([one for one in statements if "article_address" in one]) == 1


def test_what_was_changed_here_is_not_overwritten_unasked(bring, app, now):
    first, second = Post(1, "Once."), Post(2, "Once.")
    bring({"b.xml": blog.export(first, second)})
    article = rows()["post-1"]
    transact(lambda: setattr(db.session.get(Article, article.id), "title", "Our own"))
    posts = {"b.xml": blog.export(Post(1, "Twice."), Post(2, "Twice."), Post(3))}
    tried = bring(posts, "--dry-run")
    dry = tried.stdout
    # How far it has come stands beside the report, not in it.
    assert [one.split() for one in tried.stderr.splitlines() if one] == [["Reading"], ["Trying"]]
    assert set(rows()) == {"level-hips", "post-1", "post-2"}
    result = bring(posts)
    assert dry == result.stdout + "Nothing was written: this was a dry run.\n"
    assert verbs(result) == {"left": 1, "changed": 1, "made": 1}
    assert "Post 1: it was changed here since it was brought in" in result.stdout
    there = rows()
    assert (there["post-1"].title, there["post-1"].body_markdown) == ("Our own", "Once.")
    assert there["post-2"].body_markdown == "Twice."
    assert verbs(bring(posts, "--overwrite")) == {"changed": 1, "as it was": 2}
    assert (rows()["post-1"].title, rows()["post-1"].body_markdown) == ("Post 1", "Twice.")


def test_files_keep_to_their_article(bring, now):
    note = "---\ntitle: Feet\nslug: feet\n---\nOnce."
    own = "---\ntitle: Hips\nslug: level-hips\n---\nFrom a file."
    result = bring({"a/feet.md": note, "b/feet.md": note, "hips.md": own, "c.txt": "C\n\nText."})
    assert verbs(result) == {"made": 3, "left": 1}
    assert "another article has the address /read/level-hips" in result.stdout
    there = rows()
    assert (there["level-hips"].title, there["feet-2"].title) == ("Level hips", "Feet")
    assert there["c"].published_at == now()
    now.forward(days=1)
    result = bring({"b/feet.md": note.replace("Once", "Twice")})
    assert verbs(result) == {"changed": 1, "as it was": 2, "left": 1}
    assert rows()["feet-2"].body_markdown == "Twice."
    assert rows()["c"].published_at < now()
    other = {"a/feet.md": "---\ntitle: Of another blog\n---\nOther words."}
    result = bring(other)
    assert verbs(result) == {"as it was": 2, "left": 2}
    assert "/read/feet  Of another blog: a file of this name was another piece" in result.stdout
    assert rows()["feet"].title == "Feet"
    assert "Of another blog" in bring(other, "--overwrite").stdout
    assert rows()["feet"].title == "Of another blog"


def test_what_is_there_twice_is_taken_once_and_named(bring):
    nameless = re.sub(
        r"<link>[^<]*</link>\n|<guid.*?</guid>|<wp:post_id>\d*</wp:post_id>", "",
        blog.export(Post(1), Post(2), Post(3), Post(3)),
    )  # fmt: skip
    posts = {
        "a.xml": nameless,
        "b.xml": blog.export(Post(4)),
        "c.xml": blog.export(Post(4, "New.")),
    }
    result = bring(posts)
    assert verbs(result) == {"made": 5, "left": 1}
    assert "/read/post-4  Post 4: it is there twice" in result.stdout
    before = {slug: one.body_markdown for slug, one in rows().items()}
    assert verbs(bring(posts)) == {"as it was": 5, "left": 1}
    assert {slug: one.body_markdown for slug, one in rows().items()} == before


def test_topics_are_matched_named_or_made(bring):
    terms = [("category", "hip-pain", "HIP"), ("post_tag", "low-back", "Low back")]
    posts = {"b.xml": blog.export(Post(1, terms=terms), Post(2, terms=terms))}
    assert "Low back (2)" in bring(posts, "--topics", "massage").stdout
    assert [one.slug for one in rows()["post-1"].topics] == ["massage", "hip"]
    assert verbs(bring(posts)) == {"as it was": 2}  # What was asked for once stays.
    assert verbs(bring(posts, "--make-topics")) == {"changed": 2}
    assert [one.slug for one in rows()["post-1"].topics] == ["hip", "low-back"]
    assert bring(posts, "--topics", "nothing").exit_code == 1


HOSTILE = {
    "laughs.xml": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
    "outside.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
    "none.xml": "Dear all,\n\nsee you.",
    "feed.xml": "<rss><channel><item><title>x</title></item></channel></rss>",
    "short.xml": blog.export(Post(50), Post(51))[:-200],
    "later.xml": blog.export(Post(52), version="7.0"),
    "nul.xml": blog.export(Post(53)).replace("Words", "Wo\0rds"),
    "latin.xml": blog.export(Post(54, "caf\u00e9")).encode("latin-1"),
    "deep.xml": "<rss>" + "<channel>" * 9000,
    "empty.xml": "",
    "wide.txt": b"T\n\n" + b"x" * 3_000_000,
    "bytes.md": b"---\ntitle: \xff\n---\nx",
    "number.md": f"+++\ntitle = 0x{'f' * 4000}\n+++\nx",
    "control.xml": b"\x01" * 18_000_000,
    "laughs.md": "---\na: &a [x]\nb: [*a, *a]\ntitle: B\n---\nx",
}


def test_broken_and_hostile_files_get_a_line_each_and_change_nothing(bring, tmp_path):
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "out.txt").symlink_to("/etc/hostname")
    result = bring({**HOSTILE, "good.txt": "Good\n\nText."})
    assert result.exit_code == 1
    refused = [line for line in result.stdout.splitlines() if line.startswith("✗ posts/")]
    assert {line.split()[1].partition("/")[2] for line in refused} == {*HOSTILE, "out.txt"}
    assert verbs(result) == {"made": 1}
    assert set(rows()) == {"level-hips", "good"}


def test_a_post_that_cannot_be_taken_is_named_and_the_others_are(bring):
    posts = [
        Post(1, "<div>" * 3000 + "x"), Post(2, "x" * 600_001), Post(3, "<!-- nothing -->"),
        Post(4, "[" * 50_000 + "[a " * 9000 + "<a" * 9000), Post(5, "\x0bWords.\x01"),
        Post(6, title="\u202etitle " + "long " * 90, name="x" * 300, creator="y" * 300),
    ]  # fmt: skip
    result = bring({"b.xml": blog.export(*posts)})
    assert result.exit_code == 0, result.output
    assert verbs(result) == {"made": 3, "left": 3}
    assert "left out: 2 control characters" in result.stdout
    assert rows()["post-5"].body_markdown == "Words."
    assert len(rows()["x" * 120].title) <= 200


def test_an_article_is_written_whole_or_not_at_all(bring, monkeypatch):
    terms = [("category", "feet", "Feet")]
    posts = {"b.xml": blog.export(Post(1), Post(2, terms=terms), Post(3))}
    written = import_steps._remember

    def die(step, article, now):
        if article.slug == "post-2":
            raise KeyboardInterrupt
        written(step, article, now)

    monkeypatch.setattr(import_steps, "_remember", die)
    assert bring(posts, "--make-topics").exit_code != 0
    assert set(rows()) == {"level-hips", "post-1"}
    assert count(ArticleSource.article_id) == 1
    assert count(ArticleAddress.path) == 2
    assert count(Topic.id) == 2
    monkeypatch.undo()
    assert verbs(bring(posts, "--make-topics")) == {"as it was": 1, "made": 2}


def count(column) -> int:
    return db.session.scalars(select(func.count(column))).one()


def test_pictures_come_along_when_they_lie_beside(bring, client, tmp_path):
    draw(tmp_path / "posts/uploads/2019/05/foot.png")
    (tmp_path / "posts/uploads/2019/05/torn.png").write_bytes(b"\x89PNG")
    url = "https://willow.example/wp-content/uploads/2019/05"
    post = Post(
        1,
        f'[caption id="a" width="300"]<img src="{url}/foot-300x200.png" /> A *foot*[/caption]\n\n'
        f'Text <img src="{url}/gone.png" alt="A knee"> goes on.\n\n[gallery ids="9,77"]'
        f'<img src="{url}/../../../../etc/passwd" alt="No"> <img src="{url}/torn.png" alt="Torn">',
        more="<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
        "<wp:meta_value>9</wp:meta_value></wp:postmeta>",
    )
    posts = {"b.xml": blog.export(post, blog.picture(9, "2019/05/foot.png", "Ten toes"))}
    dry = bring(posts, "--dry-run")
    assert rows().keys() == {"level-hips"}
    assert db.session.scalars(select(Picture)).all() == []
    result = bring(posts)
    assert dry.stdout == result.stdout + "Nothing was written: this was a dry run.\n"
    assert "2 pictures not beside the export" in result.stdout
    assert result.stdout.count("the picture torn.png was not taken") == 1
    assert f"![Torn]({url}/torn.png)" in rows()["post-1"].body_markdown
    prose = soup(client.get("/read/post-1")).select_one(".prose")
    assert [one["alt"] for one in prose.select("figure img")] == ["Ten toes", "Ten toes"]
    assert prose.figcaption.get_text() == "A *foot*"
    assert rows()["post-1"].picture.alt == "Ten toes"
    assert client.get(prose.img["src"]).status_code == 200
    assert "Text A knee goes on." in prose.get_text()
    transact(lambda: setattr(db.session.scalars(select(Picture)).one(), "alt", "Our own words"))
    post.content += " And more."
    posts = {"b.xml": blog.export(post, blog.picture(9, "2019/05/foot.png", "Ten toes"))}
    assert verbs(bring(posts)) == {"changed": 1}
    assert rows()["post-1"].picture.alt == "Our own words"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_came_in_is_saved_in_the_editor_as_it_is(bring, client, studio, now, tmp_path):
    draw(tmp_path / "posts/foot.png")
    sources = "".join(
        f"\n- title: {'word ' * number} x\n  link: https://a.example/{'y' * number * 7}{gap}"
        for number, gap in zip(range(20, 80), " " * 58 + "  ", strict=True)
    )
    note = "".join(f"\n  line {number}" for number in range(400))
    head = f"---\ntitle: Long\nsources:{sources}\nnote: |{note}\n---\n"
    result = bring({"long.md": head + "![](foot.png)\n\n" + ("word " * 60 + "\n") * 496})
    for said in (
        "of its 60 sources the first 50", "name of a source was longer than 300",
        "a source is none", "the note was longer than 2000", "1 picture without words",
    ):  # fmt: skip
        assert said in result.stdout
    said, path = said_by(rows()["long"]), f"/studio/articles/{rows()['long'].id}"
    sign_in(client, studio.accounts["mara"], now())
    form = filled(soup(client.get(path)).select_one("form.editor"))
    for name in ("body", "author_note"):
        form[name] = form[name].replace("\n", "\r\n")
    answer = client.post(path, data={**form, "press": "save"})
    assert answer.status_code == 303, words(answer)
    assert said_by(rows()["long"]) == said


def test_the_command_imports_one_file_and_again_updates(app, bring, now, tmp_path):
    path = tmp_path / "rolling-ankles.txt"
    path.write_text("Rolling ankles\n\nFirst.\n\nGuest post by Rosa Field")
    assert bring(path, "--topics", "hip").exit_code == 0
    path.write_text("Rolling ankles\n\nSecond.\n\nGuest post by Rosa Field")
    assert verbs(bring(path)) == {"changed": 1}
    article = queries.find("rolling-ankles", now())
    assert (article.author, article.body_markdown) == ("Rosa Field", "Second.")
    assert len(queries.published(now()).articles) == 2
