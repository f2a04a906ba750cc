"""`next=` in whatever dress: it leads to a page of this site, or home, through every door."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from werkzeug.test import TestResponse

from booking.accounts import passwords, tokens
from booking.accounts.models import Account
from booking.database import db, transact
from booking.web.links import safe_next
from tests.cast import Studio, sign_in
from tests.conftest import Clock
from tests.web.pages import Pressed, press, send, soup

PASSWORD = "a quiet lantern in the harbor"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example/my/bookings", "//evil.example@localhost",
    "//localhost@evil.example", "//evil.example:80", "//[::1]/", "//", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/my\\..\\..\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example",
    "\x00//evil.example", "/\x0b/evil.example", " //evil.example", "/ /evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "HTTPS://evil.example",
    "http://localhost", "http://localhost@evil.example", "http://localhost.evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "mailto:eve@evil.example",
    "%2f%2fevil.example", "%252f%252fevil.example", "%5cevil.example", "%09//evil.example",
    "%0d%0aLocation:%20https://evil.example", "/my/bookings\r\nSet-Cookie: planted=1",
    "/\u2044evil.example", "/\u2215/evil.example", "/\uff0fevil.example", "\uff0f\uff0fx.example",
    "/\u3002evil.example", "/\u2028/evil.example", "/\u202e/elpmaxe.live", "/b\u00fccher",
    "evil.example", "evil.example/my/bookings", "my/bookings", "?next=//evil.example", "#x", ".",
    "..//evil.example", "",
]  # fmt: skip

# A cookie holds four kilobytes and a proxy's header hardly more: nobody needs so long an address.
LONG = ["/" + "long" * 2000, f"/my/bookings?q={bytes(range(256)).hex() * 16}"]

# Odd, but paths: browsers stay on this site with them, however often somebody decodes them.
ODD = [
    "/%2f%2fevil.example", "/%2fevil.example", "/%5cevil.example", "/%5c%5cevil.example",
    "/%252f%252fevil.example", "/%09/evil.example", "/%0d%0aSet-Cookie:planted=1",
    "/.//evil.example", "/..//evil.example", "/;//evil.example", "/@evil.example", "/:80",
    "/http://evil.example", "/my/bookings?next=//evil.example", "/my/bookings#//evil.example",
]  # fmt: skip

HONEST = [
    "/my/bookings", "/account/devices?a=1&b=%20x", "/studio/day/2026-11-24?practitioner=1",
    "/services/massage?option=1&day=2026-11-25#times", "/read?topic=hip",
]  # fmt: skip

HOME = "/my/bookings"
# Too long for what asks for a fresh proof of who sits there.
LONG_AGO = timedelta(minutes=30)


def host_of(location: str) -> str | None:
    """Return the host a browser goes to from a page of ours (WHATWG URL, 4.4)."""
    read = "".join(char for char in location.strip(" \0\t\n\r\f\x0b") if char not in "\t\n\r")
    return urlsplit(urljoin("http://localhost/sign-in", read.replace("\\", "/"))).netloc


class Doors:
    """Each way in: it gives the place a target leads to, after what the page itself kept of it."""

    def __init__(self, app: Flask, studio: Studio, now: Clock):
        self.app, self.now, self.ada = app, now, studio.accounts["ada"]
        hashed = passwords.hash_password(PASSWORD)
        self.change(password_hash=hashed)

    def change(self, **values: object) -> None:
        def write() -> None:
            for name, value in values.items():
                setattr(db.session.get_one(Account, self.ada), name, value)

        transact(write)
        db.session.remove()

    def signed_in(self, since: timedelta = timedelta()) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, self.ada, self.now() - since)
        return client

    def by_password(self, target: str) -> str:
        client = self.app.test_client()
        form = opened(client, "/sign-in", target, "Sign in", within="details")
        wrong = send(client, form, email="ada@example.com", password="", next=target)
        again = press(soup(wrong).find("details"), "Sign in")
        return led(send(client, again, email="ada@example.com", password=PASSWORD))

    def by_link(self, target: str) -> str:
        client = self.app.test_client()
        form = opened(client, "/sign-in", target, "Send me a link")
        return self._through_mail(client, form, target)

    def by_sign_up(self, target: str) -> str:
        """Who has an account may come this way as well; the page's form has the same field."""
        client = self.app.test_client()
        return self._through_mail(client, Pressed("/sign-up", {}), target)

    def _through_mail(self, client: FlaskClient, form: Pressed, target: str) -> str:
        assert send(client, form, email="ada@example.com", next=target).status_code == 200
        link = transact(tokens.issue, tokens.SIGN_IN, "ada@example.com", "", self.now())
        return led(client.post(f"/sign-in/{link}"))

    def by_proof(self, target: str) -> str:
        client = self.signed_in(since=LONG_AGO)
        form = opened(client, "/account/prove", target, "Go on")
        wrong = send(client, form, password="", next=target)
        return led(send(client, press(soup(wrong), "Go on"), password=PASSWORD))

    def by_proof_with_a_link(self, target: str) -> str:
        client = self.signed_in(since=LONG_AGO)
        form = opened(client, "/account/prove", target, "Send a link to")
        return self._through_mail(client, form, form.data["next"])

    def by_second_step(self, target: str) -> str:
        self.change(totp_secret=SECRET, totp_since=self.now(), totp_step=None)
        client = self.signed_in()
        form = opened(client, "/second-factor", target, "Go on")
        wrong = send(client, form, code="", next=target)
        code = TOTP(SECRET).at(self.now())
        return led(send(client, press(soup(wrong), "Go on"), code=code))

    def by_set_up(self, target: str) -> str:
        self.change(totp_secret=None, totp_since=None, totp_step=None)
        client = self.signed_in()
        asked = client.get("/second-factor", query_string={"next": target})
        page = soup(client.get(asked.location))
        secret = "".join(page.select_one(".secret code").get_text().split())
        form = press(page, "Switch it on")
        assert_harmless(form.data["next"], target)
        wrong = send(client, form, code="", next=target)
        again = press(soup(wrong), "Switch it on")
        codes = soup(send(client, again, code=TOTP(secret).at(self.now())))
        return codes.find("a", string=lambda text: text and "go on" in text)["href"]


DOORS = [name for name in vars(Doors) if name.startswith("by_")]
# Where each leads that is asked for nowhere.
HOMES = dict.fromkeys(DOORS, HOME) | {"by_proof": "/account", "by_proof_with_a_link": "/account"}


def opened(
    client: FlaskClient, address: str, target: str, button: str, within: str | None = None
) -> Pressed:
    """Open a page with `next`; what its hidden fields keep of it must be harmless already."""
    page = soup(client.get(address, query_string={"next": target}))
    for field in page.find_all("input", attrs={"name": "next"}):
        assert_harmless(field.get("value", ""), target)
    return press(page.find(within) if within else page, button)


def assert_harmless(kept: str, target: str) -> None:
    assert not kept or kept != target or target not in HOSTILE, target
    assert not kept or (kept.startswith("/") and host_of(kept) == "localhost"), kept


def led(answer: TestResponse) -> str:
    assert answer.status_code == 303
    assert "planted" not in str(answer.headers.getlist("Set-Cookie"))
    return answer.location


# What is refused is refused before any database is asked.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Every door keeps the rule; each target goes through every fourth of them.
SHARES = 4


@pytest.fixture
def doors(app, studio, now) -> Doors:
    return Doors(app, studio, now)


@pytest.mark.parametrize("target", [*HOSTILE, *LONG])
def test_a_hostile_next_is_none(target):
    assert safe_next(target) is None


@on_sqlite
@pytest.mark.parametrize("door", DOORS)
def test_a_hostile_next_leads_home_by_each_door(doors, door):
    tried = HOSTILE[DOORS.index(door) % SHARES :: SHARES]
    found = {target: getattr(doors, door)(target) for target in tried}
    assert found == dict.fromkeys(tried, HOMES[door])


@on_sqlite
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.filterwarnings("default:The 'session' cookie is too large")
def test_a_very_long_next_leads_home_by_each_door(doors, door):
    found = {getattr(doors, door)(target)[:40] for target in LONG}
    assert found == {HOMES[door]}


@on_sqlite
@pytest.mark.parametrize("door", DOORS)
def test_an_odd_path_stays_on_this_site_by_each_door(doors, door):
    for target in ODD[DOORS.index(door) % SHARES :: SHARES]:
        found = getattr(doors, door)(target)
        assert found in {target, HOMES[door]}
        assert host_of(found) == "localhost", target
        followed = doors.app.test_client().get(found)
        assert host_of(followed.headers.get("Location", "/")) == "localhost", target


@pytest.mark.parametrize("door", DOORS)
def test_an_honest_next_is_followed_by_each_door(doors, door):
    assert {target: getattr(doors, door)(target) for target in HONEST} == {
        target: target for target in HONEST
    }


def test_who_is_asked_to_sign_in_first_comes_back_with_the_whole_address(app, studio):
    asked = app.test_client().get("/account/devices?a=1&b=%20x//evil.example")
    page = soup(app.test_client().get(asked.location))
    kept = {field["value"] for field in page.find_all("input", attrs={"name": "next"})}
    assert kept == {"/account/devices?a=1&b=%20x//evil.example"}


@pytest.mark.parametrize("path", ["//evil.example/account", "/account//devices", "/%2f/account"])
def test_a_protected_address_that_looks_like_a_host_leads_nowhere_else(app, studio, path):
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path})
    assert host_of(answer.headers.get("Location", "/")) == "localhost"
