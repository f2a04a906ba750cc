"""Articles from files: plain text as people send it, Markdown with front matter."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from booking.articles.sources import SourceError, Told, read
from booking.articles.sources.dates import instant
from booking.articles.sources.files import members
from booking.articles.sources.found import Wish, escape, slug_of, summary_of
from booking.articles.sources.front_matter import from_markdown
from booking.articles.sources.markdown_pictures import beside
from booking.articles.sources.plain_text import from_plain_text
from booking.articles.sources.wordpress import from_wordpress
from tests.articles.blog import Post, export

NEW_YORK = ZoneInfo("America/New_York")
TOLD = Told(NEW_YORK, datetime(2026, 11, 23, 13, tzinfo=UTC))

SENT_BY_MAIL = """\
Why  do Ankles Roll?

The ankle rolls over the outer edge of the foot.  It happens on a kerb, in a hole in
the lawn, or on somebody else's foot. Most of the time it heals.

What helps is standing on one leg * every day.

Gues Post by  Rosa Field for

Willow Street Practice


About Willow Street Practice

We have worked with feet for many years.
And with what stands on them."""


def markdown(head: str, body: str = "Body.", name: str = "hips.md"):
    return from_markdown(f"---\n{head}\n---\n{body}\n", Path("/posts") / name, TOLD)


def test_a_text_sent_by_mail_comes_out_right():
    found = from_plain_text(SENT_BY_MAIL, "why-do-ankles-roll")
    draft = found.draft
    assert (draft.title, draft.slug) == ("Why do Ankles Roll?", "why-do-ankles-roll")
    first, second = draft.body.split("\n\n")
    assert first.startswith("The ankle rolls over the outer edge of the foot. It happens on a kerb")
    assert first.endswith("somebody else's foot. Most of the time it heals.")
    assert second == "What helps is standing on one leg \\* every day."
    assert (draft.author, draft.is_guest) == ("Rosa Field", True)
    assert draft.author_note == (
        "About Willow Street Practice\n\n"
        "We have worked with feet for many years. And with what stands on them."
    )
    assert found.notes == ["left out below the author: for Willow Street Practice"]


def test_a_text_without_a_guest_keeps_all_its_paragraphs():
    found = from_plain_text("Title\n\nOne.\n\n1. Two\n- three\n", "x")
    draft = found.draft
    assert (draft.body, draft.author, draft.is_guest) == ("One.\n\n1\\. Two - three", "", False)
    assert found.notes == []


@pytest.mark.parametrize("text", ["", "\n\n", "Only a title", "Title\n\nGuest post by A"])
def test_what_is_no_article_is_refused(text):
    with pytest.raises(SourceError):
        from_plain_text(text, "x")


def test_a_summary_ends_with_a_sentence():
    assert summary_of("One. " * 50) == "One. " * 31 + "One."
    assert len(summary_of("word " * 50)) <= 162


def test_front_matter_may_hold_colons_and_commas():
    found = markdown(
        "title: Hips: a guide\nsummary: One, two: three.\ntopics: hip, massage\n"
        "published: 2026-11-01\nguest: yes\nauthor: R. Field"
    )
    draft = found.draft
    assert (draft.title, draft.summary) == ("Hips: a guide", "One, two: three.")
    assert [wish.slug for wish in found.wishes] == ["hip", "massage"]
    assert (draft.slug, draft.is_guest, draft.body) == ("hips", True, "Body.")
    assert draft.published_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_what_hugo_and_jekyll_write_is_understood():
    found = markdown(
        'title: "No: 1.10"\ndate: 2019-05-01 09:30:00 -0400\ntags: [low back, Feet]\n'
        "categories:\n  - Knees\naliases:\n  - /old/one/\n  - two\ndescription: >\n  Of\n  knees.",
        "# No: 1.10\n\n{{< youtube x >}}\nText<!--more--> goes on.",
        "2019-04-30-stiff-knees.md",
    )
    draft = found.draft
    assert (draft.title, draft.slug, draft.summary) == ("No: 1.10", "stiff-knees", "Of knees.")
    assert draft.published_at == datetime(2019, 5, 1, 13, 30, tzinfo=UTC)
    assert found.wishes == [
        Wish("Knees", "knees"), Wish("low back", "low-back"), Wish("Feet", "feet"),
    ]  # fmt: skip
    assert found.addresses == ["/old/one/", "/two", "/knees/2019/04/30/stiff-knees.html"]
    assert draft.body == "Text goes on."
    assert found.notes == ["left out: 2 instructions to the old site"]


def test_other_heads_and_no_head_at_all():
    toml = from_markdown(
        '+++\ntitle = "T"\ndate = 2019-05-01T10:00:00Z\ndraft = true\n+++\nB', Path("a.md"), TOLD
    )
    assert (toml.draft.title, toml.draft.published_at, toml.dated) == ("T", None, True)
    bare = from_markdown("# Feet #\n\nSome *words*.", Path("/x/strong-feet/index.md"), TOLD)
    assert (bare.draft.title, bare.draft.slug, bare.dated) == ("Feet", "strong-feet", False)
    assert (bare.draft.body, bare.draft.summary) == ("Some *words*.", "Some words.")


LAUGHS = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ntitle: *c"


@pytest.mark.parametrize(
    "text",
    [
        "Body.", "---\ntitle: A\n---\n", "---\n---\nBody.", "---\ntitle: A\nBody.", "",
        "---\ntitle: A\npublished: soon\n---\nB", f"---\n{LAUGHS}\n---\nB",
        "---\ntitle: {a: b}\n---\nB", "---\ntitle: [[[[" + "[" * 400 + "\n---\nB",
        "---\ntitle: A\n  - b: : c\n---\nB", "---\n- a\n- b\n---\nB", "+++\nx = [\n+++\nB",
        "---\ntitle: A\n---\n" + "x" * 200_001, "---\ntitle: A\nx: " + "y" * 60_001 + "\n---\nB",
    ],
    ids=range(14),
)  # fmt: skip
def test_markdown_that_is_no_article_is_refused(text):
    with pytest.raises(SourceError):
        from_markdown(text, Path("x.md"), TOLD)


def test_a_head_makes_nothing_but_words():
    draft = markdown(
        'title: !!python/object/apply:os.system ["echo"]\nauthor: "a\\0\\u202Eb"'
    ).draft
    assert (draft.title, draft.author) == ("echo", "ab")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("2019-5-1", datetime(2019, 5, 1, 12, tzinfo=UTC)),
        ("2019-05-01T10:00", datetime(2019, 5, 1, 14, tzinfo=UTC)),
        ("2019-05-01 10:00:00 UTC", datetime(2019, 5, 1, 10, tzinfo=UTC)),
        ("2019-05-01T10:00:00.250+02:00", datetime(2019, 5, 1, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-08 02:30:00", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # A skipped hour.
        ("0000-00-00 00:00:00", None), ("2019-02-30", None), ("1970-01-01", None),
        ("2099-01-01", None), ("9999-12-31T23:59:59-14:00", None), ("soon", None),
    ],
)  # fmt: skip
def test_dates_as_others_write_them(typed, wanted):
    assert instant(typed, NEW_YORK, TOLD.now) == wanted


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_each_version_of_a_blogs_export_is_read_alike(tmp_path, version):
    """The first had no list of authors, called tags otherwise, and named each topic twice."""
    is_first = version == "1.0"
    terms = [("tag" if is_first else "post_tag", "hip", "Hip")] + [("", "", "Hip")] * is_first
    post = Post(1, "<p>Of <em>hips</em>.</p>", excerpt="Short.", terms=terms)
    text = export(post, version=version)
    if is_first:
        text = re.sub("<wp:author>.*?</wp:author>", "", text, flags=re.DOTALL)
    (tmp_path / "blog.xml").write_text(text)
    (found,) = from_wordpress(tmp_path / "blog.xml", TOLD).found
    assert (found.draft.slug, found.draft.body) == ("post-1", "Of *hips*.")
    assert found.draft.summary == "Short."
    assert found.draft.author == ("rosa" if is_first else "Rosa Field")
    assert {wish.name for wish in found.wishes} == {"Hip"}
    assert found.draft.published_at == datetime(2019, 5, 1, 14, tzinfo=UTC)
    assert "https://willow.example/2019/05/post-1/" in found.addresses


def test_files_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "a.txt"
    for content, why in [
        (b"Title\n\n\xff\xfe", "UTF-8"), (b"Title\n\nText\0", "NUL"), (b"x" * 3_000_000, "2 MB"),
    ]:  # fmt: skip
        path.write_bytes(content)
        with pytest.raises(SourceError, match=why):
            read(path)


def test_nothing_outside_the_folder_is_read(tmp_path):
    (tmp_path / "secret.txt").write_text("Secret\n\nText.")
    folder = tmp_path / "posts"
    (folder / "below").mkdir(parents=True)
    (folder / ".hidden.txt").write_text("x")
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "b.txt").write_text("B\n\nText.")
    (folder / "c.md").symlink_to(folder / "b.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "below" / "photo.png").write_text("x")
    (folder / "static").symlink_to(tmp_path)
    (tmp_path / "photo.png").write_text("x")
    near = beside(folder / "a.md", replace(TOLD, root=folder))
    assert near.find("/below/photo.png") is not None
    assert near.find("/photo.png") is None
    assert [(one.name, bool(one.fault)) for one in members(folder)] == [
        ("static", True), ("up", True), ("a.txt", True), ("b.txt", False), ("c.md", False),
    ]  # fmt: skip


def test_only_what_means_something_is_escaped():
    assert escape("a_b & c < d [sic] #1") == "a_b & c < d [sic] #1"
    assert escape("1. [x](y) _z_ <b> &lt;") == "1\\. [x\\](y) \\_z\\_ \\<b> \\&lt;"


def test_slugs_are_plain():
    assert slug_of("Où est la hanche?") == "ou-est-la-hanche"
    assert slug_of("???") == "article"
