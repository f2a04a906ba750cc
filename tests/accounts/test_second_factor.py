"""The second step: six digits from an app, ten codes for when it is lost, and who needs it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import segno
from sqlalchemy import select

from booking.accounts import factor
from booking.accounts.access import RULES, Who
from booking.accounts.models import Account, RecoveryCode
from booking.accounts.tokens import digest
from booking.cli import reset_second_factor
from booking.database import db, transact
from booking.practice import queries as practice
from tests.accounts.test_sign_in import by_password, set_password
from tests.accounts.test_sign_up import count, letters, meet
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words

LENA, MARA, ADA = "lena@heronlane.example", "mara@heronlane.example", "ada@example.com"
SET_UP, GIVE = "/second-factor/set-up", "/second-factor"
NOT_RIGHT = "This code is not right, or it has been used. Please take the next one."


def ask_after(days: int | None) -> None:
    """Let the practice ask its staff for the second step these days after they first sign in."""

    def write() -> None:
        practice.current().second_factor_days = days

    transact(write)
    db.session.remove()


class Phone:
    """An app on a telephone, and the recovery codes its owner has written down."""

    def __init__(self, now, secret: str, codes: list[str]):
        self.now, self.totp, self.codes = now, pyotp.TOTP(secret), codes

    def code(self, steps: int = 0) -> str:
        return self.totp.at(self.now() + timedelta(seconds=30 * steps))


def secret_on(page) -> str:
    return "".join(soup(page).select_one(".secret code").text.split())


def codes_on(page) -> list[str]:
    return [code.text for code in soup(page).select(".codes code")]


def set_up(browser, now) -> Phone:
    """Set the second step up by the page."""
    page = browser.get(SET_UP)
    phone = Phone(now, secret_on(page), [])
    answer = send(browser, press(soup(page), "Switch it on"), code=phone.code())
    assert answer.status_code == 200
    phone.codes = codes_on(answer)
    return phone


def give(browser, code: str):
    return browser.post(GIVE, data={"code": code})


def account_of(studio, name: str) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, studio.accounts[name])


@pytest.fixture
def lena(client, studio, now):
    """Lena's browser, signed in by her password."""
    set_password(studio.accounts["lena"])
    by_password(client, LENA)
    return client


@pytest.fixture
def phone(lena, now):
    """Lena's telephone, set up a minute ago."""
    made = set_up(lena, now)
    now.forward(minutes=1)
    return made


@pytest.fixture
def half_way(app, lena, phone):
    """Another browser of hers: the password is typed, the code is not."""
    browser = app.test_client()
    by_password(browser, LENA)
    return browser


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
            values = {"day": "2026-11-24"}
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


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", "")])
def test_a_recovery_code_counts_once_however_it_is_copied(app, half_way, phone, write):
    assert give(half_way, write(phone.codes[3])).location == "/studio/"
    thief = app.test_client()
    by_password(thief, LENA)
    assert give(thief, phone.codes[3]).status_code == 422
    assert give(thief, phone.codes[4]).status_code == 303
    assert "8 codes are left." in words(thief.get(SET_UP))


def test_anothers_recovery_code_is_refused_and_stays_good(app, half_way, phone, studio, now):
    marcos = app.test_client()
    sign_in(marcos, studio.accounts["marco"], now())
    code = set_up(marcos, now).codes[0]
    assert give(half_way, code).status_code == 422
    sign_in(marcos, studio.accounts["marco"], now())
    assert give(marcos, code).status_code == 303


def test_new_codes_kill_the_old_ones(lena, half_way, phone):
    new = codes_on(send(lena, press(soup(lena.get(SET_UP)), "Make ten new codes")))
    assert len(new) == 10
    assert set(new).isdisjoint(phone.codes)
    assert give(half_way, phone.codes[0]).status_code == 422
    assert give(half_way, new[0]).status_code == 303
    assert count(RecoveryCode) == 10


@pytest.mark.parametrize("is_recovery", [False, True], ids=["app", "recovery"])
def test_of_two_who_use_one_code_at_once_one_passes(app, half_way, phone, monkeypatch, is_recovery):
    other, code = app.test_client(), phone.codes[0] if is_recovery else phone.code()
    by_password(other, LENA)
    meet(monkeypatch, factor, "_use_recovery_code" if is_recovery else "_use_step")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda browser: give(browser, code).status_code, (half_way, other)))
    assert sorted(both) == [303, 422]
    in_studio = [browser.get("/studio/").status_code for browser in (half_way, other)]
    assert sorted(in_studio) == [200, 303]


def test_who_needs_it_cannot_turn_it_off(lena, phone, studio):
    ask_after(14)
    assert "Do without the second step" not in words(lena.get(SET_UP))
    answer = lena.post("/second-factor/off")
    assert "can be set up anew but not removed" in words(lena.get(answer.location))
    assert account_of(studio, "lena").totp_secret == phone.totp.secret
    assert count(RecoveryCode) == 10


def test_a_client_may_turn_it_off(app, client, studio, now):
    ask_after(0)
    set_password(studio.accounts["ada"])
    by_password(client, ADA)
    set_up(client, now)
    answer = send(client, press(soup(client.get(SET_UP)), "Do without the second step"))
    assert answer.location == "/account"
    assert not account_of(studio, "ada").has_second_factor
    assert count(RecoveryCode) == 0
    by_password(client, ADA)
    assert client.get("/my/bookings").status_code == 200


def test_a_manager_takes_it_away_and_it_is_set_up_anew(
    app, lena, half_way, phone, studio, tmp_path, now
):
    ask_after(0)
    maras, member = app.test_client(), f"/studio/team/{studio.accounts['lena']}"
    sign_in(maras, studio.accounts["mara"], now())
    set_up(maras, now)
    assert lena.post(f"{member}/reset-factor").status_code == 403
    assert account_of(studio, "lena").has_second_factor
    form = press(soup(maras.get(member)), "Take the second step away")
    assert send(maras, form).location == "/studio/team"
    check_taken_away(lena, half_way, phone, studio, tmp_path)
    assert maras.get("/studio/").status_code == 200


def check_taken_away(lena, half_way, phone, studio, tmp_path) -> None:
    account = account_of(studio, "lena")
    assert (account.totp_secret, account.totp_since, account.totp_step) == (None, None, None)
    of_lena = select(RecoveryCode).filter_by(account_id=account.id)
    assert db.session.scalars(of_lena).all() == []
    assert [browser.get("/account").status_code for browser in (lena, half_way)] == [303, 303]
    subjects = [letter["Subject"] for letter in letters(tmp_path, LENA)]
    assert subjects == ["Your second step has been changed", "Your second step was taken away"]
    by_password(lena, LENA)
    assert lena.get("/studio/").location == f"{GIVE}?next=/studio/"
    assert lena.get(GIVE).location == SET_UP
    for old in (phone.code(), phone.codes[0]):
        assert give(lena, old).status_code == 422
    assert secret_on(lena.get(SET_UP)) != phone.totp.secret


def test_the_command_line_takes_it_away_when_no_manager_can(
    app, lena, half_way, phone, studio, tmp_path
):
    ask_after(0)
    run = app.test_cli_runner().invoke
    refused = run(reset_second_factor, ["nobody@example.com"])
    assert (refused.exit_code, "has no account" in refused.output) == (1, True)
    assert account_of(studio, "lena").has_second_factor
    assert run(reset_second_factor, ["Lena@HeronLane.example"]).exit_code == 0
    check_taken_away(lena, half_way, phone, studio, tmp_path)
