"""What people do with accounts, as the tests do it: ask, sign in, read the mail, choose."""

import re
import threading
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import func, select

from booking.accounts import operations, passwords
from booking.accounts.models import Account
from booking.database import db, transact
from booking.worker import turn
from tests.web.pages import press, send, soup

PASSWORD = "a quiet lantern in the harbor"
# Who has no account yet.
NEW = "grace@example.com"


def ask_for_link(client, email: str):
    return client.post("/sign-in/link", data={"email": email})


def set_password(account_id: int) -> None:
    hashed = passwords.hash_password(PASSWORD)

    def write() -> None:
        db.session.get_one(Account, account_id).password_hash = hashed

    transact(write)


def by_password(client, email: str, password: str = PASSWORD):
    return client.post("/sign-in/password", data={"email": email, "password": password})


def letters(tmp_path, address: str) -> list[EmailMessage]:
    """Let the worker write what waits; return the mails to an address, the oldest first."""
    while turn():
        pass
    paths = (tmp_path / "instance" / "mail").glob("*.eml")
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)
    ]
    return [letter for letter in found if letter["To"] == address]


def text_of(letter: EmailMessage) -> str:
    """The text of a mail, what was wrapped as one line."""
    return re.sub(r"(.{55})\n(?!\n|http|$)", r"\1 ", letter.get_body(("plain",)).get_content())


def link_in(letter: EmailMessage, page: str = "sign-in") -> str:
    """Return the path of the one-time link in a mail."""
    return re.search(rf"http://localhost(/{page}/[\w-]+)", text_of(letter)).group(1)


def account_of(email: str = NEW) -> Account | None:
    db.session.rollback()
    return operations.find_account(email)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def meet(monkeypatch, module, name: str) -> None:
    """Let two calls of a function begin at the same moment, where the database lets them."""
    barrier, real = threading.Barrier(2), getattr(module, name)

    def together(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, together)


def choose(client, link: str, password: str):
    return send(client, press(soup(client.get(link)), "Save and sign in"), password=password)
