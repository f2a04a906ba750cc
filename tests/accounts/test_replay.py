"""A cookie that was copied: whatever ends a session ends every copy of it, for good."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp.totp import TOTP

from booking.accounts import operations, passwords, staff, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Role
from booking.accounts.sessions import of_account
from booking.database import db, transact
from tests.cast import Studio, sign_in
from tests.conftest import Clock
from tests.web.pages import soup

PASSWORD = "a quiet lantern in the harbor"
NEW_PASSWORD = "seven umbrellas beside a kettle"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PAGES = {"ada": "/my/bookings", "lena": "/studio/"}


class House:
    """Ada's and Lena's browsers, and what happens to their accounts."""

    def __init__(self, app: Flask, studio: Studio, now: Clock):
        self.app, self.studio, self.now = app, studio, now
        self.staff = Actor("staff", studio.accounts["mara"])

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, self.studio.accounts[name], self.now())
        return client

    def change(self, name: str, **values: object) -> None:
        account_id = self.studio.accounts[name]

        def write() -> None:
            account = db.session.get_one(Account, account_id)
            for field, value in values.items():
                setattr(account, field, value)

        transact(write)

    def link(self, purpose: str, email: str, about: str = "") -> str:
        return transact(tokens.issue, purpose, email, about, self.now())

    def number(self, client: FlaskClient, name: str) -> int:
        """Return the number of a browser's session in the list of devices."""
        found = of_account(self.studio.accounts[name], self.now())
        this = tokens.digest(key_of(client))
        return next(one.id for one in found if one.key_hash == this)


@pytest.fixture
def house(app, studio, now) -> House:
    return House(app, studio, now)


def raw(client: FlaskClient) -> str:
    """The cookie as it travels, which a thief copies without being able to read it."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def key_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return cookie["_user_id"]


def gets_in(app: Flask, copied: str, page: str) -> bool:
    thief = app.test_client()
    thief.set_cookie("session", copied)
    answer = thief.get(page)
    assert answer.status_code in {200, 303}
    assert answer.status_code == 200 or answer.location.startswith("/sign-in")
    return answer.status_code == 200


# What ends the session of `mine`; `other` is another device of the same account.
Ending = Callable[[House, FlaskClient, FlaskClient, str], object]


def sign_out(house, mine, other, name):
    mine.post("/sign-out")


def new_password_elsewhere(house, mine, other, name):
    other.post("/account/password", data={"password": NEW_PASSWORD})


def new_password_here(house, mine, other, name):
    """The copy is of the very device on which the password is changed."""
    answer = mine.post("/account/password", data={"password": NEW_PASSWORD})
    assert answer.status_code == 303
    assert mine.get("/account").status_code == 200


def password_by_link(house, mine, other, name):
    email = db.session.get_one(Account, house.studio.accounts[name]).email
    link = house.link(tokens.PASSWORD, email)
    stranger = house.app.test_client()
    stranger.post(f"/password/{link}", data={"password": NEW_PASSWORD})


def end_this_device(house, mine, other, name):
    mine.post(f"/account/devices/{house.number(mine, name)}/end")


def end_it_from_elsewhere(house, mine, other, name):
    other.post(f"/account/devices/{house.number(mine, name)}/end")


def end_the_others(house, mine, other, name):
    other.post("/account/devices/end-others")


def another_address(house, mine, other, name):
    account_id = house.studio.accounts[name]
    link = house.link(tokens.ADDRESS, "moved@example.com", f"account:{account_id}")
    assert other.post(f"/address/{link}").location == "/account"


def second_step_elsewhere(house, mine, other, name):
    page = soup(other.get("/second-factor/set-up"))
    secret = "".join(page.select_one(".secret code").get_text().split())
    other.post("/second-factor/set-up", data={"code": TOTP(secret).at(house.now())})


def closed(house, mine, other, name):
    assert other.post("/account/close", data={"sure": "y"}).location == "/"


def signed_in_over_it(house, mine, other, name):
    link = house.link(tokens.SIGN_IN, "ada@example.com")
    assert mine.post(f"/sign-in/{link}").status_code == 303


def another_role(house, mine, other, name):
    transact(staff.change_role, house.studio.accounts[name], Role.MANAGER, house.staff, house.now())


def left_the_team(house, mine, other, name):
    transact(staff.end, house.studio.accounts[name], house.staff, house.now())


def left_and_came_back(house, mine, other, name):
    left_the_team(house, mine, other, name)
    transact(staff.resume, house.studio.accounts[name], house.staff, house.now())


def second_step_reset(house, mine, other, name):
    transact(staff.reset_factor, house.studio.accounts[name], house.staff, house.now())


def made_staff_anew(house, mine, other, name):
    hashed = passwords.hash_password(NEW_PASSWORD)
    email = "lena@heronlane.example"
    transact(operations.make_staff, email, hashed, Role.PRACTITIONER, house.now())


ANYBODY = [
    sign_out, new_password_elsewhere, new_password_here, password_by_link, end_this_device,
    end_it_from_elsewhere, end_the_others, another_address, second_step_elsewhere,
]  # fmt: skip
CLIENTS = [closed, signed_in_over_it]
STAFF = [
    another_role, left_the_team, left_and_came_back, second_step_reset, made_staff_anew,
]  # fmt: skip
CASES = [
    *(("ada", ending) for ending in [*ANYBODY, *CLIENTS]),
    *(("lena", ending) for ending in [*ANYBODY, *STAFF]),
]


@pytest.mark.parametrize(
    ("name", "ending"), CASES, ids=[f"{name}-{ending.__name__}" for name, ending in CASES]
)
def test_a_copied_cookie_is_dead_after(house, name: str, ending: Ending):
    mine, other = house.browser(name), house.browser(name)
    copied, page = raw(mine), PAGES[name]
    assert gets_in(house.app, copied, page)
    ending(house, mine, other, name)
    assert not gets_in(house.app, copied, page)
    house.now.forward(minutes=10)
    sign_in(other, house.studio.accounts["ada"], house.now())
    assert not gets_in(house.app, copied, page)


@pytest.mark.parametrize("way", ["password", "link", "this is my address", "reset", "invitation"])
def test_signing_in_never_goes_on_with_the_session_there_was(house, way):
    house.change("ada", password_hash=passwords.hash_password(PASSWORD))
    client = house.browser("bob")  # Somebody else's session, in the same browser.
    before, copied = key_of(client), raw(client)
    addresses = {
        "password": "/sign-in/password",
        "link": f"/sign-in/{house.link(tokens.SIGN_IN, 'ada@example.com')}",
        "this is my address": f"/this-is-me/{house.link(tokens.GUEST, 'new@example.com')}",
        "reset": f"/password/{house.link(tokens.PASSWORD, 'ada@example.com')}",
        "invitation": f"/studio/invitation/{_invitation(house)}",
    }
    password = PASSWORD if way == "password" else NEW_PASSWORD
    data = {"email": "ada@example.com", "name": "Neo", "password": password}
    assert client.post(addresses[way], data=data).status_code == 303
    assert key_of(client) != before
    assert not gets_in(house.app, copied, "/my/bookings")


def _invitation(house: House) -> str:
    def write() -> str:
        mara = db.session.get_one(Account, house.studio.accounts["mara"])
        return staff.invite(mara, "zoe@example.com", Role.PRACTITIONER, None, house.now()).about

    return house.link(tokens.INVITATION, "zoe@example.com", transact(write))


@pytest.mark.parametrize("planted", [{}, {"_user_id": "chosen by a stranger", "next": "/account"}])
def test_a_cookie_set_before_signing_in_is_not_the_session_afterwards(house, planted):
    house.change("ada", password_hash=passwords.hash_password(PASSWORD))
    stranger, victim = house.app.test_client(), house.app.test_client()
    stranger.post("/book", data={"option": house.studio.hour, "start": "2026-11-24T15:00Z"})
    with stranger.session_transaction() as cookie:
        cookie.update(planted)
    victim.set_cookie("session", raw(stranger))
    data = {"email": "ada@example.com", "password": PASSWORD}
    assert victim.post("/sign-in/password", data=data).location == "/my/bookings"
    assert victim.get("/my/bookings").status_code == 200
    assert not gets_in(house.app, raw(stranger), "/my/bookings")
    assert key_of(victim) != planted.get("_user_id")


@pytest.mark.parametrize("step", ["second step", "password again"])
def test_what_a_session_gains_its_copies_from_before_do_not(house, step):
    """Proving more renews the session's key: who copied it while it could do less gains nothing."""
    values = {"totp_secret": SECRET, "totp_since": house.now()} if step == "second step" else {}
    house.change("ada", password_hash=passwords.hash_password(PASSWORD), **values)
    mine = house.browser("ada")
    if step == "password again":
        house.now.forward(minutes=20)
    copied, page = raw(mine), "/account/password"
    assert mine.get(page).status_code == 303
    if step == "second step":
        answer = mine.post("/second-factor", data={"code": TOTP(SECRET).at(house.now())})
    else:
        answer = mine.post("/account/prove", data={"password": PASSWORD})
    assert answer.status_code == 303
    assert mine.get(page).status_code == 200
    thief = house.app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get(page).status_code == 303
