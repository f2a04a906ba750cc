"""Signing up: an account begins with an address that somebody has proved to read."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from booking.accounts import people, tokens
from booking.accounts.models import Account, AccountSession, Person, Role
from booking.database import transact
from tests.accounts.steps import (
    NEW,
    PASSWORD,
    account_of,
    by_password,
    count,
    letters,
    link_in,
    meet,
    text_of,
)
from tests.web.pages import press, send, soup, words

SIGN_UP = """\
Somebody, probably you, asked for an account with this address. The link works once, for 30 minutes.

If it was not you, do nothing: without the link there is no account.

Make my account:
http://localhost/sign-in/SECRET

--
Heron Lane Studio
12 Heron Lane
Melbourne, FL 32901
+1 321 555 0142

You get this mail because your address was typed on our pages.
"""
SIGN_IN = """\
Somebody, probably you, asked to sign in with this address. The link works once, for 30 minutes.

If it was not you, do nothing: without the link nobody gets in.

Sign in:
http://localhost/sign-in/SECRET

--
Heron Lane Studio
12 Heron Lane
Melbourne, FL 32901
+1 321 555 0142

You get this mail because your address was typed on our pages.
"""


def ask(client, email: str = NEW):
    return send(client, press(soup(client.get("/sign-up")), "Send me a link"), email=email)


def mailed(client, tmp_path, email: str = NEW) -> str:
    """Ask for an account and return the link that comes by mail."""
    assert ask(client, email).status_code == 200
    return link_in(letters(tmp_path, email)[-1])


def make(client, link: str, **typed: str):
    return send(client, press(soup(client.get(link)), "Make my account"), **typed)


def test_an_account_begins_with_the_press_behind_the_mail_and_not_before(client, studio, tmp_path):
    before = count(Account), count(Person), count(AccountSession)
    assert "Look at your mail" in words(ask(client))
    link = link_in(letters(tmp_path, NEW)[0])
    for _scanner in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert (count(Account), count(Person), count(AccountSession)) == before
    answer = make(client, link, name="Grace Hill")
    assert answer.location == "/my/bookings"
    assert client.get("/my/bookings").status_code == 200
    account = account_of()
    assert (account.role, account.password_hash) == (Role.CLIENT, None)
    assert [(one.name, one.is_holder) for one in account.persons] == [("Grace Hill", True)]


@pytest.mark.parametrize("name", ["", "  "], ids=["nothing", "spaces"])
def test_the_name_is_asked_for(client, studio, tmp_path, name):
    link = mailed(client, tmp_path)
    answer = make(client, link, name=name)
    assert answer.status_code == 422
    assert "Please tell us your name." in words(answer)
    assert account_of() is None
    assert make(client, link, name="Grace Hill").status_code == 303


def test_who_chooses_a_password_can_sign_in_with_it(app, client, studio, tmp_path):
    make(client, mailed(client, tmp_path), name="Grace Hill", password=PASSWORD)
    assert PASSWORD not in account_of().password_hash
    assert by_password(app.test_client(), NEW).location == "/my/bookings"
    assert by_password(app.test_client(), NEW, f"{PASSWORD} ").status_code == 422


def test_who_chooses_none_cannot_sign_in_with_an_empty_one(app, client, studio, tmp_path):
    make(client, mailed(client, tmp_path), name="Grace Hill", password="")
    assert account_of() is not None
    for password in ("", " ", PASSWORD):
        assert by_password(app.test_client(), NEW, password).status_code == 422


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("fourteen chars", "A password needs at least 15 characters."),
        ("an Amazing grace it is", "A password must not contain “grace”: that is guessed first."),
        ("under a HERON at noon", "A password must not contain “heron”: that is guessed first."),
        ("aaaaaaaaaaaaaaaa", "Repeating letters or words is easy to guess."),
        ("quiet lantern " * 20, "Please use at most 256 characters."),
    ],
    ids=["short", "name", "practice", "guessable", "endless"],
)
def test_a_weak_password_is_refused_the_name_kept_and_the_link_still_works(
    client, studio, tmp_path, password, sentence
):
    link = mailed(client, tmp_path)
    answer = make(client, link, name="Grace Hill", password=password)
    assert answer.status_code == 422
    assert sentence in words(answer)
    page = soup(answer)
    assert page.find(id="name")["value"] == "Grace Hill"
    assert page.select("details[open] [name=password]")
    assert password not in answer.get_data(as_text=True)
    assert account_of() is None
    assert make(client, link, name="Grace Hill", password=PASSWORD).status_code == 303
    assert by_password(client, NEW).status_code == 303


def test_the_link_pressed_twice_makes_one_account_and_lets_nobody_else_in(
    app, client, studio, tmp_path
):
    link = mailed(client, tmp_path)
    form = press(soup(client.get(link)), "Make my account")
    assert send(client, form, name="Grace Hill").status_code == 303
    before = count(Account), count(Person), count(AccountSession)
    other = app.test_client()
    for again in (send(other, form, name="Mallory"), other.get(link)):
        assert again.status_code == 422
        assert "This link has been used or is too old" in words(again)
    assert other.get("/my/bookings").status_code == 303
    assert (count(Account), count(Person), count(AccountSession)) == before
    assert [one.name for one in account_of().persons] == ["Grace Hill"]


def test_a_link_that_is_too_old_makes_nothing(client, studio, tmp_path, now):
    link = mailed(client, tmp_path)
    form = press(soup(client.get(link)), "Make my account")
    now.forward(minutes=31)
    assert send(client, form, name="Grace Hill").status_code == 422
    assert account_of() is None


@pytest.mark.parametrize("email", ["ada@example.com", "lena@heronlane.example"])
def test_an_address_that_has_an_account_gets_the_very_same_page(client, studio, email):
    taken, free = ask(client, email), ask(client)
    assert taken.status_code == free.status_code == 200
    assert taken.get_data().replace(email.encode(), b"ADDRESS") == free.get_data().replace(
        NEW.encode(), b"ADDRESS"
    )
    assert [name for name, _value in taken.headers] == [name for name, _value in free.headers]


def test_an_address_that_has_an_account_gets_a_mail_to_sign_in(client, studio, tmp_path):
    before = count(Account), count(Person)
    ask(client, "Ada@Example.com")
    link = link_in(letters(tmp_path, "ada@example.com")[-1])
    answer = send(client, press(soup(client.get(link)), "Sign in"))
    assert answer.location == "/my/bookings"
    assert (count(Account), count(Person)) == before


@pytest.mark.parametrize(
    ("email", "subject", "text"),
    [
        (NEW, "Your account at Heron Lane Studio", SIGN_UP),
        ("ada@example.com", "Your sign-in link for Heron Lane Studio", SIGN_IN),
    ],
    ids=["new", "known"],
)
def test_the_mails_say_what_was_asked_and_what_to_do(
    client, studio, tmp_path, email, subject, text
):
    ask(client, email)
    (letter,) = letters(tmp_path, email)
    secret = link_in(letter).rpartition("/")[2]
    assert letter["Subject"] == subject
    assert text_of(letter).replace(secret, "SECRET") == text
    html = letter.get_body(("html",)).get_content()
    assert f'href="http://localhost/sign-in/{secret}"' in html


def test_staff_who_sign_up_are_told_of_their_password_and_get_no_link(client, studio, tmp_path):
    ask(client, "lena@heronlane.example")
    (letter,) = letters(tmp_path, "lena@heronlane.example")
    assert "Staff sign in with their password." in text_of(letter)
    assert "/sign-in/" not in text_of(letter)


@pytest.mark.parametrize(
    ("purpose", "where"), [(tokens.SIGN_IN, "sign-in"), (tokens.GUEST, "this-is-me")]
)
def test_two_links_pressed_at_the_same_moment_make_one_account(
    app, studio, now, monkeypatch, purpose, where
):
    first, second = (
        transact(tokens.issue, one, NEW, "", now()) for one in (tokens.SIGN_IN, purpose)
    )
    links = f"/sign-in/{first}", f"/{where}/{second}"
    meet(monkeypatch, people, "open_account")
    with ThreadPoolExecutor(2) as pool:
        pressed = [
            pool.submit(app.test_client().post, link, data={"name": "Grace"}) for link in links
        ]
        answers = [one.result().status_code for one in pressed]
    assert set(answers) <= {303, 422}
    assert [one.name for one in account_of().persons] == ["Grace"]
