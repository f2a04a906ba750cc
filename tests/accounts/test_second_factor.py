"""The second step: six digits from an app, ten codes for when it is lost, and who needs it."""

import re

import pyotp
import pytest
import segno
from sqlalchemy import select

from booking.accounts.access_rules import RULES, Who
from booking.accounts.models import RecoveryCode
from booking.accounts.tokens import digest
from booking.database import db
from tests.accounts.second_step import (
    ADA,
    GIVE,
    LENA,
    MARA,
    NOT_RIGHT,
    SET_UP,
    Phone,
    account_of,
    ask_after,
    give,
    secret_on,
    set_up,
)
from tests.accounts.steps import by_password, set_password
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words


def test_it_takes_a_right_code_and_looking_writes_nothing(app, lena, studio, now, statements):
    first, again = lena.get(SET_UP), lena.get(SET_UP)
    assert secret_on(first) == secret_on(again)
    assert not [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    phone = Phone(now, secret_on(first), [])
    for wrong in (phone.code(2), phone.code(-2), "123", "x" * 41, ""):
        refused = lena.post(SET_UP, data={"code": wrong})
        assert refused.status_code == 422
        assert secret_on(refused) == secret_on(first)
    assert account_of(studio, "lena").totp_secret is None
    elsewhere = app.test_client()
    by_password(elsewhere, LENA)
    assert set_up(lena, now).totp.secret == secret_on(first)
    assert account_of(studio, "lena").has_second_factor
    assert lena.get("/studio/").status_code == 200
    assert elsewhere.get("/account").location.startswith("/sign-in")


def test_ten_codes_are_shown_once_and_kept_as_hashes(lena, phone):
    assert len(set(phone.codes)) == 10
    rows = db.session.scalars(select(RecoveryCode)).all()
    assert all(len(row.code_hash) == 64 for row in rows)
    assert {row.code_hash for row in rows}.isdisjoint(map(digest, phone.codes))
    pages = "".join(lena.get(page).get_data(as_text=True) for page in (SET_UP, "/account"))
    assert not [code for code in phone.codes if code in pages]
    assert "10 codes are left." in words(lena.get(SET_UP))


def test_the_picture_and_the_link_are_the_address_that_apps_read(lena, studio):
    page = soup(lena.get(SET_UP))
    uri = page.select_one("a[href^='otpauth:']")["href"]
    read = pyotp.parse_uri(uri)
    assert (read.secret, read.name, read.issuer, read.interval, read.digits) == (
        secret_on(lena.get(SET_UP)), LENA, "Heron Lane Studio", 30, 6,
    )  # fmt: skip
    wanted = [list(row) for row in segno.make(uri, error="m", micro=False).matrix_iter(border=4)]
    drawing = page.select_one(".qr svg")
    assert drawing["viewbox"] == f"0 0 {len(wanted)} {len(wanted)}"
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing.path["d"])
    dark = {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}
    assert dark == {(x, y) for y, row in enumerate(wanted) for x, one in enumerate(row) if one}


def test_staff_need_it_before_the_studio_at_once_and_are_led_back(lena, studio, now):
    assert lena.get("/studio/").status_code == 200
    ask_after(0)
    asked = lena.get("/studio/day/2026-11-24")
    assert asked.location == f"{GIVE}?next=/studio/day/2026-11-24"
    page = lena.get(lena.get(asked.location).location)
    form = press(soup(page), "Switch it on")
    done = send(lena, form, code=Phone(now, secret_on(page), []).code())
    onward = soup(done).find("a", string=lambda text: text and "I have kept them" in text)
    assert onward["href"] == "/studio/day/2026-11-24"
    assert lena.get(onward["href"]).status_code == 200


@pytest.mark.parametrize("days", [3, 14])
def test_the_days_count_from_the_first_sign_in_and_not_from_the_last(lena, studio, now, days):
    ask_after(days)
    now.forward(days=days, seconds=-1)
    by_password(lena, LENA)
    assert lena.get("/studio/").status_code == 200
    now.forward(seconds=1)
    assert lena.get("/studio/").location == f"{GIVE}?next=/studio/"


def test_clients_are_not_asked_nor_staff_where_the_practice_never_asks(lena, studio, now):
    now.forward(days=4000)
    by_password(lena, LENA)
    assert lena.get("/studio/").status_code == 200
    ask_after(0)
    sign_in(lena, studio.accounts["ada"], now())
    assert lena.get("/my/bookings").status_code == 200


def test_before_the_code_no_page_of_the_account_or_the_studio_opens(app, client, studio, now):
    set_password(studio.accounts["mara"])
    by_password(client, MARA)
    phone = set_up(client, now)
    browser = app.test_client()
    by_password(browser, MARA)
    walked = 0
    for rule in app.url_map.iter_rules():
        if RULES[rule.endpoint].who in {Who.SIGNED_IN, Who.STAFF, Who.MANAGER}:
            values = {"day": "2026-11-24", "what": "rooms", "kind": "privacy"}
            url = rule.build({**dict.fromkeys(rule.arguments, 1), **values}, append_unknown=False)
            for method in rule.methods & {"GET", "POST"}:
                answer = browser.open(url[1], method=method)
                assert answer.location.partition("?")[0] == GIVE, rule
                walked += 1
    assert walked >= 50
    assert browser.get(SET_UP).location == browser.post(SET_UP).location == GIVE
    assert account_of(studio, "mara").totp_secret == phone.totp.secret


def test_before_the_code_a_client_is_a_stranger_who_can_sign_out(app, client, studio, now):
    set_password(studio.accounts["ada"])
    by_password(client, ADA)
    set_up(client, now)
    browser = app.test_client()
    by_password(browser, ADA)
    for page in ("/my/bookings", "/account", "/account/devices", "/account/people"):
        assert browser.get(page).location == f"{GIVE}?next={page}"
    pressed = press(soup(browser.get("/services/massage?day=2026-11-24")), "10:00 AM")
    details = browser.get(send(browser, pressed).location)
    assert "Ada" not in words(details)
    assert ADA not in details.get_data(as_text=True)
    assert browser.post("/sign-out").location == "/"
    assert browser.get("/my/bookings").location.startswith("/sign-in")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_half_a_minute_off_counts_once_and_ends_older_ones(app, half_way, phone, steps):
    code = phone.code(steps)
    assert give(half_way, f" {code[:3]} {code[3:]} ").location == "/studio/"
    assert half_way.get("/studio/").status_code == 200
    thief = app.test_client()
    by_password(thief, LENA)
    answer = give(thief, code)
    assert answer.status_code == 422
    assert NOT_RIGHT in words(answer)
    assert give(thief, phone.code(steps - 1)).status_code == 422
    assert thief.get("/studio/").status_code == 303


@pytest.mark.parametrize("steps", [-20, -2, 2])
def test_an_older_or_a_later_code_is_refused(half_way, phone, steps):
    assert give(half_way, phone.code(steps)).status_code == 422
    assert half_way.get("/account").status_code == 303


@pytest.mark.parametrize(
    "code", ["", "000000 or so", "１２３４５６", "٠١٢٣٤٥", "clé", "\0", "é" * 40, "1" * 41],
    ids=["nothing", "words", "wide", "arabic", "accent", "nul", "accents", "endless"],
)  # fmt: skip
def test_what_no_app_shows_is_refused_with_a_sentence(half_way, code):
    answer = give(half_way, code)
    assert answer.status_code == 422
    assert soup(answer).find(id="code")["aria-invalid"] == "true"
    assert half_way.get("/account").status_code == 303
