"""Devices, how long each stays signed in, and the proof that is asked for before what matters."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.accounts.access import RULES
from booking.accounts.models import AccountSession
from booking.database import db
from tests.accounts.steps import PASSWORD, by_password, letters, link_in, set_password
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words

ADA = "ada@example.com"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def ada(client, studio, now):
    """Ada's browser, signed in just now."""
    sign_in(client, studio.accounts["ada"], now())
    return client


@pytest.fixture
def telephone(app, ada, studio, now):
    """Ada's telephone, signed in beside her browser by her password."""
    set_password(studio.accounts["ada"])
    telephone = app.test_client()
    type_password(telephone, headers={"User-Agent": IPHONE})
    return telephone


def type_password(browser, **more):
    """Sign in by the form, as a browser whose tick is set sends it."""
    form = press(soup(browser.get("/sign-in")).find("details"), "Sign in")
    data = {**form.data, "email": ADA, "password": PASSWORD}
    return browser.post(form.action, data=data, **more)


def without_tick(browser):
    """Sign in without being remembered: a browser leaves the field out."""
    form = press(soup(browser.get("/sign-in")).find("details"), "Sign in")
    assert form.data.pop("is_remembered") == "y"
    return send(browser, form, email=ADA, password=PASSWORD)


def is_in(browser) -> bool:
    return browser.get("/my/bookings").status_code == 200


def session_cookie(answer) -> str:
    return next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("session="))


def session_of(account_id: int) -> AccountSession:
    db.session.rollback()
    newest = select(AccountSession).filter_by(account_id=account_id)
    return db.session.scalars(newest.order_by(AccountSession.id.desc())).first()


def test_the_list_names_each_device_and_when_it_was_last_used(ada, telephone, now):
    now.forward(minutes=10)
    page = ada.get("/account/devices")
    entries = [" ".join(one.get_text(" ").split()) for one in soup(page).select(".entry")]
    here = next(one for one in entries if "This device" in one)
    there = next(one for one in entries if "Safari on iPhone" in one)
    assert len(entries) == 2
    assert "Last used Monday, November 23, 8:00" in there.replace("\u202f", " ")
    assert "signed in Monday, November 23, 8:00" in here.replace("\u202f", " ")
    assert "Sign out" not in here
    is_in(telephone)
    assert "Last used Monday, November 23, 8:10 AM" in words(ada.get("/account/devices"))


def test_an_unknown_browser_is_listed_too_and_its_name_is_harmless(app, ada, telephone):
    strange = app.test_client()
    type_password(strange, headers={"User-Agent": "<script>alert(1)</script>" + "x" * 400})
    page = ada.get("/account/devices").get_data(as_text=True)
    assert "A browser" in page
    assert "alert(1)" not in page


def test_others_devices_are_not_listed(app, ada, studio, now):
    bobs = app.test_client()
    sign_in(bobs, studio.accounts["bob"], now())
    assert len(soup(ada.get("/account/devices")).select(".entry")) == 1


def test_one_device_is_ended_and_only_that(ada, telephone, studio):
    form = press(soup(ada.get("/account/devices")), "Sign out Safari on iPhone")
    assert send(ada, form).location == "/account/devices"
    assert is_in(ada)
    assert not is_in(telephone)
    page = ada.get("/account/devices")
    assert "Safari on iPhone" not in words(page)
    assert send(ada, form).status_code == 303


def test_anothers_device_is_not_found_and_stays(app, ada, studio, now):
    bobs = app.test_client()
    sign_in(bobs, studio.accounts["bob"], now())
    theirs = session_of(studio.accounts["bob"]).id
    answers = [ada.post(f"/account/devices/{one}/end") for one in (theirs, 999_999)]
    assert [one.status_code for one in answers] == [404, 404]
    assert words(answers[0]) == words(answers[1])
    assert is_in(bobs)


def test_ending_all_others_keeps_this_one(app, ada, telephone, studio, now):
    bobs = app.test_client()
    sign_in(bobs, studio.accounts["bob"], now())
    send(ada, press(soup(ada.get("/account/devices")), "Sign out everywhere else"))
    assert is_in(ada)
    assert is_in(bobs)
    assert not is_in(telephone)
    assert len(soup(ada.get("/account/devices")).select(".entry")) == 1


def test_a_device_that_has_ended_by_itself_is_not_listed(ada, telephone, now):
    now.forward(days=13)
    assert is_in(ada)
    now.forward(days=2)
    assert len(soup(ada.get("/account/devices")).select(".entry")) == 1


def test_who_is_remembered_keeps_a_cookie_and_14_or_30_days(client, studio, now):
    set_password(studio.accounts["ada"])
    assert "Expires=" in session_cookie(type_password(client))
    begun = now()
    for _visit in range(2):
        now.forward(days=13, hours=23)
        assert is_in(client)
    now.set(begun + timedelta(days=30, seconds=1))
    assert not is_in(client)
    type_password(client)
    now.forward(days=14, seconds=1)
    assert not is_in(client)


def test_who_is_not_remembered_keeps_no_cookie_and_an_hour_or_half_a_day(client, studio, now):
    set_password(studio.accounts["ada"])
    assert "Expires=" not in session_cookie(without_tick(client))
    begun = now()
    while now() + timedelta(minutes=59) <= begun + timedelta(hours=12):
        now.forward(minutes=59)
        assert is_in(client)
    now.set(begun + timedelta(hours=12, seconds=1))
    assert not is_in(client)
    without_tick(client)
    now.forward(minutes=60, seconds=1)
    assert not is_in(client)


def test_booking_a_time_does_not_make_a_cookie_stay_that_was_to_go(client, studio, now):
    set_password(studio.accounts["ada"])
    without_tick(client)
    answer = send(client, press(soup(client.get("/services/massage?day=2026-11-24")), "10:00 AM"))
    assert answer.status_code == 303
    assert "Expires=" not in session_cookie(answer)


def test_the_key_of_a_session_is_another_after_signing_in(client, studio):
    set_password(studio.accounts["ada"])
    keys = []
    for _sign_in in range(2):
        by_password(client, ADA)
        with client.session_transaction() as cookie:
            keys.append(cookie["_user_id"])
    assert keys[0] != keys[1]
    with client.session_transaction() as cookie:
        cookie["_user_id"] = keys[0]
    assert not is_in(client)


FRESH = [name for name, rule in RULES.items() if rule.is_fresh and name.startswith("accounts.")]


@pytest.mark.parametrize("endpoint", FRESH)
def test_what_matters_asks_for_a_proof_after_15_minutes(app, ada, studio, now, endpoint):
    rule = next(app.url_map.iter_rules(endpoint))
    if "GET" in rule.methods:
        now.forward(minutes=15)
        assert not ada.get(rule.rule).location
        now.forward(seconds=1)
        assert ada.get(rule.rule).location == f"/account/prove?next={rule.rule}"
        assert ada.head(rule.rule).status_code == 303
    else:
        now.forward(minutes=60, seconds=1)
        assert ada.post(rule.rule).location.startswith("/account/prove")


def test_a_form_opened_in_time_may_be_sent_within_the_hour(ada, studio, now):
    now.forward(minutes=15)
    form = press(soup(ada.get("/account/password")), "Save")
    now.forward(minutes=45)
    assert send(ada, form, password=PASSWORD).location == "/account"
    now.forward(seconds=1)
    kept = session_of(studio.accounts["ada"]).account.password_hash
    answer = send(ada, form, password="seven kettles under the moss")
    assert answer.location == "/account/prove?next=/account/password"
    assert session_of(studio.accounts["ada"]).account.password_hash == kept


def ask_to_prove(browser, now):
    now.forward(minutes=16)
    return browser.get(browser.get("/account/address").location)


def test_the_right_password_leads_back_and_counts_for_15_minutes(ada, studio, now):
    set_password(studio.accounts["ada"])
    form = press(soup(ask_to_prove(ada, now)), "Go on")
    assert send(ada, form, password=PASSWORD).location == "/account/address"
    now.forward(minutes=15)
    assert ada.get("/account/address").status_code == 200
    now.forward(seconds=1)
    assert ada.get("/account/address").status_code == 303


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper()])
def test_a_wrong_password_proves_nothing_and_signs_nobody_out(ada, studio, now, password):
    set_password(studio.accounts["ada"])
    answer = send(ada, press(soup(ask_to_prove(ada, now)), "Go on"), password=password)
    assert answer.status_code == 422
    assert press(soup(answer), "Go on").data["next"] == "/account/address"
    assert ("This is not your password." in words(answer)) == bool(password)
    assert ada.get("/account/address").status_code == 303
    assert is_in(ada)


def test_anothers_password_proves_nothing(ada, studio, now):
    set_password(studio.accounts["bob"])
    form = press(soup(ask_to_prove(ada, now)), "Send a link")
    assert ada.post("/account/prove", data={**form.data, "password": PASSWORD}).status_code == 422
    assert ada.get("/account/address").status_code == 303


def test_a_mailed_link_proves_it_by_a_new_session_and_leads_back(ada, studio, tmp_path, now):
    before = session_of(studio.accounts["ada"]).id
    page = soup(ask_to_prove(ada, now))
    assert page.find("input", type="password") is None
    assert send(ada, press(page, "Send a link to ada@example.com")).status_code == 200
    link = link_in(letters(tmp_path, ADA)[-1])
    assert ada.get("/account/address").status_code == 303
    assert send(ada, press(soup(ada.get(link)), "Sign in")).location == "/account/address"
    assert ada.get("/account/address").status_code == 200
    assert session_of(studio.accounts["ada"]).id != before
    assert db.session.get(AccountSession, before).ended_at is not None


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_proof_leads_back_to_this_site_alone(ada, studio, target):
    set_password(studio.accounts["ada"])
    answer = ada.post("/account/prove", data={"password": PASSWORD, "next": target})
    assert answer.location == "/account"
