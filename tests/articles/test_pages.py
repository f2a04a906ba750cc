"""Reading: list, page, and what stands beside everything else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from booking.articles import operations, queries, service_queries
from booking.articles.markdown import to_html
from booking.articles.models import Article, Moment, ServiceReading, TopicKind
from booking.articles.operations import Draft
from booking.bookings.links import enrolment_link, make_link
from booking.catalog import queries as catalog
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import at, book, sign_in
from tests.cast_classes import plan_class, take
from tests.web.pages import press, send, soup, words


def publish(now, slug: str, topics: tuple[str, ...] = (), days: int = 0, **more) -> None:
    draft = Draft(
        title=slug.title(), slug=slug, body="Text.", author="Lena", topics=topics,
        published_at=now() - timedelta(days=days), **more,
    )  # fmt: skip
    transact(operations.save, draft, now())


def beside(page) -> list[str]:
    return [" ".join(one.get_text().split()) for one in soup(page).select(".beside h3")]


def test_the_sidebar_shows_what_fits_first_then_what_is_new(client, studio, now):
    publish(now, "newest")
    publish(now, "on-hips", ("hip",), days=9)
    publish(now, "on-massage", ("massage",), days=5)
    publish(now, "older", days=2)
    assert beside(client.get("/services/massage"))[:3] == ["Level hips", "On-Massage", "Newest"]
    # What is tied to the service stands there first of all, and not beside others.
    publish(now, "tied", ("hip",), days=90, services=(studio.massage,))
    assert beside(client.get("/services/massage"))[:2] == ["Tied", "Level hips"]
    assert beside(client.get("/services/training"))[0] == "Newest"


def test_who_comes_back_finds_something_else_and_the_newest_again(client, studio, now):
    """The same for everybody on one day; within days, all that fits has stood there."""
    for number in range(9):
        publish(now, f"no-{number}", ("massage",), days=number + 1)
    seen = []
    for _day in range(3):
        seen.append(beside(client.get("/services/massage")))
        now.forward(hours=9)
        assert beside(client.get("/services/massage")) == seen[-1]
        now.forward(hours=15)
    assert {one[0] for one in seen} == {"Level hips"}
    assert {len(set(one)) for one in seen} == {4}
    assert len({title for one in seen for title in one}) == 10


def test_what_a_page_shows_does_not_stand_beside_it_too(client, studio, now):
    for path in ("/read/level-hips", "/read", "/read?topic=hip"):
        assert beside(client.get(path)) == []
    for number in range(13):
        publish(now, f"no-{number:02}", days=number + 1)
    page = client.get("/read")
    assert (len(listed(page)), beside(page)) == (12, ["No-11", "No-12"])
    assert beside(client.get("/read?topic=hip"))[0] == "No-00"


@pytest.mark.parametrize(
    "path",
    ["/", "/kinds/massage", "/services/massage", "/read?q=zebra", "/about",
     "/practitioners", "/practitioners/lena", "/rooms/room", "/sign-in", "/nothing-here"],
)  # fmt: skip
def test_the_sidebar_stands_on_every_public_page(client, studio, path):
    assert beside(client.get(path)) == ["Level hips"]


def test_drafts_and_planned_pieces_are_not_shown(client, studio, now):
    publish(now, "planned", days=-1)
    transact(operations.save, Draft("Draft", "draft", "Text.", "Lena"), now())
    assert client.get("/read/planned").status_code == 404
    assert client.get("/read/draft").status_code == 404
    assert beside(client.get("/about")) == ["Level hips"]
    now.forward(days=1)
    assert client.get("/read/planned").status_code == 200


def test_the_sidebar_is_one_select_and_every_table_is_asked_by_an_index(app, studio, now):
    practice.current()  # Which every page has read.
    asked = []

    def note(_connection, _cursor, statement, values, *_rest) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    queries.for_page(["massage", "hip"], now(), services=[studio.massage])
    event.remove(db.engine, "before_cursor_execute", note)
    ((statement, values),) = [one for one in asked if one[0] != "BEGIN"]
    if db.engine.dialect.name == "sqlite":  # The other one goes by how many rows there are.
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row.detail for row in plan]
        assert any("ix_article_published" in step for step in steps)
        assert [one for one in steps if re.match("SCAN (?!anon_)", one)] == []


def test_a_sidebar_that_fails_costs_only_the_sidebar(client, studio, monkeypatch):
    def fail(*_args, **_more):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(queries, "for_page", fail)
    page = client.get("/services/massage")
    assert page.status_code == 200
    assert soup(page).select(".time")
    assert beside(page) == []


def listed(page) -> list[str]:
    return [" ".join(one.get_text().split()) for one in soup(page).select(".teaser h2")]


def test_the_list_can_be_narrowed_to_a_topic(client, studio, now):
    publish(now, "other")
    assert set(listed(client.get("/read"))) == {"Other", "Level hips"}
    assert listed(client.get("/read?topic=hip")) == ["Level hips"]
    assert client.get("/read?topic=nothing").status_code == 200


def test_what_a_piece_is_about_can_be_booked_below_it_in_one_press(client, studio, now):
    plan_class(studio, now())
    page = soup(client.get("/read/level-hips"))
    assert [one.text for one in page.select(".book-this h3 a")] == ["Massage"]
    held = send(client, press(page, "Mon 10:00"))
    assert held.location.startswith("/book/")
    transact(operations.ensure_topic, "yoga", "Yoga", TopicKind.WORK)
    publish(now, "on-yoga", ("yoga",))
    page = soup(client.get("/read/on-yoga"))
    assert "Gentle yoga" in page.select_one(".book-this .in-group").text
    publish(now, "on-hips", ("hip",))
    page = soup(client.get("/read/on-hips"))
    assert not page.select(".book-this form")
    assert [one.text.strip() for one in page.select(".book-this a")] == ["Book a session"]


def test_services_that_a_piece_names_come_before_those_of_its_topics(app, studio, now):
    massage, other = sorted(catalog.visible_services(), key=lambda one: one.slug != "massage")[:2]
    with app.test_request_context():
        cards_on = app.jinja_env.globals["cards_on"]
        shown = [card.service.slug for card in cards_on([other.category.slug], [massage])]
        assert shown[:2] == ["massage", other.slug]
        assert cards_on([], []) == []


def test_beside_every_step_of_a_booking_stands_what_fits_it(client, studio, now):
    """On the pages of a class what concerns classes, with a held and a booked massage massage."""
    transact(operations.ensure_topic, "yoga", "Yoga", TopicKind.WORK)
    publish(now, "on-yoga", ("yoga",), days=30)
    publish(now, "on-massage", ("massage",), days=20)
    for number in range(6):
        publish(now, f"else-{number}")
    first = plan_class(studio, now())[0]
    for path in ("/classes", "/classes/gentle-yoga", f"/classes/book/{first}"):
        assert beside(client.get(path))[0] == "On-Yoga"
    on_massage = ["Level hips", "On-Massage"]
    held = send(client, press(soup(client.get("/services/massage")), "10:00"))
    assert beside(client.get(held.location))[:2] == on_massage
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    assert beside(client.get(f"/manage/{make_link(booking)}"))[:2] == on_massage
    sign_in(client, studio.accounts["ada"], now())
    assert beside(client.get("/my/bookings"))[:2] == on_massage
    publish(now, "tied", days=90, services=(studio.massage,))
    assert beside(client.get("/my/bookings"))[0] == "Tied"


def test_below_a_piece_stands_what_fits_best_and_not_beside_it_too(client, studio, now):
    for number in range(7):
        publish(now, f"no-{number}", ("massage",) * (number % 2), days=number)
    page = soup(client.get("/read/level-hips"))
    below = [one.text for one in page.select(".read-next h3 a")]
    aside = [one.text for one in page.select(".beside h3 a")]
    assert (len(below), len(aside)) == (2, 4)
    assert len({"Level hips", *below, *aside}) == 7


def test_a_guest_author_and_their_note_are_shown(client, studio, now):
    publish(now, "guest", is_guest=True, author_note="About us\n\nMany years.")
    page = words(client.get("/read/guest"))
    assert "Guest post by Lena" in page
    assert "Many years." in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/x.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "<iframe src=//elsewhere.example></iframe>",
    ],
)
def test_markdown_brings_nothing_dangerous(text):
    html = to_html(text)
    assert not any(
        mark in html.lower()
        for mark in ("<script", "<img", "<iframe", "<style", 'href="javascript')
    )
    assert 'href="data:' not in html.lower()


def test_what_is_read_before_and_after_a_service_is_published_and_in_order(studio, now):
    for number, slug in enumerate(["second", "planned", "first"]):
        publish(now, slug, days=-1 if slug == "planned" else 0)
        article = db.session.scalars(db.select(Article).where(Article.slug == slug)).one()
        row = ServiceReading(
            service_id=studio.massage, moment=Moment.AFTER, article_id=article.id, position=-number
        )
        transact(db.session.add, row)
    after = service_queries.reading_for(studio.massage, Moment.AFTER, now())
    assert [one.slug for one in after] == ["first", "second"]
    assert service_queries.reading_for(studio.massage, Moment.BEFORE, now()) == []


def test_what_is_read_before_stands_on_the_booked_page_and_not_beside_it_too(client, studio, now):
    publish(now, "planned", ("massage",), days=-1)
    for number in (1, 2):  # What the studio has, and what nobody sees yet.
        row = ServiceReading(service_id=studio.massage, moment=Moment.BEFORE, article_id=number)
        transact(db.session.add, row)
    link = make_link(book(studio.hour, at(10), now(), account="ada", studio=studio))
    page = client.get(f"/manage/{link}")
    before = [one.text for one in soup(page).select(".read-before a")]
    assert (before, beside(page)) == (["Level hips"], [])


def test_what_is_read_before_a_class_stands_where_several_places_were_booked(client, studio, now):
    first = plan_class(studio, now())[0]
    made = take(first, now(), "Grace Hill", "Tom Wexler")
    row = ServiceReading(
        service_id=made.series.service_id, moment=Moment.BEFORE, article_id=1, position=0
    )
    transact(db.session.add, row)
    path = f"/places/{enrolment_link(made)}"
    page = client.get(path)
    before = [one.text for one in soup(page).select(".read-before a")]
    assert (before, beside(page)) == (["Level hips"], [])
    now.forward(days=30)
    assert not soup(client.get(path)).select(".read-before")
