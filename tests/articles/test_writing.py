"""Writing: the editor saves, keeps what is typed, publishes, and loses nothing."""

import io

from sqlalchemy import select

from booking.accounts.models import Audit
from booking.articles import operations, queries, topics, writing_queries
from booking.articles.models import Moment, Topic
from booking.articles.operations import Draft, Source
from booking.catalog.models import ServiceOption
from booking.database import db, transact
from tests.articles.desk import LIST, opened, piece, send, written
from tests.articles.test_pictures import drawing
from tests.cast import STAFF, at, sign_in
from tests.web.pages import filled, soup, words


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
    # A service that rests keeps what is read with it.
    transact(_rest, studio.training)
    assert send(mara, path, "publish").status_code == 303
    assert writing_queries.readings(number) == {(Moment.BEFORE, 1), (Moment.AFTER, 2)}
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


def _rest(option_id: int) -> None:
    db.session.get_one(ServiceOption, option_id).service.is_archived = True


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
    assert "Why ankles roll" in words(mara.get(f"{LIST}?state=planned"))
    assert "Why ankles roll" not in words(mara.get(f"{LIST}?state=published"))
    # To save it with another moment, or by the Enter key in its field, is to plan it anew.
    assert send(mara, path, day="").status_code == 422
    assert send(mara, path, time="09:00").status_code == 303
    assert piece(number).published_at == at(9, day=23)
    stale = opened(mara, path)
    assert send(mara, path, time="08:30").status_code == 303
    assert mara.post(path, data={**stale, "summary": "S."}).status_code == 303
    assert piece(number).published_at == at(8, 30, day=23)
    assert client.get("/read/why-ankles-roll").status_code == 404
    mara.post(f"{path}/archive")
    mara.post(f"{path}/bring-back")
    assert piece(number).published_at == at(8, 30, day=23)
    now.forward(minutes=30)
    assert client.get("/read/why-ankles-roll").status_code == 200


def test_what_was_planned_and_archived_does_not_appear_by_being_brought_back(mara, client, now):
    path = f"{LIST}{written(mara, body='Text.', day='2026-11-23', time='08:30')}"
    mara.post(f"{path}/archive")
    now.forward(minutes=45)
    assert "it is a draft: the time it was planned for" in words(mara.get(path))
    mara.post(f"{path}/bring-back")
    assert client.get("/read/why-ankles-roll").status_code == 404
    assert piece(int(path.rpartition("/")[2])).published_at is None


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
    link = soup(mara.get(path)).select_one(".unsaved .actions a")["href"]
    assert send(mara, link, "publish").status_code == 303
    shown = soup(mara.get("/read/why-ankles-roll")).select_one(".main-picture img")
    assert shown["alt"] == "A field"
    nothing = send(mara, path, "as_main", file=(_file(), "a.png"), alt=" ")
    assert nothing.status_code == 422
    assert "what the picture shows" in soup(nothing).select_one("#alt-error").text
    for bare in (f"![]({shown['src']})", f"![][a]\n\n[a]: {shown['src']}"):
        answer = send(mara, path, body=bare)
        assert "A picture in the text has no words" in words(answer)


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
    mara.post(f"{path}/archive")
    assert guest.get(link).status_code == 404
    mara.post(f"{path}/bring-back")
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
    form = soup(mara.get("/studio/settings/kinds/1")).select_one("main form")
    mara.post("/studio/settings/kinds/1", data={**filled(form), "name": "Bodywork"})
    assert piece(1).topic_words == "Bodywork · Hip"
    mara.post(f"{LIST}topics/{hip}", data={"name": "The hip"})
    assert piece(1).topic_words == "Bodywork · The hip"
    assert mara.post(f"{LIST}topics/{hip}/join", data={"into": other}).status_code == 303
    assert piece(1).topic_words == "Bodywork · Hips"
    assert [one.slug for one in queries.find("both", now()).topics] == ["hips"]
    assert db.session.get(Topic, hip) is None


def test_an_import_leaves_what_the_practice_has_chosen(studio, now):
    mine = Draft("A", "a", "One.", "Lena", sources=(Source("Book"),), services=(1,))
    transact(operations.save, mine, now())
    transact(operations.save, Draft("A", "a", "Two.", "Lena", published_at=now()), now())
    saved = queries.find("a", now())
    assert (saved.body_markdown, saved.sources) == ("Two.", [{"title": "Book", "link": ""}])
    assert [one.id for one in saved.services] == [1]
