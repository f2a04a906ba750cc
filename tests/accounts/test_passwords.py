"""Passwords: which are refused and with which sentence; forgotten, changed, and kept up to date."""

from email.message import EmailMessage

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from booking import sending
from booking.accounts import operations, passwords
from booking.accounts.models import Account
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from tests.accounts.steps import (
    PASSWORD,
    account_of,
    ask_for_link,
    by_password,
    choose,
    letters,
    link_in,
    text_of,
)
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words

NEW = "seven kettles under the moss"
ADA = "ada@example.com"
MALLORY = "mallory@example.com"
WEAKER = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)


def forget(client, email: str):
    return send(client, press(soup(client.get("/password")), "Send me a link"), email=email)


def reset_link(client, tmp_path, email: str = ADA) -> str:
    forget(client, email)
    return link_in(letters(tmp_path, email)[-1], "password")


def matches(password: str, email: str = ADA) -> bool:
    return passwords.is_match(account_of(email).password_hash, password)


@pytest.mark.parametrize(
    ("email", "says", "has_link"),
    [
        (ADA, "has forgotten the password", True),
        ("lena@heronlane.example", "has forgotten the password", True),
        ("marco@heronlane.example", "it has no account here", False),
        ("nobody@example.com", "it has no account here", False),
    ],
    ids=["client", "staff", "closed", "unknown"],
)
def test_every_address_sees_the_same_page_and_reads_what_is_true(
    client, studio, now, tmp_path, email, says, has_link
):
    def close() -> None:
        db.session.get_one(Account, studio.accounts["marco"]).closed_at = now()

    transact(close)
    page, other = forget(client, email), forget(client, "somebody@example.com")
    assert page.status_code == 200
    assert page.get_data().replace(email.encode(), b"") == other.get_data().replace(
        b"somebody@example.com", b""
    )
    (letter,) = letters(tmp_path, email)
    assert says in text_of(letter)
    assert ("/password/" in text_of(letter)) == has_link


def test_a_forgotten_password_is_chosen_anew_once_and_everything_older_ends(
    app, client, studio, tmp_path, now
):
    elsewhere = app.test_client()
    sign_in(elsewhere, studio.accounts["ada"], now())
    ask_for_link(client, ADA)
    old_link = link_in(letters(tmp_path, ADA)[-1])
    unused, link = reset_link(client, tmp_path), reset_link(client, tmp_path)
    for _scanner in range(2):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert account_of(ADA).password_hash is None
    form = press(soup(client.get(link)), "Save and sign in")
    assert choose(client, link, PASSWORD).location == "/my/bookings"
    assert client.get("/my/bookings").status_code == 200
    assert elsewhere.get("/my/bookings").status_code == 303
    for dead in (old_link, unused, link):
        assert client.get(dead).status_code == 422
    assert send(app.test_client(), form, password=NEW).status_code == 422
    assert matches(PASSWORD)
    assert letters(tmp_path, ADA)[-1]["Subject"] == "Your password has been changed"


def test_a_weak_new_password_changes_nothing_and_the_link_still_works(client, studio, tmp_path):
    link = reset_link(client, tmp_path)
    answer = choose(client, link, "this is an example")
    assert answer.status_code == 422
    assert "A password must not contain “example”" in words(answer)
    assert account_of(ADA).password_hash is None
    assert choose(client, link, NEW).status_code == 303


def test_a_link_for_a_new_password_ends_after_half_an_hour(client, studio, tmp_path, now):
    link = reset_link(client, tmp_path)
    form = press(soup(client.get(link)), "Save and sign in")
    now.forward(minutes=30, seconds=1)
    assert client.get(link).status_code == send(client, form, password=NEW).status_code == 422
    assert account_of(ADA).password_hash is None


def test_a_new_password_on_the_account_page_keeps_this_device_alone(
    app, client, studio, tmp_path, now
):
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser, studio.accounts["ada"], now())
    form = press(soup(client.get("/account/password")), "Save")
    assert send(client, form, password=NEW).location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").location == "/sign-in?next=/account"
    assert matches(NEW)
    (letter,) = letters(tmp_path, ADA)
    assert "The password of your account was changed just now" in text_of(letter)
    assert NEW not in text_of(letter)


def test_an_old_hash_is_renewed_by_the_right_password_alone(client, studio):
    weak = WEAKER.hash(PASSWORD)
    keep_hash(studio, weak)
    by_password(client, ADA, "wrong")
    assert account_of(ADA).password_hash == weak
    assert by_password(client, ADA).status_code == 303
    renewed = account_of(ADA).password_hash
    assert renewed != weak
    assert not passwords.renewed(renewed, PASSWORD)
    assert matches(PASSWORD)
    by_password(client, ADA)
    assert account_of(ADA).password_hash == renewed


def keep_hash(studio, kept: str) -> None:
    def write() -> None:
        db.session.get_one(Account, studio.accounts["ada"]).password_hash = kept

    transact(write)


def change_password(studio, now) -> None:
    hashed = passwords.hash_password(NEW)
    transact(operations.set_password, studio.accounts["ada"], hashed, None, now())


@pytest.mark.parametrize("make_hash", [passwords.hash_password, WEAKER.hash], ids=["now", "old"])
def test_a_sign_in_that_a_new_password_overtakes_gets_nowhere(
    client, studio, now, monkeypatch, make_hash
):
    """The password is changed between the look at the old one and the session that begins."""
    keep_hash(studio, make_hash(PASSWORD))
    check = operations.check_password

    def slowly(*typed: str):
        match = check(*typed)
        change_password(studio, now)
        return match

    monkeypatch.setattr(operations, "check_password", slowly)
    answer = by_password(client, ADA)
    assert matches(NEW)
    assert client.get("/account").status_code == 303
    assert answer.status_code == 422


def ask_new_address(client, studio, now) -> None:
    sign_in(client, studio.accounts["ada"], now())
    client.post("/account/address", data={"email": MALLORY})


def test_a_new_password_kills_a_link_to_another_address(client, studio, tmp_path, now):
    ask_new_address(client, studio, now)
    link = link_in(letters(tmp_path, MALLORY)[0], "address")
    change_password(studio, now)
    sign_in(client, studio.accounts["ada"], now())
    assert client.get(link).status_code == client.post(link).status_code == 422
    assert account_of(MALLORY) is None


def test_a_new_password_keeps_a_waiting_link_from_leaving(client, studio, tmp_path, now):
    ask_new_address(client, studio, now)
    change_password(studio, now)
    assert letters(tmp_path, MALLORY) == []
    mail = db.session.scalars(select(OutgoingMail).filter_by(kind="new_address")).one()
    assert mail.state is MailState.VOID


def test_a_link_that_leaves_while_the_password_is_changed_is_dead_too(
    client, studio, tmp_path, now, monkeypatch
):
    """The worker holds the mail already, and makes the link after the change."""
    ask_new_address(client, studio, now)
    compose, held = sending._compose, []

    def slowly(mail, sender, moment) -> EmailMessage:
        mail_id = mail.id
        if mail.kind == "new_address":
            held.append(mail_id)
            change_password(studio, now)
        return compose(db.session.get_one(OutgoingMail, mail_id), sender, moment)

    monkeypatch.setattr(sending, "_compose", slowly)
    for letter in letters(tmp_path, MALLORY):
        client.post(link_in(letter, "address"))
    assert len(held) == 1
    assert account_of(MALLORY) is None
    assert account_of(ADA) is not None
