"""Articles from files: plain text as people send it, Markdown with front matter."""

import pytest

from booking.articles.sources import (
    SourceError,
    from_markdown,
    from_plain_text,
    read,
    slug_of,
    summary_of,
)

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


def test_title_and_paragraphs_come_out_right():
    draft = from_plain_text(SENT_BY_MAIL, "why-do-ankles-roll")
    assert draft.title == "Why do Ankles Roll?"
    assert draft.slug == "why-do-ankles-roll"
    first, second = draft.body.split("\n\n")
    assert first.startswith("The ankle rolls over the outer edge of the foot. It happens on a kerb")
    assert first.endswith("somebody else's foot. Most of the time it heals.")
    assert second == "What helps is standing on one leg \\* every day."


def test_a_guest_author_is_named_even_when_the_word_is_misspelt():
    draft = from_plain_text(SENT_BY_MAIL, "x")
    assert (draft.author, draft.is_guest) == ("Rosa Field", True)


def test_the_note_on_the_practice_stands_apart():
    draft = from_plain_text(SENT_BY_MAIL, "x")
    assert draft.author_note == (
        "About Willow Street Practice\n\n"
        "We have worked with feet for many years. And with what stands on them."
    )
    assert "Willow" not in draft.body


def test_a_text_without_a_guest_keeps_all_its_paragraphs():
    draft = from_plain_text("Title\n\nOne.\n\nTwo.\n", "x")
    assert (draft.body, draft.author, draft.is_guest) == ("One.\n\nTwo.", "", False)


@pytest.mark.parametrize("text", ["", "\n\n", "Only a title", "Title\n\nGuest post by A"])
def test_what_is_no_article_is_refused(text):
    with pytest.raises(SourceError):
        from_plain_text(text, "x")


def test_a_summary_ends_with_a_sentence():
    assert summary_of("One. " * 50) == "One. " * 31 + "One."
    assert len(summary_of("word " * 50)) <= 162


def test_front_matter_may_hold_colons_and_commas():
    draft = from_markdown(
        "---\ntitle: Hips: a guide\nsummary: One, two: three.\ntopics: hip, massage\n"
        "published: 2026-11-01\nguest: yes\nauthor: R. Field\n---\nBody.\n",
        "hips",
    )
    assert draft.title == "Hips: a guide"
    assert draft.summary == "One, two: three."
    assert draft.topics == ("hip", "massage")
    assert (draft.slug, draft.is_guest, draft.body) == ("hips", True, "Body.")
    assert draft.published_at.date().isoformat() == "2026-11-01"


@pytest.mark.parametrize(
    "text",
    ["Body.", "---\ntitle: A\n---\n", "---\n---\nBody.", "---\ntitle: A\npublished: soon\n---\nB"],
)
def test_markdown_that_is_no_article_is_refused(text):
    with pytest.raises(SourceError):
        from_markdown(text, "x")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="UTF-8"):
        read(path)


def test_slugs_are_plain():
    assert slug_of("Où est la hanche?") == "ou-est-la-hanche"
    assert slug_of("???") == "article"
