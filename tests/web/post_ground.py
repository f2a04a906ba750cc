"""The studio in which each form of the site is sent, and what all forms need of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from booking.accounts import passwords, people, staff, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Invitation, Role
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.practice.models import Practice
from tests import cast

OLD, NEW = "a quiet lantern in the harbor", "seven umbrellas beside a kettle"
MARA = Actor("staff", 5)

Sent = tuple[FlaskClient, str, dict[str, Any]]


class Ground:
    """A studio, who is in it and what is booked."""

    def __init__(self, app: Flask, now):
        self.app, self.now, self.times, self.classes = app, now, 0, 0
        self.studio = cast.make_studio(now())
        for name in ("ada", "lena"):
            self.change(name, password_hash=passwords.hash_password(OLD))

    def account(self, name: str) -> Account:
        return db.session.get_one(Account, self.studio.accounts[name])

    def change(self, name: str, **values: object) -> None:
        def write() -> None:
            for field, value in values.items():
                setattr(self.account(name), field, value)

        transact(write)

    def visit(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        cast.sign_in(client, self.studio.accounts[name], self.now())
        return client

    def link(self, purpose: str, email: str, about: str = "") -> str:
        return transact(tokens.issue, purpose, email, about, self.now())

    def book(self, day: int = 0, account: str | None = "ada") -> Booking:
        """Book an hour of Lena's for Ada, or for a guest, each time the next that is free."""
        self.times += 1
        days = self.times // 3
        weekends = (days + 1) // 5  # Counted from Tuesday, the 24th.
        start = cast.at(11 + self.times % 3 * 2, day=day or 24)
        start += timedelta(days=0 if day else days + 2 * weekends)
        return cast.book(
            self.studio.training, start, self.now(), account=account, studio=self.studio
        )

    def request(self) -> int:
        """Ask for an hour of Lena's as somebody new."""

        def approve(is_asked: bool) -> None:
            db.session.get_one(Practice, 1).new_approval = is_asked

        transact(approve, True)
        booking = self.book()
        transact(approve, False)
        return booking.id

    def paid(self) -> tuple[str, dict[str, Any]]:
        """A payment of Ada's, and where it is taken back."""
        booking_id = self.book().id
        taken = cast.pay(booking_id, 8000, self.now()).id
        return f"/studio/bookings/{booking_id}/money/take-back", {"payment": taken}

    def held(self, client: FlaskClient) -> str:
        """Set a massage aside and return the address of its details."""
        self.times += 1
        start = f"2026-12-{7 + self.times % 5:02}T15:00Z"
        return client.post("/book", data={"option": self.studio.hour, "start": start}).location

    def person(self, name: str) -> int:
        own = people.own_person(self.account(name))
        assert own is not None
        return own.id

    def child(self) -> int:
        return transact(
            lambda: people.add(self.account("ada"), "Cleo", "", is_minor=True, now=self.now()).id
        )

    def invited(self, email: str) -> Invitation:
        return transact(
            lambda: staff.invite(self.account("mara"), email, Role.PRACTITIONER, None, self.now())
        )

    def picture(self) -> str:
        """Write a logo to a file, which can be sent as often as one likes; return its path."""
        path = Path(self.app.config["INSTANCE_PATH"]) / "logo.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 10), "green").save(path)
        return str(path)
