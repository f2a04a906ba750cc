"""Mail scanners open every link of every mail, some of them twice: nothing comes of it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.links import make_link
from booking.database import db
from booking.mail.masking import mask
from booking.mail.models import OutgoingMail
from booking.mail.smtp import message_id
from booking.web.fields import instant_text
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.mail.every_mail import everything_once
from tests.rows import snapshot

# To write every mail there is takes long, and no engine knows what a link is.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SENDER = "studio@heronlane.example"
SITE = "http://localhost"

# Each kind of link there is: the mail that carries it and the page it opens.
KINDS = {
    ("sign_in", "accounts.open_link"),
    ("sign_up", "accounts.open_link"),
    ("password", "accounts.new_password"),
    ("password_unknown", "accounts.sign_up"),
    ("password_changed", "accounts.forgotten"),
    ("new_address", "accounts.confirm_address"),
    ("address_changing", "accounts.forgotten"),
    ("confirmed", "accounts.my_address"),
    ("confirmed", "bookings.manage"),
    ("changed", "bookings.manage"),
    ("reminder", "bookings.manage"),
    ("invitation", "studio.invitation"),
    ("studio_new", "studio.day"),
    ("places", "bookings.enrolment"),
    ("places", "bookings.manage"),
    ("place_given", "bookings.manage"),
    ("dates", "bookings.manage"),
    ("studio_dates", "studio.day"),
    ("studio_places", "studio.class_session"),
    ("waiting", "bookings.waiting"),
    ("offer", "bookings.waiting"),
    ("requested", "bookings.manage"),
    ("declined", "bookings.manage"),
    ("studio_request", "studio.requests"),
    ("waiting_ended", "bookings.waiting"),
    ("aftercare", "accounts.unsubscribe"),
    ("aftercare", "articles.show"),
    ("come_back", "scheduling.service"),
    ("sheet", "studio.day"),
    ("sheet", "settings.notices"),
}

# Those whose address says no more than where they are.
PLAIN = {
    "accounts.sign_up", "accounts.forgotten", "studio.day", "studio.class_session",
    "studio.requests", "articles.show", "scheduling.service", "settings.notices",
}  # fmt: skip


@pytest.fixture
def settings(settings: dict) -> dict:
    """Without a server, mails are files: all that left can be read."""
    return {**settings, "SMTP_URL": None}


@pytest.fixture
def links(app: Flask, studio, now, tmp_path: Path) -> dict[str, set[str]]:
    """The links of every mail there is, once it has left, by the kind of the mail."""
    everything_once(studio, now)
    move_one(app, studio, now)
    while turn():
        pass
    kinds = {
        message_id(key, SENDER): kind
        for key, kind in db.session.execute(select(OutgoingMail.dedupe_key, OutgoingMail.kind))
    }
    db.session.rollback()
    found: dict[str, set[str]] = {}
    for path in (tmp_path / "instance" / "mail").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found.setdefault(kinds[message["Message-ID"]], set()).update(links_of(message))
    return found


def move_one(app: Flask, studio, now) -> None:
    """Move a booking that stays: what is called off at once is never told of."""
    link = make_link(book(studio.hour, at(10, day=16, month=12), now(), practitioner=studio.lena))
    now.forward(minutes=4)
    turn()
    data = {"start": instant_text(at(14, day=16, month=12))}
    assert app.test_client().post(f"/manage/{link}/move", data=data).status_code == 303
    now.forward(minutes=4)


def links_of(message: EmailMessage) -> set[str]:
    """What a scanner finds in the text, in the HTML and in the calendar of a mail."""
    texts = {
        part.get_content_subtype(): part.get_content().replace("\r\n ", "").replace("\n ", "")
        for part in message.walk()
        if part.get_content_maintype() == "text"
    }
    assert {"plain", "html"} <= set(texts)
    in_html = {
        tag[name]
        for name in ("href", "src", "action")
        for tag in BeautifulSoup(texts["html"], "html.parser").find_all(attrs={name: True})
    }
    in_text = {one for text in texts.values() for one in re.findall(r"https?://[^\s\"<>]+", text)}
    assert {one for one in in_html if one.startswith("http")} <= in_text
    return in_text | in_html


def page_of(app: Flask, link: str) -> str:
    """Return the name of the page a link opens."""
    with app.test_request_context():
        return app.url_map.bind("localhost").match(urlsplit(link).path)[0]


def path_of(link: str) -> str:
    assert link.startswith(f"{SITE}/"), link
    return link.removeprefix(SITE)


def scan(app: Flask, path: str) -> None:
    """Open a link as scanners do: by a program that has no cookie, again and again."""
    for method in ("GET", "HEAD", "GET"):
        visitor: FlaskClient = app.test_client()
        answer = visitor.open(path, method=method)
        assert answer.status_code < 500, (method, path, answer.status_code)


def test_every_mail_there_is_has_left(links):
    templates = Path(__file__).parents[2] / "templates" / "mail"
    assert set(links) == {path.name.split(".")[0] for path in templates.glob("*.subject.txt")}


def test_every_kind_of_link_is_among_them(app, links):
    found = {
        (kind, page_of(app, link))
        for kind, some in links.items()
        for link in some
        if link.startswith("http")
    }
    assert found >= KINDS
    assert {page for _kind, page in found} == {page for _kind, page in KINDS}
    # And the log shows none of those that carry a right.
    shown = {
        page_of(app, link)
        for some in links.values()
        for link in some
        if link.startswith("http") and mask(link) == link
    }
    assert shown == PLAIN


def test_no_link_leads_elsewhere_or_to_a_placeholder(links):
    for kind, some in links.items():
        for link in some:
            assert link.startswith((f"{SITE}/", "mailto:", "tel:")), (kind, link)


def test_opening_each_of_them_changes_nothing(app, links):
    before = snapshot()
    opened = 0
    for some in links.values():
        for link in some:
            if link.startswith("http"):
                scan(app, path_of(link))
                assert snapshot() == before, link
                opened += 1
    assert opened >= len(KINDS)


# A new password makes older links useless, that to a new address too: each is tried by itself.
@pytest.mark.parametrize(
    "pages",
    [
        ["accounts.my_address", "accounts.open_link", "studio.invitation", "accounts.new_password"],
        ["accounts.confirm_address"],
    ],
    ids=["all but the address", "the address"],
)
def test_a_link_still_works_once_after_a_scanner_has_been_there(app, studio, links, pages, now):
    once = [
        (pages.index(page), link)
        for some in links.values()
        for link in some
        if link.startswith("http") and (page := page_of(app, link)) in pages
    ]
    assert {number for number, _link in once} == set(range(len(pages)))
    for _number, link in sorted(once):
        scan(app, path_of(link))
        data = {"name": "Neo", "password": "seven umbrellas beside a kettle"}
        first, second = app.test_client(), app.test_client()
        if "accounts.confirm_address" in pages:  # Only who asked for it may confirm it.
            sign_in(first, studio.accounts["ada"], now())
            second = first
        assert first.post(path_of(link), data=data).status_code == 303, link
        assert second.post(path_of(link), data=data).status_code == 422, link
