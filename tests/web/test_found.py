"""What others may find: robots.txt, the sitemap, canonical addresses, and what asks not to be."""

import time
from datetime import timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import update

from booking import FOUND
from booking.accounts.access_rules import RULES, Who
from booking.articles import operations
from booking.articles.operations import Draft
from booking.catalog.models import Audience, Service
from booking.database import db, transact
from tests.cast import sign_in
from tests.cast_classes import plan_class
from tests.web.pages import soup

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# Pages for everybody that are of no use to who searches: each new page is decided on here.
NOT_FOUND = {
    "scheduling.month", "scheduling.openings", "bookings.class_details", "bookings.term",
    "bookings.wish",
    "accounts.sign_in", "accounts.sign_up", "accounts.forgotten",
}  # fmt: skip
FILES = {
    "articles.picture",
    "static",
    "house.look",
    "house.logo",
    "found.robots",
    "found.sitemap",
    "articles.feed",
}


def test_every_page_is_found_or_asks_not_to_be_and_none_is_both(app, client):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").get_data(as_text=True).splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods:
            continue
        name, line = rule.endpoint, RULES[rule.endpoint]
        is_public = line.who is Who.EVERYONE and line.owner is None and "<signed:" not in rule.rule
        is_open = robots.can_fetch("*", "http://localhost" + rule.rule)
        if name in FOUND or name in FILES:
            assert is_public, name
            assert is_open, name
        elif is_public:
            assert name in NOT_FOUND, name
        elif name not in {"accounts.open_link", "accounts.new_password"}:  # Below a page that is.
            assert not is_open, name


def addresses(client) -> dict[str, str]:
    """Return when each page of the sitemap last changed, by its address."""
    root = ET.fromstring(client.get("/sitemap.xml").data)
    return {
        str(url.findtext(f"{SITEMAP}loc")): url.findtext(f"{SITEMAP}lastmod") or ""
        for url in root.iter(f"{SITEMAP}url")
    }


def test_the_sitemap_lists_what_can_be_seen_each_by_its_one_address(client, studio, now):
    plan_class(studio, now())
    transact(operations.save, Draft("Draft", "draft", "Text.", "Lena"), now())
    listed = addresses(client)
    assert listed["http://localhost/read/level-hips"] == now().isoformat()
    assert {"http://localhost/", "http://localhost/classes/gentle-yoga"} <= set(listed)
    assert "http://localhost/read/draft" not in listed
    for address in listed:
        answer = client.get(address)
        page = soup(answer)
        assert page.select_one("[rel=canonical]")["href"] == address
        assert page.select_one("[property='og:url']")["content"] == address
        assert page.select_one("[property='og:title']")["content"].strip()
        assert page.select_one("[name=description]")["content"].strip(), address
        assert not page.select("[name=robots]")
        assert "X-Robots-Tag" not in answer.headers


@pytest.mark.parametrize(
    "values", [{"is_hidden": True}, {"audience": Audience.INVITED}, {"is_archived": True}]
)
def test_what_not_everybody_may_book_is_not_listed(client, studio, values):
    transact(_change, studio.massage, values)
    assert "http://localhost/services/massage" not in addresses(client)
    page = soup(client.get("/services/massage"))
    assert page.select_one("[name=robots]")["content"] == "noindex"
    assert not page.select("[rel=canonical]")


def _change(service_id: int, values: dict) -> None:
    db.session.execute(update(Service).where(Service.id == service_id).values(**values))


def test_one_page_has_one_address_whatever_stands_behind_it(client, studio):
    for asked, meant in (
        ("/read/level-hips?utm_source=letter", "/read/level-hips"),
        ("/services/massage?option=2&day=2026-11-25", "/services/massage"),
        ("/read?topic=hip&x=1", "/read?topic=hip"),
    ):
        page = soup(client.get(asked, headers={"Host": "localhost"}))
        assert page.select_one("[rel=canonical]")["href"] == "http://localhost" + meant


def test_a_list_behind_a_piece_that_is_not_ours_is_not_listed(client, studio, now):
    """Whatever one types behind `after` would be one more page of ours, without an end."""
    planned = Draft("Planned", "planned", "T.", "Lena", published_at=now() + timedelta(days=1))
    transact(operations.save, planned, now())
    for after in ("abc", "0", "999999", "01", "+1", "2", "1&topic=zebra"):
        page = soup(client.get(f"/read?after={after}"))
        assert page.select_one("[name=robots]")["content"] == "noindex", after
    for meant in ("/read?after=1", "/read?topic=hip&after=1"):
        page = soup(client.get(meant, headers={"Host": "localhost"}))
        assert page.select_one("[rel=canonical]")["href"] == "http://localhost" + meant


@pytest.mark.parametrize(
    ("name", "path"),
    [(None, "/sign-in"), (None, "/nothing"), (None, "/read?q=hip"), (None, "/read?topic=zebra"),
     ("ada", "/my/bookings"), ("ada", "/account"), ("lena", "/studio/")],
)  # fmt: skip
def test_other_pages_ask_not_to_be_listed(client, studio, now, name, path):
    if name:
        sign_in(client, studio.accounts[name], now())
    answer = client.get(path)
    assert soup(answer).select_one("[name=robots]")["content"] == "noindex"
    assert "?" in path or answer.headers["X-Robots-Tag"] == "noindex"


def test_a_signed_out_browser_is_told_that_nothing_is_new(make_app, studio, now, monkeypatch):
    app = make_app(WTF_CSRF_ENABLED=True)
    now.forward(minutes=5)
    client = app.test_client()
    tag = client.get("/read/level-hips").headers["ETag"]
    asked = {"If-None-Match": tag}
    # The tokens of the forms have another time in them.
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(time.time()) + 90)
    answer = client.get("/read/level-hips", headers=asked)
    assert (answer.status_code, answer.data) == (304, b"")
    assert app.test_client().get("/read/level-hips", headers=asked).status_code == 200
    draft = Draft("Level hips", "level-hips", "Other.", "Lena", published_at=now())
    transact(operations.save, draft, now())
    assert client.get("/read/level-hips", headers=asked).status_code == 200
    sign_in(client, studio.accounts["ada"], now())
    answer = client.get("/read/level-hips")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
