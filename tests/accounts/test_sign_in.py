"""Signing in: by a link that works once, by password for staff; sessions that end when they end."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.accounts import operations, passwords, people
from booking.accounts.models import Account, AccountSession, OneTimeToken, Person, Role
from booking.bookings.clients import Details
from booking.database import db, transact
from booking.domain.errors import PasswordTooWeak
from booking.mail.models import OutgoingMail
from booking.worker import turn
from tests.accounts.steps import (
    PASSWORD,
    ask_for_link,
    by_password,
    set_password,
)
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words


def mailed_link(tmp_path) -> str:
    """Let the worker write the waiting mail and return the link in it."""
    turn()
    newest = max(
        (tmp_path / "instance" / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns
    )
    return re.search(r"/sign-in/[\w-]+", newest.read_text().replace("=\n", "")).group()


def test_a_link_signs_in_by_a_press_and_only_once(client, studio, tmp_path):
    assert ask_for_link(client, "ada@example.com").status_code == 200
    link = mailed_link(tmp_path)
    for _scanner in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    answer = send(client, press(soup(client.get(link)), "Sign in"))
    assert answer.location == "/my/bookings"
    assert client.get("/my/bookings").status_code == 200
    again = client.post(link)
    assert again.status_code == 422
    assert "This link has been used or is too old" in words(again)


def test_a_link_ends_after_half_an_hour(client, studio, tmp_path, now):
    ask_for_link(client, "ada@example.com")
    link = mailed_link(tmp_path)
    now.forward(minutes=31)
    assert client.post(link).status_code == 422


def test_known_and_unknown_addresses_get_the_same_answer(client, studio):
    known, unknown = (
        ask_for_link(client, email).get_data(as_text=True).replace(email, "ADDRESS")
        for email in ("ada@example.com", "nobody@example.com")
    )
    assert known == unknown


def test_the_secret_of_a_link_is_kept_nowhere(client, studio, tmp_path):
    ask_for_link(client, "ada@example.com")
    secret = mailed_link(tmp_path).rpartition("/")[2]
    mail = db.session.scalars(select(OutgoingMail)).one()
    token = db.session.scalars(select(OneTimeToken)).one()
    kept = f"{mail.body_text}{mail.body_html}{token.token_hash}"
    assert secret not in kept


def test_a_first_link_makes_the_account_and_brings_the_guests_bookings_home(
    client, studio, tmp_path, now
):
    book(studio.hour, at(10), now())
    ask_for_link(client, "Grace@Example.com")
    client.post(mailed_link(tmp_path), data={"name": "Grace Hill"})
    assert "Tuesday, November 24, 10:00 AM" in words(client.get("/my/bookings"))
    account = operations.find_account("grace@example.com")
    assert account.role is Role.CLIENT
    assert [person.name for person in account.persons] == ["Grace Hill"]


def test_a_guest_with_ada_s_address_stays_a_person_of_their_own(client, studio, tmp_path, now):
    book(studio.hour, at(10), now(), details=Details("Mallory", "ada@example.com"))
    ask_for_link(client, "ada@example.com")
    client.post(mailed_link(tmp_path))
    names = db.session.scalars(
        select(Person.name).where(Person.account_id == studio.accounts["ada"]).order_by(Person.id)
    ).all()
    assert names == ["Ada", "Mallory"]
    account = db.session.get_one(Account, studio.accounts["ada"])
    assert people.own_person(account).name == "Ada"


def test_a_guest_is_never_taken_for_the_account_holder(client, studio, tmp_path, now):
    book(studio.hour, at(10), now(), details=Details("Mallory", "victim@example.com"))
    ask_for_link(client, "victim@example.com")
    client.post(mailed_link(tmp_path), data={"name": "Vera Victim"})
    account = operations.find_account("victim@example.com")
    assert {person.name for person in account.persons} == {"Vera Victim", "Mallory"}
    assert people.own_person(account).name == "Vera Victim"


def test_staff_get_no_link(client, studio):
    ask_for_link(client, "lena@heronlane.example")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.token_purpose is None
    assert "password" in mail.body_text


def test_staff_sign_in_by_password_and_land_on_today(client, studio):
    set_password(studio.accounts["lena"])
    answer = by_password(client, "Lena@HeronLane.example")
    assert answer.location == "/studio/"
    assert client.get("/studio/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [("lena@heronlane.example", "wrong"), ("nobody@example.com", PASSWORD),
     ("ada@example.com", PASSWORD)],
    ids=["wrong password", "unknown address", "no password set"],
)  # fmt: skip
def test_what_does_not_match_is_refused_in_the_same_words(client, studio, email, password):
    set_password(studio.accounts["lena"])
    answer = by_password(client, email, password)
    assert answer.status_code == 422
    assert "Address and password do not match." in words(answer)
    assert soup(answer).select("details[open] [name=email]")[0]["value"] == email


def test_signing_in_goes_on_to_where_one_was_going(client, studio):
    set_password(studio.accounts["lena"])
    asked = client.get("/studio/day/2026-11-24")
    assert asked.location == "/sign-in?next=/studio/day/2026-11-24"
    form = press(soup(client.get(asked.location)).find("details"), "Sign in")
    answer = send(client, form, email="lena@heronlane.example", password=PASSWORD)
    assert answer.location == "/studio/day/2026-11-24"


def test_a_new_session_has_a_new_key_and_the_old_one_is_dead(client, studio, now):
    set_password(studio.accounts["lena"])
    sign_in(client, studio.accounts["lena"], now())
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    by_password(client, "lena@heronlane.example")
    with client.session_transaction() as cookie:
        after = cookie["_user_id"]
        cookie["_user_id"] = before
    assert before != after
    assert client.get("/studio/").status_code == 303


def test_a_cookie_kept_from_before_signing_out_is_dead(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    with client.session_transaction() as cookie:
        kept = cookie["_user_id"]
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = kept
    assert client.get("/my/bookings").status_code == 303


@pytest.mark.parametrize(
    ("name", "page", "idle", "whole"),
    [
        ("lena", "/studio/", timedelta(minutes=60), timedelta(hours=12)),
        ("ada", "/my/bookings", timedelta(days=14), timedelta(days=30)),
    ],
)
def test_sessions_end_when_idle_and_in_any_case(client, studio, now, name, page, idle, whole):
    sign_in(client, studio.accounts[name], now())
    begun = now()
    while now() + idle < begun + whole:
        now.set(now() + idle - timedelta(seconds=1))
        assert client.get(page).status_code == 200
    now.set(begun + whole + timedelta(seconds=1))
    assert client.get(page).status_code == 303
    sign_in(client, studio.accounts[name], now())
    now.set(now() + idle + timedelta(seconds=1))
    assert client.get(page).status_code == 303


def test_the_last_use_is_noted_now_and_then(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    first = now()
    now.forward(minutes=4)
    client.get("/my/bookings")
    assert db.session.scalar(select(AccountSession.last_used_at)) == first
    db.session.rollback()
    now.forward(minutes=2)
    client.get("/my/bookings")
    assert db.session.scalar(select(AccountSession.last_used_at)) == now()


def test_only_a_hash_of_the_key_is_kept(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    assert db.session.scalar(select(AccountSession.key_hash)) != key


def test_short_passwords_are_refused():
    with pytest.raises(PasswordTooWeak):
        passwords.hash_password("short")


def test_a_closed_account_cannot_sign_in(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())

    def close() -> None:
        db.session.get_one(Account, studio.accounts["ada"]).closed_at = now()

    transact(close)
    assert client.get("/my/bookings").status_code == 303


def test_of_two_who_press_one_link_at_once_one_gets_in(app, studio, now):
    from booking.accounts import tokens
    from booking.domain.errors import LinkSpent

    secret = transact(tokens.issue, tokens.SIGN_IN, "ada@example.com", "", now())
    assert transact(tokens.consume, tokens.SIGN_IN, secret, now()).email == "ada@example.com"
    with pytest.raises(LinkSpent):
        transact(tokens.consume, tokens.SIGN_IN, secret, now())
    assert db.session.scalar(select(func.count(OneTimeToken.id))) == 1


def test_a_new_password_ends_the_old_sessions(client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    hashed = passwords.hash_password(PASSWORD)
    transact(operations.make_staff, "lena@heronlane.example", hashed, Role.MANAGER, now())
    assert client.get("/studio/").status_code == 303
