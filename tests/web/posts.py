"""One valid post for each form of each route, in a world in which each has something to do."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from sqlalchemy import func, select

from booking.accounts import passwords, people, staff, tokens
from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Account, Invitation, Role
from booking.bookings import changes
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.models import Booking
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.practice import queries as practice
from booking.web.editing import digest
from tests import cast
from tests.web.pages import soup

OLD, NEW = "a quiet lantern in the harbor", "seven umbrellas beside a kettle"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOKEN = "a-token-of-a-page-that-was-opened"

# Made anew wherever it is needed: what is compared is whether there is one.
RANDOM = {
    "token_hash", "key_hash", "token", "hold_token", "visitor", "dedupe_key", "lease",
    "code_hash", "password_hash", "totp_secret",
}  # fmt: skip

# Columns of every table and names of other forms' fields: whatever a view might take unasked.
EXTRA = {
    column.key: "1" for table in db.metadata.sorted_tables for column in table.columns
} | {
    "email": "bob@example.com", "to_address": "eve@evil.example", "name": "Mallory",
    "role": "manager", "status": "arrived", "closed_at": "", "is_holder": "y", "is_minor": "y",
    "consent": "y", "sure": "y", "price_cents": "0", "price": "0", "person": "2", "person_id": "2",
    "account": "5", "account_id": "5", "guardian": "2", "guardian_id": "2", "revision": "7",
    "starts_at": "2026-12-01T15:00Z", "days": "never", "way": "own", "language": "es",
    "is_remembered": "", "factor_at": "2026-11-23T13:00Z", "proved_at": "2026-11-23T13:00Z",
    "actor": "staff:5", "is_admin": "1", "next": "//evil.example", "_method": "DELETE",
}  # fmt: skip

Sent = tuple[FlaskClient, str, dict[str, Any]]


class World:
    """A studio, and for each form of it somebody who is about to send it as it is meant."""

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

    def book(self, day: int = 0) -> Booking:
        """Book an hour of Lena's for Ada, each time the next that is free."""
        self.times += 1
        start = cast.at(11 + self.times % 3 * 2, day=day or 24 + self.times // 3)
        return cast.book(self.studio.training, start, self.now(), account="ada", studio=self.studio)

    def held(self, client: FlaskClient) -> str:
        """Set a massage aside and return the address of its details."""
        self.times += 1
        start = f"2026-12-{7 + self.times % 5:02}T15:00Z"
        return client.post("/book", data={"option": self.studio.hour, "start": start}).location

    def class_of(self, *taken: str) -> int:
        """Plan a class of its own and return the first of its dates."""
        self.classes += 1
        start = 6 * 60 + self.classes // 2 * 21
        session_id = cast.plan_class(
            self.studio, self.now(), name=f"Yoga {self.classes}", start_minute=start,
            first_on=date(2026, 11, 28), weekday=5 if self.classes % 2 else 6, room_id=None,
            minutes=20, term_cents=1500, last_on=date(2026, 12, 13),
        )[0]  # fmt: skip
        if taken:
            cast.take(session_id, self.now(), *map(self.guest, taken))
        return session_id

    def guest(self, name: str) -> str:
        """A guest of that name with an address of their own: one has a few open bookings only."""
        first, _space, last = name.partition(" ")
        return f"{first}{self.classes} {last}"

    def class_today(self) -> int:
        """A class of today with somebody in it, who can be marked."""
        session_id = cast.plan_class(
            self.studio, self.now(), name="Today", weekday=0, first_on=date(2026, 11, 23),
            start_minute=20 * 60, room_id=None,
        )[0]  # fmt: skip
        cast.take(session_id, self.now(), self.guest("Grace Hill"))
        return session_id

    def term(self) -> str:
        return db.session.get_one(ClassSession, self.class_of()).series.slug

    def series(self) -> int:
        session = db.session.get_one(ClassSession, self.class_of("Grace Hill"))
        return session.series_id

    def a_change(self) -> dict[str, Any]:
        session = db.session.scalars(
            select(ClassSession).order_by(ClassSession.id.desc()).limit(1)
        ).one()
        return {
            "day": "2026-12-19", "start": "07:00", "minutes": 20, "capacity": 9, "scope": "this",
            "practitioner": session.practitioner_id, "room": 0,
        }  # fmt: skip

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

    def member(self, do: str, **data: Any) -> Sent:
        return self.visit("mara"), f"/studio/team/{self.studio.accounts['marco']}/{do}", data

    def at_second_step(self) -> Sent:
        self.change("ada", totp_secret=SECRET, totp_since=self.now(), totp_step=None)
        return self.visit("ada"), "/second-factor", {"code": TOTP(SECRET).at(self.now())}

    def past_second_step(self, path: str) -> Sent:
        client, step, data = self.at_second_step()
        client.post(step, data=data)
        return client, path, {}


def over(name: str, path: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda world: (world.visit(name), path, data)


def free(path: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda world: (world.app.test_client(), path, data)


def by_link(path: str, purpose: str, email: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"{path}/{w.link(purpose, email)}", data)


def of_booking(do: str, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"/manage/{make_link(w.book())}/{do}", data)


def in_studio(do: str, day: int = 0, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.visit("lena"), f"/studio/bookings/{w.book(day).id}/{do}", data)


def moved_by_staff(world: World) -> Sent:
    booking = world.book(day=30)
    is_now = {"day": booking.local_start.date(), "time": booking.local_start.time(), "minutes": 60,
              "practitioner": booking.practitioner_id, "room": booking.room_id}  # fmt: skip
    wanted = {**is_now, "day": "2026-12-22", "time": "10:10", "minutes": 50, "tell": "yes"}
    typed, path = wanted | {"seen": digest(is_now)}, f"/studio/bookings/{booking.id}/move"
    return world.visit("lena"), path, typed


def undone_by_staff(world: World) -> Sent:
    booking_id, actor = world.book(day=30).id, Actor("staff", world.studio.accounts["lena"])
    transact(changes.cancel, booking_id, actor, practice.current(), world.now())
    return world.visit("lena"), f"/studio/bookings/{booking_id}/undo", {"revision": 2}


def book(world: World) -> Sent:
    client = world.visit("bob")
    return client, world.held(client), {"option": world.studio.long, "policy": "y"}


def book_as_guest(world: World) -> Sent:
    client = world.app.test_client()
    typed = {"name": "Grace", "email": "grace@example.com", "policy": "y"}
    return client, world.held(client), {"option": world.studio.hour, **typed}


def in_class(path: str, *taken: str, who: str = "bob", **data: Any) -> Callable[[World], Sent]:
    """A form of a class's page, sent when people of these names have taken their places."""

    def prepare(world: World) -> Sent:
        session_id = world.class_of(*taken)
        return world.visit(who), path.format(session_id), {"attempt": TOKEN, **data}

    return prepare


def of_places(world: World) -> Sent:
    session_id = world.class_of()
    made = cast.take(session_id, world.now(), *map(world.guest, ("Grace Hill", "Tom Wexler")))
    link = enrolment_link(made)
    return world.app.test_client(), f"/places/{link}/undo", {"revision": 1}


def waiting(do: str, *, is_offered: bool = True) -> Callable[[World], Sent]:
    """A press on the page of somebody in line, to whom a place is offered."""

    def prepare(world: World) -> Sent:
        session_id = world.class_of()
        names = map(world.guest, ("Grace Hill", "Tom Wexler"))
        taken = cast.take(session_id, world.now(), *names).places[0].id
        entry = cast.wait(session_id, world.now(), world.guest("Ines Rocha")).id
        if is_offered:
            transact(changes.cancel, taken, GUEST, practice.current(), world.now())
        link = waiting_link(db.session.get_one(WaitlistEntry, entry))
        data = {"offer": latest_offer()} if is_offered else {}
        return world.app.test_client(), f"/waiting/{link}/{do}", data

    return prepare


def latest_offer() -> int:
    return db.session.scalar(select(func.max(Offer.id))) or 0


def tell_me(world: World) -> Sent:
    """A wish that nothing free suits: nobody works on a Sunday."""
    data = {
        "attempt": TOKEN, "option": world.studio.hour, "practitioner": 0,
        "until": "2026-12-10", "sunday": "y", "policy": "y", "person": world.person("bob"),
    }  # fmt: skip
    return world.visit("bob"), "/services/massage/tell-me", data


def let_go(world: World) -> Sent:
    client = world.app.test_client()
    return client, f"{world.held(client)}/let-go", {}


def accept(world: World) -> Sent:
    about = world.invited("zoe@example.com").about
    link = world.link(tokens.INVITATION, "zoe@example.com", about)
    return world.app.test_client(), f"/studio/invitation/{link}", {"name": "Zoe", "password": NEW}


def confirm_address(world: World) -> Sent:
    link = world.link(tokens.ADDRESS, "bob@new.example", world.account("bob").about)
    return world.visit("bob"), f"/address/{link}", {}


def end_device(world: World) -> Sent:
    client = world.visit("ada")
    forms = soup(client.get("/account/devices")).select("form[action$='/end']")
    return client, str(forms[0]["action"]), {}


def set_up(world: World) -> Sent:
    client, path = world.visit("bob"), "/second-factor/set-up"
    secret = soup(client.get(path)).select_one(".secret code").get_text()
    return client, path, {"code": TOTP("".join(secret.split())).at(world.now())}


FORMS: dict[str, Callable[[World], Sent]] = {
    "accounts.send_link": free("/sign-in/link", email="ada@example.com"),
    "accounts.by_password": free("/sign-in/password", email="ada@example.com", password=OLD),
    "accounts.use_link": by_link("/sign-in", tokens.SIGN_IN, "new@example.com", name="Neo"),
    "accounts.do_sign_up": free("/sign-up", email="newer@example.com"),
    "accounts.do_my_address": by_link("/this-is-me", tokens.GUEST, "me@example.com", name="Me"),
    "accounts.do_forgotten": free("/password", email="lena@heronlane.example"),
    "accounts.do_new_password": by_link(
        "/password", tokens.PASSWORD, "lena@heronlane.example", password=NEW
    ),
    "accounts.do_prove": over("ada", "/account/prove", password=OLD),
    "accounts.change_details": over("ada", "/account", name="Ada B", phone="", language=""),
    "accounts.change_password": over("bob", "/account/password", password=NEW),
    "accounts.change_address": over("bob", "/account/address", email="b@elsewhere.example"),
    "accounts.do_confirm_address": confirm_address,
    "accounts.end_device": end_device,
    "accounts.end_others": over("ada", "/account/devices/end-others"),
    "accounts.add_person": over("ada", "/account/people/new", name="Dora"),
    "accounts.change_person": lambda w: (
        w.visit("ada"), f"/account/people/{w.child()}", {"name": "Cleo B"},
    ),
    "accounts.do_remove_person": lambda w: (
        w.visit("ada"), f"/account/people/{w.child()}/remove", {},
    ),
    "accounts.do_export": over("ada", "/account/export"),
    "bookings.hold": lambda w: (
        w.app.test_client(), "/book", {"option": w.studio.hour, "start": "2026-12-14T15:00Z"},
    ),
    "bookings.let_go": let_go,
    "bookings.book": book,
    "bookings.book, by a guest": book_as_guest,
    "bookings.undo": of_booking("undo", revision=1),
    "bookings.do_cancel": of_booking("cancel"),
    "bookings.do_move": of_booking("move", start="2026-12-15T15:00Z"),
    "bookings.acknowledge": of_booking("acknowledge"),
    "bookings.choose_reminders": over("ada", "/account/reminders", way="own", day="y"),
    "bookings.book_class": in_class("/classes/book/{}", kind="drop_in", who_2="y", policy="y"),
    "bookings.book_class, by a guest": lambda w: (
        w.app.test_client(), f"/classes/book/{w.class_of()}",
        {"attempt": TOKEN, "kind": "drop_in", "name": "Grace", "email": "grace@example.com",
         "companion_1": "Tom", "policy": "y"},
    ),
    "bookings.wait_for_class": in_class(
        "/classes/book/{}/wait", "Grace Hill", "Tom Wexler", who_2="y", policy="y"
    ),
    "bookings.book_term": lambda w: (
        w.visit("bob"), f"/classes/{w.term()}/term",
        {"attempt": TOKEN, "who_2": "y", "policy": "y"},
    ),
    "bookings.undo_places": of_places,
    "bookings.take_offer": waiting("take"),
    "bookings.decline_offer": waiting("decline"),
    "bookings.leave_line": waiting("leave", is_offered=False),
    "bookings.do_wish": tell_me,
    "studio.plan_series": over(
        "mara", "/studio/classes/new", name="Tai Chi", service=2, practitioner=2, room=0,
        first_on="2026-12-06", start="07:00", minutes=20, capacity=4, price="18", level="all",
        waitlist_mode="offer",
    ),
    "studio.change_series": lambda w: (
        w.visit("mara"), f"/studio/classes/series/{w.series()}",
        {"name": "Yoga again", "price": "20", "level": "all", "waitlist_mode": "offer"},
    ),
    "studio.mark_places": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_today()}/mark", {"status": "arrived"},
    ),
    "studio.walk_in": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of()}/walk-in",
        {"token": TOKEN, "regular": 0, "name": "Hugo"},
    ),
    "studio.do_change_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/change", w.a_change(),
    ),
    "studio.do_cancel_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/cancel", {"scope": "this"},
    ),
    "studio.do_write_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/write",
        {"token": TOKEN, "subject": "Bring socks", "text": "It is cold."},
    ),
    "studio.change_class_rules": over(
        "mara", "/studio/classes/rules", cancel_hours=6, reminder_hours=12, offer_minutes=20,
        quiet_from="21:00", quiet_until="07:30", weeks=8,
    ),
    "studio.mark": in_studio("mark", day=23, status="arrived"),
    "studio.late": in_studio("late", day=23, tell="y"),
    "studio.do_cancel": in_studio("cancel"),
    "studio.note_done": in_studio(
        "done", day=30, done="The left hip, slowly.", seen=digest({"done": ""})
    ),
    "studio.do_move": moved_by_staff,
    "studio.undo": undone_by_staff,
    "studio.add_client": over("lena", "/studio/clients/new", name="Hugo", phone="", email=""),
    "studio.change_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/edit", {"name": "Cleo C", "phone": ""},
    ),
    "studio.do_invite": over(
        "mara", "/studio/team/invite", email="yan@example.com", role="practitioner", practitioner=0
    ),
    "studio.withdraw": lambda w: (
        w.visit("mara"), f"/studio/team/invitations/{w.invited('x@example.com').id}/withdraw", {},
    ),
    "studio.accept": accept,
    "studio.reset_factor": lambda w: w.member("reset-factor"),
    "studio.change_role": lambda w: w.member("role", role="practitioner"),
    "studio.end_member": lambda w: w.member("end"),
    "studio.resume_member": lambda w: w.member("resume"),
    "studio.change_security": over("mara", "/studio/security", days="never"),
    "accounts.do_set_up_factor": set_up,
    "accounts.do_second_factor": World.at_second_step,
    "accounts.renew_codes": lambda w: w.past_second_step("/second-factor/codes"),
    "accounts.turn_off_factor": lambda w: w.past_second_step("/second-factor/off"),
    "accounts.sign_out": over("ada", "/sign-out"),
    "accounts.do_close": over("ada", "/account/close", sure="y"),
}  # fmt: skip
