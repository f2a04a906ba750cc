"""Finding articles: the same answers in the same order on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from booking.articles import operations, search
from booking.articles.operations import Draft
from booking.cli import index_articles
from booking.database import db, transact
from tests.articles import shelf
from tests.web.pages import soup, words


def found(question: str, now) -> str:
    return " ".join(article.slug for article in search.find(question, now).articles)


def test_questions_find_what_they_should_in_one_order_on_both_engines(app, now):
    """Accents, case, plurals and beginnings in two languages; drafts and planned pieces never."""
    shelf.fill(now())
    assert len(shelf.QUESTIONS) >= 30
    assert {one: found(one, now()) for one in shelf.QUESTIONS} == shelf.QUESTIONS
    now.forward(days=2)
    assert "planned" in found("hip", now())
    transact(db.session.execute, text("DELETE FROM article_term"))
    assert found("hip", now()) == ""
    result = app.test_cli_runner().invoke(index_articles)
    assert result.output == f"{len(shelf.PIECES)} articles can be found by their words.\n"
    now.forward(days=-2)
    db.session.rollback()
    assert {one: found(one, now()) for one in shelf.QUESTIONS} == shelf.QUESTIONS


def test_saving_again_forgets_the_old_words(app, now):
    for title in ("Ankles", "Wrists"):
        draft = Draft(title, "joint", "Text.", "", published_at=now())
        transact(operations.save, draft, now())
    assert (found("ankle", now()), found("wrist", now())) == ("", "joint")


def test_all_results_come_on_one_page_or_another_and_none_twice(app, client, studio, now):
    for number in range(23):
        body = "lantern " * (number % 4 + 1)
        draft = Draft(f"Piece {number}", f"piece-{number}", body, "", published_at=now())
        transact(operations.save, draft, now())
    path, seen = "/read?q=lanterns+zebra", []
    while path:
        page = soup(client.get(path))
        seen += [one["href"] for one in page.select(".teaser h2 a")]
        path = next((one["href"] for one in page.select(".pages a") if one.text == "More"), None)
    assert len(seen) == len(set(seen)) == 23
    for place in ("x", "1-2", "1-1-99999999999", "1-1-1-1", "0-0-0"):
        assert client.get(f"/read?q=lantern&after={place}").status_code == 200


def test_the_page_marks_the_words_and_nothing_else(client, studio, now):
    draft = Draft(
        "Hips <b>&amp; knees", "marked", "Sit on the *hip* <img src=x>. " * 30, "Lena",
        published_at=now(),
    )  # fmt: skip
    transact(operations.save, draft, now())
    page = soup(client.get("/read?q=  HIP+bé+<script>"))
    first = page.select_one("[href='/read/marked']").find_parent("article")
    assert [one.text for one in first.select("h2 mark")] == ["Hips"]
    assert first.h2.text.split() == ["Hips", "<b>&amp;", "knees"]
    assert {one.text for one in first.select("p mark")} == {"hip"}
    assert not page.select(".teaser b, .teaser img, main script")
    assert page.select_one("#q")["value"] == "HIP bé <script>"
    assert page.select_one("[name=robots]")["content"] == "noindex"


@pytest.mark.parametrize("question", ["zebra", "the", "% _ '", "\0", "\ud800", "x" * 5000])
def test_a_question_without_an_answer_says_what_may_help(client, studio, question):
    page = client.get("/read", query_string={"q": question.encode("utf-8", "surrogatepass")})
    assert "Another word may help" in words(page)


def test_older_pieces_are_a_page_further_on(client, studio, now):
    for number in range(27):
        draft = Draft(
            f"Piece {number}", f"piece-{number}", "Text.", "", topics=("hip",) * (number % 2),
            published_at=now() - timedelta(days=number // 3),
        )  # fmt: skip
        transact(operations.save, draft, now())
    for start, count in (("/read", 28), ("/read?topic=hip", 14)):
        path, seen = start, []
        while path:
            page = soup(client.get(path))
            seen += [one["href"] for one in page.select(".teaser h2 a")]
            path = (page.select_one(".pages a[rel=next]") or {}).get("href")
        assert len(seen) == len(set(seen)) == count
    assert len(soup(client.get("/read?after=999999")).select(".teaser")) == 12
