"""What is typed into the editor is never lost, and never makes two pieces of one."""

from datetime import timedelta

from booking.articles import drafts
from booking.articles.models import Article, ArticleDraft
from booking.database import db, transact
from tests.articles.desk import LIST, opened, piece, send, written
from tests.web.pages import filled, soup, words

# The account of the studio's manager.
MARA = 5


def test_what_is_typed_is_kept_and_offered_beside_what_is_saved(mara, lena, studio, now):
    number = written(mara, body="Saved.")
    path = f"{LIST}{number}"
    form = opened(mara, path)
    long = "## A\n\n## B\n\n![Dome](drawing:breath)\n\n## C\n\n" + "Word. " * 500
    shown = soup(mara.post(f"{path}/draft", data={**form, "body": long}))
    assert [one["href"] for one in shown.select(".contents a")] == ["#part-a", "#part-b", "#part-c"]
    assert shown.select(".drawn svg")
    kept = mara.post(f"{path}/draft", data={**form, "body": "Typed **so** far."})
    assert "<strong>so</strong>" in kept.get_data(as_text=True)
    page = mara.get(path)
    assert "You have typed something here that is not saved" in words(page)
    assert soup(page).select_one("#body").text.strip() == "Saved."
    assert soup(page).select_one(".unsaved pre").text == "Typed **so** far."
    draft = drafts_of(number)[0].id
    assert lena.get(path).status_code == 404
    assert lena.post(f"{LIST}drafts/{draft}/discard").status_code == 404
    gone_on = opened(mara, f"{path}?draft={draft}")
    assert mara.post(path, data={**gone_on, "press": "save"}).status_code == 303
    assert piece(number).body_markdown == "Typed **so** far."
    assert drafts_of(number) == []
    assert "not saved" not in words(mara.get(path))


def drafts_of(number: int) -> list[ArticleDraft]:
    """What Mara has typed into a piece and not saved, the newest first."""
    return [*drafts.of(MARA, piece(number))]


def test_no_form_writes_over_what_another_one_kept(mara, studio, now):
    number = written(mara, body="Saved.")
    path = f"{LIST}{number}"
    mara.post(f"{path}/draft", data={**opened(mara, path), "body": "Two thousand words."})
    # Opened anew it shows what is saved, and there one letter is typed.
    now.forward(minutes=1)
    beside = opened(mara, path)
    mara.post(f"{path}/draft", data={**beside, "body": "Saved.!", "source_title_0": "A book"})
    offered = soup(mara.get(path)).select(".unsaved")
    assert [one.select_one("pre").text for one in offered] == ["Saved.!", "Two thousand words."]
    # Two go on with the same one: the first takes its place, the second stays beside it.
    first, second = (
        opened(mara, offered[1].select_one(".actions a")["href"]) for _twice in range(2)
    )
    for form, more in ((first, "And more."), (first, "And more of it."), (second, "Or less.")):
        now.forward(minutes=1)
        mara.post(f"{path}/draft", data={**form, "body": more})
    kept = ["Or less.", "And more of it.", "Saved.!"]
    assert [one.typed["body"] for one in drafts_of(number)] == kept
    assert mara.post(path, data={**beside, "body": "Saved.!", "press": "save"}).status_code == 303
    assert [one.typed["body"] for one in drafts_of(number)] == kept[:2]
    # What is typed beside the text counts as much.
    mara.post(f"{path}/draft", data={**opened(mara, path), "source_title_0": "A book"})
    assert len(soup(mara.get(path)).select(".unsaved")) == 3


def test_a_press_that_comes_twice_makes_one_piece(mara, studio, monkeypatch):
    form = {**opened(mara, LIST + "new"), "title": "Feet", "body": "Two.", "press": "publish"}
    path = mara.post(LIST + "new", data=form).location
    number = int(path.rpartition("/")[2])
    assert mara.post(LIST + "new", data=form).location == path
    with monkeypatch.context() as both_at_once:
        both_at_once.setattr(drafts, "written", lambda *_asked: None)
        assert mara.post(LIST + "new", data=form).location == path
    assert drafts_of(number) == []
    assert "Begun and not saved" not in words(mara.get(LIST))
    # Gone back to, the form goes on with the piece it has become.
    mara.post(LIST + "new/draft", data={**form, "body": "Two and"})
    (since,) = drafts_of(number)
    again = mara.get(f"{LIST}new?draft={since.id}")
    assert (again.location, since.typed["body"]) == (f"{path}?draft={since.id}", "Two and")
    assert mara.post(LIST + "new", data={**form, "body": "Two and a half."}).location == path
    assert piece(number).body_markdown == "Two and a half."
    assert [one.title for one in db.session.query(Article).order_by(Article.id)][1:] == ["Feet"]
    assert (drafts_of(number), drafts.begun(MARA)) == ([], [])


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


def test_what_was_left_long_ago_makes_room_and_nothing_else_does(studio, now):
    for number in range(drafts.MOST_BEGUN + 2):
        days = drafts.LEFT_ALONE if number else -timedelta(seconds=1)
        transact(
            drafts.keep, studio.accounts["lena"], f"new-{number}", None, {"title": str(number)},
            now() + days + timedelta(seconds=number),
        )  # fmt: skip
    kept = drafts.begun(studio.accounts["lena"])
    assert [one.typed["title"] for one in kept] == [str(one) for one in range(21, 0, -1)]
