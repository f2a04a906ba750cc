"""Where does it hurt: the figure, a region's page, and what was chosen on the way to a booking."""

import re
from pathlib import Path

import pytest

from booking.articles import body, body_queries, drawn, operations, sources, views
from booking.articles.body_models import REGIONS, BodyRegion
from booking.articles.drawn import FOLDER
from booking.articles.import_cli import import_articles
from booking.articles.markdown import render, to_html
from booking.catalog.models import Service
from booking.cli import make_manager
from booking.database import db, transact
from booking.demo import offer
from booking.practice import queries as practice
from tests.cast import STAFF
from tests.web.pages import soup, words

MACRO = Path(__file__).parents[2] / "templates" / "_macros" / "body.html"
# Of the form of the piece that the therapist has sent: title, text, a signature, a note.
PIECE = """What  does the outer hip do?

The outer hip carries you.  Each step is a moment on one leg.

A weak one lets the other side drop.

Gues Post by  Rosa Field for

Somebody Else


About A Practice

Many years of moving people."""


@pytest.fixture
def regions(studio, now):
    """The regions that a practice begins with."""
    transact(lambda: body.install(practice.current(), STAFF, now()))
    return studio


def change(key: str, **values: object) -> None:
    def write() -> None:
        row = db.session.scalars(db.select(BodyRegion).filter_by(key=key)).one()
        for name, value in values.items():
            setattr(row, name, value)

    transact(write)


def beside(page) -> list[str]:
    return [one.get_text(strip=True) for one in soup(page).select(".beside h3")]


def test_figure_list_and_texts_know_the_same_regions():
    drawn_here = set(re.findall(r'"([a-z-]+)": \[\s*(?:true|false)', MACRO.read_text()))
    sheet = (MACRO.parents[2] / "static" / "css" / "body.css").read_text()
    assert drawn_here == set(REGIONS)
    assert set(re.findall(r'\.choose:has\(\[href\$="/([a-z-]+)"', sheet)) == set(REGIONS)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_region_begins_with_a_text_and_says_when_to_see_a_doctor(language):
    texts, usual = (body.texts_in(one) for one in (f"{language}_US", "fr_FR"))
    assert set(texts["regions"]) == set(REGIONS)
    assert (texts == usual) == (language == "en")
    for text in texts["regions"].values():
        assert len(text["about"]) > 150
        assert len(text["doctor"]) >= 3
        assert set(text["topics"]) <= set(texts["topics"])


def test_the_page_has_each_region_once_for_the_keyboard_and_once_as_a_list(client, regions):
    page = soup(client.get("/where-does-it-hurt"))
    stops = [one for one in page.select(".side a") if one.get("tabindex") != "-1"]
    assert len(stops) == len({one["href"] for one in stops}) == len(REGIONS)
    assert all(one["aria-label"] for one in stops)
    hidden = [one for one in page.select(".side a") if one.get("tabindex") == "-1"]
    assert hidden
    assert all(one["aria-hidden"] == "true" for one in hidden)
    listed = [one["href"] for one in page.select(".regions a")]
    assert set(listed) == {one["href"] for one in stops}


def test_a_region_says_what_it_may_be_then_the_doctor_then_what_to_read_and_book(client, regions):
    text = words(client.get("/where-does-it-hurt/hip"))
    parts = ["Hip and groin", "Pain at the outer hip", "See a doctor first", "After a fall",
             "What to read", "Level hips", "What you can book", "Next for 60 minutes"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "Level hips" not in beside(client.get("/where-does-it-hurt/hip"))
    chips = soup(client.get("/where-does-it-hurt/hip")).select("main form.chips")
    assert [one["action"] for one in chips] == ["/book?region=hip"] * 2
    assert "What to read" not in words(client.get("/where-does-it-hurt/elbow"))


def test_only_the_services_that_help_are_offered(client, regions):
    def tick() -> None:
        row = db.session.scalars(db.select(BodyRegion).filter_by(key="knee")).one()
        row.services = [db.session.get_one(Service, regions.massage)]

    transact(tick)
    cards = soup(client.get("/where-does-it-hurt/knee")).select(".card h3")
    assert [one.get_text(strip=True) for one in cards] == ["Massage"]


def test_what_is_hidden_or_not_a_region_is_not_there(client, regions):
    change("hip", is_hidden=True)
    page = client.get("/where-does-it-hurt")
    assert "Hip and groin" not in words(page)
    assert not soup(page).select("[href$='/hip']")
    for path in ("/where-does-it-hurt/hip", "/where-does-it-hurt/soul"):
        assert client.get(path).status_code == 404


def test_a_practice_without_the_figure_has_no_way_to_it(client, studio):
    for path in ("/", "/read", "/about"):
        assert "Where does it hurt" not in words(client.get(path))
    assert client.get("/where-does-it-hurt").status_code == 404


def test_the_region_goes_along_to_the_booked_session_and_into_no_mail(client, regions, now):
    now.forward(minutes=1)
    # A newer piece on massage alone would stand before.
    draft = operations.Draft("New", "new", "Text.", "Lena", topics=("massage",), published_at=now())
    transact(operations.save, draft, now())
    assert beside(client.get("/services/massage")) == ["New", "Level hips"]
    assert [titles[0] for titles in beside_each_step(client, regions)] == ["Level hips"] * 3
    db.session.rollback()
    assert not any("region" in repr(row) for row in everything())


def beside_each_step(client, studio) -> list[list[str]]:
    """Book a massage that was chosen through the hip; return what stands beside each page."""
    service = client.get("/services/massage?region=hip")
    form = soup(service).select_one("main form[action^='/book']")
    held = client.post(form["action"], data={
        "option": studio.hour, "start": form.select_one(".time")["value"],
    })  # fmt: skip
    details = client.get(held.location)
    assert held.location.endswith("?region=hip")
    form = soup(details).select_one("form.sheet")
    typed = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    typed |= {"name": "Grace", "email": "grace@example.com", "policy": "y", "option": studio.hour}
    done = client.post(form["action"], data=typed)
    assert done.status_code == 303
    return [beside(page) for page in (service, details, client.get(done.location))]


def everything() -> list:
    """Every row that booking has written, mails among them."""
    names = ("hold", "booking", "outgoing_mail", "person", "audit")
    tables = [one for one in db.metadata.sorted_tables if one.name in names]
    assert len(tables) == len(names)
    return [
        [value for name, value in row._mapping.items() if name != "subject"]
        for table in tables
        for row in db.session.execute(table.select())
        if not str(row._mapping.get("subject", "")).startswith("body")
    ]


def test_a_region_nobody_knows_changes_nothing(client, regions):
    page = client.get("/services/massage?region=<script>").get_data(as_text=True)
    assert "region=" not in page


def test_what_fails_beside_a_page_costs_no_more(client, regions, monkeypatch):
    monkeypatch.setattr(body_queries, "Topic", None)
    monkeypatch.setattr(views, "SQLAlchemyError", AttributeError)
    assert client.get("/services/massage?region=hip").status_code == 200


def test_a_piece_sent_as_plain_text_is_shown_for_hip_and_for_massage(client, regions, tmp_path):
    path = tmp_path / "what-does-the-outer-hip-do.txt"
    path.write_text(PIECE)
    runner = client.application.test_cli_runner()
    done = runner.invoke(import_articles, [str(path), "--topics", "hip,massage"])
    assert done.exit_code == 0, done.output
    title = "What does the outer hip do?"
    assert title in words(client.get("/where-does-it-hurt/hip"))
    assert title in beside(client.get("/kinds/massage"))
    assert all(title in titles for titles in beside_each_step(client, regions))
    # Whom it was written for is nobody's name on the page, and the report says so.
    assert "left out below the author: for Somebody Else" in done.output


def test_a_new_practice_begins_with_our_texts_in_its_language(app):
    runner = app.test_cli_runner()
    words = ["mara@example.com", "--password", "seven umbrellas beside a kettle"]
    assert runner.invoke(make_manager, words).exit_code == 0
    db.session.rollback()
    assert [one.key for one in body_queries.shown()] == list(REGIONS)
    assert practice.current().shows_body


def test_drawings_stand_in_the_page_and_bring_nothing_else():
    html = render(
        'Text.\n\n![A dome <b>](drawing:breath "Below & all.")\n\n![x](drawing:none)'
    ).html
    assert '<svg class="line-drawing" role="img" aria-label="A dome &lt;b&gt;"' in html
    assert "<figcaption>Below &amp; all.</figcaption>" in html
    assert html.count("<svg") == 1
    assert "<img" not in html
    assert "<svg" not in render("\ue0000\ue001").html
    code = render("    ![A dome](drawing:breath)\n\n![B](drawing:breath)").html
    assert (code.count("<svg"), "![A dome](drawing:breath)" in code) == (1, True)
    # Two texts on one page number their notes apart.
    one, two = (to_html(f"{text}[^1]\n\n[^1]: Note.") for text in "ab")
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))
    for name in drawn.drawings():
        text = (FOLDER / f"{name}.svg").read_text()
        assert not re.search(r"<(?!/?(svg|g|path|circle)\b)|style=|on\w+=", text)


ARTICLES = sorted((Path(drawn.__file__).parents[1] / "demo" / "articles").glob("*.md"))


def test_the_demo_has_a_piece_for_each_kind_of_work_and_each_region():
    pieces = [sources.read(path) for path in ARTICLES]
    wanted = [{"massage"}, {"personal-training"}, {"yoga"}, {"pilates"}, {"tai-chi"}, {"qi-gong"}]
    regions = body.texts_in("en_US")["regions"].values()
    for topics in [*wanted, *({one["topics"][0]} for one in regions)]:
        assert any(topics <= set(piece.topics) for piece in pieces), topics
    for piece in pieces:
        assert 300 <= len(piece.body.split()) <= 700, piece.slug
        assert piece.published_at, piece.slug
        assert piece.summary, piece.slug
        assert piece.sources, piece.slug
        assert all(len(one.title) <= 200 for one in piece.sources), piece.slug


def test_what_the_demo_draws_and_gives_to_read_is_there():
    bodies = {piece.slug: piece.body for piece in map(sources.read, ARTICLES)}
    drawn_in = {slug: re.findall(r"\]\(drawing:([a-z-]+)", text) for slug, text in bodies.items()}
    assert {name for names in drawn_in.values() for name in names} == set(drawn.drawings())
    assert drawn_in["gluteus-medius"] == ["single-leg-stance"]
    kinds = {plan.slug for plan in offer.CATEGORIES}
    for given in (offer.READ_BEFORE, offer.READ_AFTER):
        assert set(given) == kinds
        assert set(given.values()) <= set(bodies)
    assert not set(offer.READ_BEFORE.items()) & set(offer.READ_AFTER.items())
    assert set(offer.TIED) <= {service.slug for service in offer.SERVICES}
    assert set(offer.TIED.values()) <= set(bodies)
