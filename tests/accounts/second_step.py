"""Setting up the second step in tests, and giving its codes."""

from datetime import timedelta

import pyotp

from booking.accounts.models import Account
from booking.database import db, transact
from booking.practice import queries as practice
from tests.web.pages import press, send, soup

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
