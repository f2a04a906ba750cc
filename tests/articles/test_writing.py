"""Writing: the editor saves, keeps what is typed, publishes, and loses nothing."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.accounts.models import Audit
from booking.articles import drafts, operations, queries, topics, writing_queries
from booking.articles.models import Article, ArticleDraft, Moment, Topic, TopicKind
from booking.articles.operations import Draft, Source
from booking.database import db, transact
from tests.articles.test_pictures import drawing
from tests.cast import STAFF, at, sign_in
from tests.web.pages import filled, soup, words

LIST = "/studio/articles/"


@pytest.fixture
def mara(client, studio, now):
    sign_in(client, studio.accounts["mara"], now())
    return client


@pytest.fixture
def lena(app, studio, now):
    client = app.test_client()
    sign_in(client, studio.accounts["lena"], now())
    return client


def send(client, path: str, press: str = "save", /, **typed):
    """Send the editor's form of a page as a browser would, with what is typed into it."""
    form = soup(client.get(path)).select_one("form.editor")
    data = {**filled(form), "press": press, **typed}
    return client.post(form["action"], data={k: v for k, v in data.items() if v is not None})


def written(client, **typed) -> int:
    answer = send(client, LIST + "new", **{"title": "Why ankles roll", **typed})
    assert answer.status_code == 303, words(answer)
    return int(answer.location.partition("#")[0].rpartition("/")[2])


def piece(article_id: int) -> Article:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Article, article_id)


def test_a_piece_is_written_published_archived_and_brought_back(mara, client, studio, now):
    number = written(
        mara, summary="Ankles.", body="# Why\n\nThey **roll**.", author="Rosa", is_guest="y",
        topic_2="y", kind_2="y", service_1="y", before_1="y", after_2="y",
        source_title_0="A study", source_link_0="https://example.org/a", source_title_1="A book",
    )  # fmt: skip
    saved = piece(number)
    assert (saved.slug, saved.author, saved.is_guest) == ("why-ankles-roll", "Rosa", True)
    assert [one.slug for one in saved.topics] == ["hip", "personal-training"]
    assert [one.id for one in saved.services] == [1]
    assert saved.sources[1] == {"title": "A book", "link": ""}
    assert writing_queries.readings(number) == {(Moment.BEFORE, 1), (Moment.AFTER, 2)}
    assert queries.find("why-ankles-roll", now()) is None
    path = f"{LIST}{number}"
    assert send(mara, path, "publish").status_code == 303
    page = client.get("/read/why-ankles-roll")
    assert "They roll . Sources A study A book" in words(page)
    assert soup(page).select_one('a[href="https://example.org/a"]')["rel"] == ["noreferrer"]
    assert "stays as it is, since people have kept it" in words(mara.get(path))
    assert send(mara, path, slug="other", title="Ankles").status_code == 303
    since = piece(number).published_at
    mara.post(f"{path}/archive")
    assert client.get("/read/why-ankles-roll").status_code == 404
    assert "Ankles" in words(mara.get(f"{LIST}?state=archived"))
    assert "Ankles" not in words(mara.get(LIST))
    now.forward(days=1)
    sign_in(mara, studio.accounts["mara"], now())
    mara.post(f"{path}/bring-back")
    assert piece(number).published_at == since
    assert client.get("/read/why-ankles-roll").status_code == 200
    trail = select(Audit.action).where(Audit.subject == f"article:{number}").order_by(Audit.id)
    actions = db.session.scalars(trail).all()
    assert actions == [
        "article_written", "article_changed", "article_published", "article_changed",
        "article_archived", "brought_back",
    ]  # fmt: skip


def test_it_is_planned_for_a_moment_and_published_by_itself(mara, client, now):
    number = written(mara)
    path = f"{LIST}{number}"
    assert send(mara, path, "publish").status_code == 422  # There is no text yet.
    assert send(mara, path, "plan", body="Text.").status_code == 422
    past = send(mara, path, "plan", body="Text.", day="2026-11-22", time="10:00")
    assert "This time has passed" in words(past)
    assert send(
        mara, path, "plan", body="Text.", day="2026-11-23", time="08:30"
    ).status_code == 303  # fmt: skip
    assert piece(number).published_at == at(8, 30, day=23)
    assert "Planned" in words(mara.get(path))
    assert client.get("/read/why-ankles-roll").status_code == 404
    now.forward(minutes=30)
    assert client.get("/read/why-ankles-roll").status_code == 200


def test_what_is_typed_is_kept_and_offered_beside_what_is_saved(mara, lena, studio, now):
    number = written(mara, body="Saved.")
    path = f"{LIST}{number}"
    form = filled(soup(mara.get(path)).select_one("form.editor"))
    kept = mara.post(f"{path}/draft", data={**form, "body": "Typed **so** far."})
    assert "<strong>so</strong>" in kept.get_data(as_text=True)
    page = mara.get(path)
    assert "You have typed something here that is not saved" in words(page)
    assert soup(page).select_one("#body").text.strip() == "Saved."
    assert soup(page).select_one("#unsaved pre").text == "Typed **so** far."
    draft = db.session.query(ArticleDraft).one().id
    assert lena.get(path).status_code == 404
    assert lena.post(f"{LIST}drafts/{draft}/discard").status_code == 404
    gone_on = soup(mara.get(f"{path}?draft={draft}")).select_one("form.editor")
    assert mara.post(path, data={**filled(gone_on), "press": "save"}).status_code == 303
    assert piece(number).body_markdown == "Typed **so** far."
    assert db.session.query(ArticleDraft).count() == 0
    assert "not saved" not in words(mara.get(path))


def test_without_scripts_a_press_keeps_it_too_and_a_wrong_form_loses_nothing(mara):
    shown = send(mara, LIST + "new", "preview", title="Begun", body="## Part\n\nof it")
    assert soup(shown).select_one(".shown h2 + p, .shown .notice")
    assert soup(shown).select_one(".sheet-of-paper .prose h2").text == "Part"
    assert soup(shown).select_one("#title")["value"] == "Begun"
    wrong = send(mara, LIST + "new", title="", body="Words", source_link_0="javascript:alert(1)")
    assert wrong.status_code == 422
    assert soup(wrong).select_one("#source_link_0-error")
    listed = soup(mara.get(LIST)).select(".begun .entry-name a")
    assert [one.text for one in listed] == ["Without a title", "Begun"]
    opened = soup(mara.get(listed[1]["href"])).select_one("form.editor")
    assert filled(opened)["body"] == "## Part\n\nof it"
    assert mara.post(opened["action"], data={**filled(opened), "press": "save"}).status_code == 303
    assert [one.text for one in soup(mara.get(LIST)).select(".begun .entry-name a")] == [
        "Without a title"
    ]


def test_of_two_who_save_the_second_sees_both(mara, lena, studio, now):
    number = written(lena, body="First.")
    path = f"{LIST}{number}"
    early = filled(soup(mara.get(path)).select_one("form.editor"))
    assert send(lena, path, body="Lena's.").status_code == 303
    answer = mara.post(path, data={**early, "body": "Mara's.", "press": "save"})
    assert answer.status_code == 409
    page = soup(answer)
    assert page.select_one("#body-theirs pre").text == "Lena's."
    assert page.select_one("#body").text.strip() == "Mara's."
    again = filled(page.select_one("form.editor"))
    assert mara.post(path, data={**again, "press": "save"}).status_code == 303
    assert piece(number).body_markdown == "Mara's."


def test_every_text_is_kept_and_can_count_again(mara):
    number = written(mara, body="One.")
    path = f"{LIST}{number}"
    send(mara, path, body="Two.")
    send(mara, path, author="Somebody")  # The text is the same.
    assert "Version 3" not in words(mara.get(f"{path}/versions"))
    assert "One." in words(mara.get(f"{path}/versions/1"))
    mara.post(f"{path}/versions/1/restore")
    assert piece(number).body_markdown == "One."
    assert [one.body_markdown for one in writing_queries.versions(number)] == [
        "One.",
        "Two.",
        "One.",
    ]
    assert mara.get(f"{path}/versions/9").status_code == 404


def test_a_picture_goes_into_the_text_where_one_writes_or_above_it(mara):
    number = written(mara, body="Before.\n\nAfter.")
    path = f"{LIST}{number}"
    file = {"file": (_file(), "a.png"), "alt": "A [green] field"}
    shown = send(mara, path, "into_text", cursor="8", **file)
    body = filled(soup(shown).select_one("form.editor"))["body"].replace("\r\n", "\n")
    before, line, after = body.split("\n\n")
    assert (before, after) == ("Before.", "After.")
    assert line.startswith("![A (green) field](/pictures/")
    send(mara, path, "as_main", file=(_file(), "a.png"), alt="A field")
    draft = soup(mara.get(f"{path}?draft=1")).select_one("form.editor")
    assert mara.post(path, data={**filled(draft), "press": "publish"}).status_code == 303
    shown = soup(mara.get("/read/why-ankles-roll")).select_one(".main-picture img")
    assert shown["alt"] == "A field"
    nothing = send(mara, path, "as_main", file=(_file(), "a.png"), alt=" ")
    assert nothing.status_code == 422
    assert "what the picture shows" in soup(nothing).select_one("#alt-error").text
    bare = send(mara, path, body=f"![]({shown['src']})")
    assert "A picture in the text has no words" in words(bare)


def _file() -> io.BytesIO:
    return io.BytesIO(drawing())


def test_a_guest_sees_a_draft_by_a_link_until_it_ends(mara, app, now):
    number = written(mara, body="Secret **so** far.")
    path = f"{LIST}{number}"
    mara.post(f"{path}/links")
    link = soup(mara.get(path)).select_one(".copied")["value"].removeprefix("http://localhost")
    guest = app.test_client()
    page = guest.get(link)
    assert "Secret so far." in words(page)
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert piece(number).published_at is None
    assert guest.get(link + "x").status_code == 404
    now.forward(days=14)
    assert guest.get(link).status_code == 404
    now.forward(days=-14)
    assert guest.get(link).status_code == 200
    mara.post(f"{path}/links/1/end")
    assert guest.get(link).status_code == 404


def test_the_list_finds_by_title_and_practitioners_see_their_own(mara, lena):
    for title in ("Élan im Rücken", "Feet"):
        written(mara, title=title)
    written(lena, title="Lena's feet")
    assert titles(mara.get(f"{LIST}?q=RUCKEN+elan")) == ["Élan im Rücken"]
    assert titles(mara.get(f"{LIST}?state=draft&q=feet")) == ["Lena's feet", "Feet"]
    assert titles(lena.get(LIST)) == ["Lena's feet"]
    assert titles(mara.get(f"{LIST}?state=published")) == ["Level hips"]


def titles(page) -> list[str]:
    return [one.text for one in soup(page).select(".pieces .entry-name a")]


def test_an_address_is_nobody_else_s_and_never_another_page(mara):
    one, two = written(mara), written(mara)
    assert [piece(one).slug, piece(two).slug] == ["why-ankles-roll", "why-ankles-roll-2"]
    assert send(mara, f"{LIST}{two}", slug="Why ankles roll").status_code == 422
    assert send(mara, f"{LIST}{two}", slug="preview").status_code == 422
    assert send(mara, f"{LIST}{two}", slug="Other Feet!").status_code == 303
    assert piece(two).slug == "other-feet"


def test_topics_are_called_otherwise_and_joined(mara, studio, now):
    hip = db.session.query(Topic).filter_by(slug="hip").one().id
    transact(topics.add, "Hips", STAFF, now())
    other = db.session.query(Topic).filter_by(slug="hips").one().id
    both = Draft("Both", "both", "Text.", "Lena", topics=("hip", "hips"), published_at=now())
    transact(operations.save, both, now())
    assert mara.post(f"{LIST}topics", data={"name": "HIP"}).status_code == 422
    mara.post(f"{LIST}topics/{hip}", data={"name": "The hip"})
    assert piece(1).topic_words == "Massage · The hip"
    assert mara.post(f"{LIST}topics/{hip}/join", data={"into": other}).status_code == 303
    assert piece(1).topic_words == "Massage · Hips"
    assert [one.slug for one in queries.find("both", now()).topics] == ["hips"]
    assert db.session.get(Topic, hip) is None


def test_an_import_leaves_what_the_practice_has_chosen(studio, now):
    mine = Draft("A", "a", "One.", "Lena", sources=(Source("Book"),), services=(1,))
    transact(operations.save, mine, now())
    transact(operations.save, Draft("A", "a", "Two.", "Lena", published_at=now()), now())
    saved = queries.find("a", now())
    assert (saved.body_markdown, saved.sources) == ("Two.", [{"title": "Book", "link": ""}])
    assert [one.id for one in saved.services] == [1]


def test_begun_pieces_are_kept_for_a_while_but_not_without_end(studio, now):
    for number in range(drafts.MOST_BEGUN + 2):
        transact(
            drafts.keep, studio.accounts["lena"], f"new-{number}", None, {"title": str(number)},
            now() + timedelta(seconds=number),
        )  # fmt: skip
    kept = drafts.begun(studio.accounts["lena"])
    assert len(kept) == drafts.MOST_BEGUN
    assert kept[0].typed["title"] == str(drafts.MOST_BEGUN + 1)
    assert operations.ensure_topic("hip", "Hip", TopicKind.BODY).name == "Hip"
