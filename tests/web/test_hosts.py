"""Where we are is said by the settings: no header of a request gets into a link that we send."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.bookings.links import make_link
from booking.bookings.models import Booking
from booking.database import db
from booking.worker import turn
from tests.cast import Studio, at, book, sign_in
from tests.conftest import Clock
from tests.rows import snapshot

# Where we are is said before a database is asked.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PUBLIC = "http://studio.example"
# A second name the site answers to, as behind a proxy or on the machine itself.
OTHER = "localhost"

# What a request may claim of the way it came: headers, and what servers make of its first line.
CLAIMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "another name of ours": {"headers": {"Host": "127.0.0.1"}},
    "forwarded host": {"headers": {"X-Forwarded-Host": "evil.example"}},
    "forwarded proto": {"headers": {"X-Forwarded-Proto": "javascript"}},
    "forwarded port": {"headers": {"X-Forwarded-Port": "8443", "X-Forwarded-Ssl": "on"}},
    "forwarded prefix": {"headers": {"X-Forwarded-Prefix": "//evil.example"}},
    "forwarded": {"headers": {"Forwarded": "for=1.2.3.4;host=evil.example;proto=https"}},
    "all the others": {
        "headers": {
            "X-Forwarded-Server": "evil.example",
            "X-Original-Host": "evil.example",
            "X-Host": "evil.example",
            "X-HTTP-Host-Override": "evil.example",
            "X-Original-URL": "http://evil.example/",
            "X-Rewrite-URL": "http://evil.example/",
            "Base-URL": "http://evil.example/",
            "Referer": "http://localhost/from?evil.example",
        }
    },
    "whole address in the first line": {
        "environ_overrides": {
            "REQUEST_URI": "http://evil.example/sign-in/link",
            "RAW_URI": "http://evil.example/sign-in/link",
            "SERVER_NAME": "evil.example",
            "SERVER_PORT": "8443",
            "wsgi.url_scheme": "https",
        }
    },
}

FOREIGN = [
    "evil.example", "evil.example:80", "studio.example.evil.example", "evil-studio.example",
    "studio.example@evil.example", "studio.example:80@evil.example", "studio.example/evil",
    "studio.example#evil", "localhost,evil.example", "studio.example evil.example",
    "[::ffff:127.0.0.1]", "127.0.0.1.evil.example", "",
]  # fmt: skip


@pytest.fixture
def public(make_app, app: Flask, studio) -> Flask:
    """The site under a name of its own; the browsers of these tests come by another."""
    return make_app(PUBLIC_URL=PUBLIC, TRUSTED_HOSTS=["studio.example", OTHER, "127.0.0.1"])


@pytest.fixture
def things(studio: Studio, now: Clock) -> str:
    """The link to a booking that its mail has told of."""
    booking = book(studio.hour, at(13), now(), account="ada", studio=studio)
    now.forward(minutes=4)
    return make_link(db.session.get_one(Booking, booking.id))


def requests_of(client: FlaskClient, studio: Studio, link: str) -> dict[str, dict[str, str]]:
    """Each form whose mail carries a link, in an order in which all of them work."""
    return {
        "/sign-in/link": {"email": "ada@example.com"},
        "/sign-up": {"email": "new@example.com"},
        "/password": {"email": "lena@heronlane.example"},
        "/account/address": {"email": "ada@new.example"},
        f"/manage/{link}/move": {"start": "2026-11-25T16:00Z"},
        "/book": {"option": str(studio.hour), "start": "2026-11-24T15:00Z"},
    }


DETAILS = {"name": "Grace Hill", "email": "grace@example.com", "policy": "y"}


def send_everything(app: Flask, studio: Studio, link: str, now: Clock, claim: dict) -> None:
    """Send every such form with a claim, by a client, a guest and a manager."""
    ada, guest, mara = (app.test_client() for _browser in range(3))
    for client, name in ((ada, "ada"), (mara, "mara")):
        sign_in(client, studio.accounts[name], now())
        host = claim.get("headers", {}).get("Host")
        if host:  # A cookie belongs to the name under which it was set.
            client.set_cookie("session", client.get_cookie("session").value, domain=host)
    for path, data in requests_of(ada, studio, link).items():
        client = guest if path == "/book" else ada
        answer = client.post(path, data=data, **claim)
        assert answer.status_code in {200, 303}, path
        assert_ours(answer)
        if path == "/book":
            booked = client.post(answer.location, data={**DETAILS, "option": "1"}, **claim)
            assert booked.status_code == 303
            assert_ours(booked)
            assert_ours(client.get(booked.location, **claim))
    invited = {"email": "zoe@example.com", "role": "practitioner", "practitioner": "0"}
    assert_ours(mara.post("/studio/team/invite", data=invited, **claim))


def assert_ours(answer) -> None:
    assert answer.status_code < 400
    assert "evil" not in answer.get_data(as_text=True)
    assert "evil" not in str(answer.headers)
    assert (answer.location or "/").startswith("/")


def links_sent(folder: Path) -> dict[str, set[str]]:
    """Every address that stands in the mails, by their subjects."""
    found: dict[str, set[str]] = {}
    for path in folder.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert "evil" not in str(message)
        for part in message.walk():
            if part.get_content_maintype() == "text":
                text = re.sub(r"\r?\n ", "", part.get_content())
                links = re.findall(r"[a-zA-Z][a-zA-Z+.-]*://[^\s\"<>]+", text)
                found.setdefault(message["Subject"], set()).update(links)
    return found


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_links_in_mails_begin_with_the_public_address(public, studio, now, tmp_path, things, claim):
    send_everything(public, studio, things, now, claim)
    now.forward(minutes=4)
    with public.app_context():
        turn()
    sent = links_sent(tmp_path / "instance" / "mail")
    pages = {link.split("/")[3] for links in sent.values() for link in links}
    assert pages >= {"sign-in", "password", "address", "manage", "this-is-me", "studio"}
    for subject, links in sent.items():
        assert [link for link in links if not link.startswith(f"{PUBLIC}/")] == [], subject


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_is_400_and_changes_nothing(make_app, app, studio, now, host, proxies):
    public = make_app(
        PUBLIC_URL=PUBLIC,
        TRUSTED_HOSTS=["studio.example", "127.0.0.1", OTHER],
        PROXY_COUNT=proxies,
    )
    client, before = public.test_client(), snapshot()
    # One proxy is believed, so what it says of the host is held to the same names.
    headers = [{"Host": host}] + ([{"X-Forwarded-Host": host}] if proxies and host else [])
    for header in headers:
        for path, data in requests_of(client, studio, "x").items():
            assert client.get(path, headers=header).status_code == 400, path
            answer = client.post(path, data=data, headers=header)
            assert answer.status_code == 400, path
            assert "Set-Cookie" not in answer.headers
            assert host not in answer.get_data(as_text=True) or not host
    assert snapshot() == before


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
@pytest.mark.parametrize("path", ["/studio", "/studio//day/2026-11-24", "/my/bookings", "/"])
def test_no_page_and_no_redirect_repeats_what_a_request_claims(public, studio, claim, path):
    answer = public.test_client().get(path, **claim)
    assert "evil" not in str(answer.headers)
    assert "evil" not in answer.get_data(as_text=True)
