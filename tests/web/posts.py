"""One valid post for each form of each route, in a world in which each has something to do."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pyotp.totp import TOTP
from sqlalchemy import func, select

from booking.accounts import passwords, people, staff, tokens
from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Account, Invitation, Person, Role
from booking.articles import body, drafts, pictures, writing
from booking.articles import operations as articles
from booking.articles.models import Article, TopicKind
from booking.articles.operations import Draft
from booking.bookings import changes
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.models import Booking
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.catalog.models import Audience, Service
from booking.classes.models import ClassSession
from booking.clients import columns, importing, merging, record
from booking.clients.models import Colour
from booking.database import db, transact
from booking.domain.availability import Spell
from booking.mail import bounces
from booking.mail.list_links import unsubscribe_link
from booking.mail.models import MailState, OutgoingMail, RefusedAddress, WorkerBeat
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import holidays, hours
from booking.settings.rules_views import LIMITS, openings_now
from booking.studio.hours_forms import break_values, date_values, times_data, week_values
from booking.web.editing import digest
from tests import cast
from tests.cast_classes import plan_class, take, wait
from tests.web.pages import filled, press, soup

OLD, NEW = "a quiet lantern in the harbor", "seven umbrellas beside a kettle"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LIST = b"Name,Phone\nOna Reyes,321 555 0188\n"
MARA = Actor("staff", 5)
KEY = "new-a-key-of-a-page"
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

    def by_invitation(self) -> int:
        """Offer something to whom the studio invites."""

        def add() -> int:
            kind = db.session.get_one(Service, self.studio.massage).category_id
            circle = Service(
                category_id=kind, slug="circle", name="Circle", audience=Audience.INVITED
            )
            db.session.add(circle)
            db.session.flush()
            return circle.id

        return transact(add)

    def regions(self) -> None:
        """Say something of each region of the body."""
        transact(lambda: body.install(practice.current(), MARA, self.now()))

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

    def class_of(self, *taken: str) -> int:
        """Plan a class of its own and return the first of its dates."""
        self.classes += 1
        start = 6 * 60 + self.classes // 2 * 21
        session_id = plan_class(
            self.studio, self.now(), name=f"Yoga {self.classes}", start_minute=start,
            first_on=date(2026, 11, 28), weekday=5 if self.classes % 2 else 6, room_id=None,
            minutes=20, term_cents=1500, last_on=date(2026, 12, 13),
        )[0]  # fmt: skip
        if taken:
            take(session_id, self.now(), *map(self.guest, taken))
        return session_id

    def guest(self, name: str) -> str:
        """A guest of that name with an address of their own: one has a few open bookings only."""
        first, _space, last = name.partition(" ")
        return f"{first}{self.classes} {last}"

    def class_today(self) -> int:
        """A class of today with somebody in it, who can be marked."""
        session_id = plan_class(
            self.studio, self.now(), name="Today", weekday=0, first_on=date(2026, 11, 23),
            start_minute=20 * 60, room_id=None,
        )[0]  # fmt: skip
        take(session_id, self.now(), self.guest("Grace Hill"))
        return session_id

    def picture(self) -> str:
        """Write a logo to a file, which can be sent as often as one likes; return its path."""
        path = Path(self.app.config["INSTANCE_PATH"]) / "logo.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 10), "green").save(path)
        return str(path)

    def article(self, *, is_archived: bool = False) -> int:
        """Write a piece as Mara; return its number."""
        self.times += 1
        draft = Draft(f"Piece {self.times}", f"piece-{self.times}", "Text.", "Mara")

        def write() -> int:
            article = articles.save(draft, self.now(), MARA)
            if is_archived:
                writing.archive(article, MARA, self.now())
            return article.id

        return transact(write)

    def typed(self) -> int:
        """Something that Mara has typed and not saved."""
        self.times += 1
        typed = {"title": "Begun"}
        account_id = self.studio.accounts["mara"]
        return transact(drafts.keep, account_id, f"new-{self.times:08}", None, typed, self.now()).id

    def preview(self) -> tuple[int, int]:
        """A piece and a link that shows it."""
        number = self.article()
        article = db.session.get_one(Article, number)
        return number, transact(drafts.make_link, article, MARA, self.now()).id

    def kept_picture(self) -> int:
        data = Path(self.picture()).read_bytes()
        return transact(pictures.keep, pictures.draw(data), "A field", self.now()).id

    def topic(self, name: str) -> int:
        return transact(lambda: articles.ensure_topic(name.lower(), name, TopicKind.BODY).id)

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

    def week(self) -> dict[str, Any]:
        """Lena's hours as they are: a form that says them again, in each of its fields."""
        weekly = hours.weekly_of(self.studio.lena)
        times = {
            f"day_{one.weekday}-0-{name}": f"{wall:%H:%M}"
            for one in weekly
            for name, wall in times_data(one.spell).items()
        }
        return {**times, "do": "save", "seen": digest(week_values(weekly))}

    def seen_break(self) -> str:
        return digest(break_values(2, Spell(720, 780), None, None, "Lunch"))

    def time_off(self) -> int:
        self.times += 1
        start = cast.at(9, month=12, day=1 + self.times % 28)
        return cast.take_time_off(self.studio, self.now(), start, start + timedelta(minutes=30))

    def another_day(self) -> str:
        self.times += 1
        return f"2027-02-{1 + self.times % 28:02}"

    def closed(self) -> int:
        day = date.fromisoformat(self.another_day())
        transact(holidays.close, day, "Cleaning", cast.STAFF, self.now())
        return holidays.closed_between(day, day)[0].id

    def invited(self, email: str) -> Invitation:
        return transact(
            lambda: staff.invite(self.account("mara"), email, Role.PRACTITIONER, None, self.now())
        )

    def flag(self) -> int:
        def make() -> int:
            flag = record.add_flag("Deposit", Colour.GOLD, MARA, self.now())
            return flag.id

        return transact(make)

    def mail(self, state: MailState) -> int:
        """The confirmation of a session of Lena's, which is in this state."""
        about = self.book().about

        def write() -> int:
            mail = db.session.scalars(
                select(OutgoingMail).where(
                    OutgoingMail.about == about, OutgoingMail.kind == "confirmed"
                )
            ).one()
            mail.state, mail.due_at = state, self.now()
            mail.sent_at = self.now() if state is MailState.SENT else None
            return mail.id

        return transact(write)

    def clock_back(self) -> dict[str, Any]:
        """A worker whose clock stood two hours ahead was at work."""

        def write() -> None:
            beat = WorkerBeat(name="ahead:1", beat_at=self.now() + timedelta(hours=2))
            db.session.merge(beat)

        transact(write)
        return {}

    def refused(self) -> int:
        """Ada's address, at which a server says that nobody reads."""

        def add() -> int:
            address = self.account("ada").email
            bounces.forgive(address)
            mark = RefusedAddress(address=address, answer="550 5.1.1", refused_at=self.now())
            db.session.add(mark)
            db.session.flush()
            return mark.id

        return transact(add)

    def no_mark(self) -> dict[str, str]:
        """What a form says that was opened on an empty note."""
        return {"seen": digest({"note": ""})}

    def twins(self) -> tuple[int, int]:
        """Two entries of one client."""

        def make() -> tuple[int, int]:
            two = [Person(name="Nina Sol", created_at=self.now()) for _number in range(2)]
            db.session.add_all(two)
            db.session.flush()
            return two[0].id, two[1].id

        return transact(make)

    def merged(self) -> int:
        one, other = self.twins()
        return transact(merging.merge, one, other, MARA, practice.current(), self.now()).id

    def file(self) -> str:
        """A list of clients in a file, which may be sent more than once."""
        path = Path(self.app.config["INSTANCE_PATH"], "list.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LIST)
        return str(path)

    def list(self) -> int:
        mara = Actor("staff", self.studio.accounts["mara"])
        return transact(importing.begin, columns.read(LIST), mara, self.now()).id

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


def as_shown(page: str, action: str = "", /, **data: Any) -> Callable[[World], Sent]:
    """A form of the settings as its page shows it, with changes: it has to be the newest."""

    def prepare(world: World) -> Sent:
        client, path = world.visit("mara"), f"/studio/settings/{action or page}"
        shown = soup(client.get(f"/studio/settings/{page}"))
        form = shown.select_one(f"form[method=post][action='{path}']")
        kept = {name: value for name, value in filled(form).items() if name != "csrf_token"}
        return client, path, kept | data

    return prepare


def as_written(world: World, number: int | str, path: str = "", /, **typed: Any) -> Sent:
    """The editor's form of a piece, or of a new one, with what is typed into it."""
    client, root = world.visit("mara"), "/studio/articles"
    form = soup(client.get(f"{root}/{number or 'new'}")).select_one("form.editor")
    assert form is not None
    kept = {name: value for name, value in filled(form).items() if name != "csrf_token"}
    asked = {"body": "Text.", "press": "save", "is_guest": "", "no_picture": "", "key": KEY}
    action = f"{root}{path.format(number)}" if path else str(form["action"])
    return client, action, kept | asked | typed


def free(path: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda world: (world.app.test_client(), path, data)


def opened(path: str, name: str = "mara", /, **data: Any) -> Callable[[World], Sent]:
    """The form of a page that is opened first: it is sent with what the page had in it."""

    def prepare(world: World) -> Sent:
        client = world.visit(name)
        return client, path, {**press(soup(client.get(path)), "Save").data, **data}

    return prepare


def by_link(path: str, purpose: str, email: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"{path}/{w.link(purpose, email)}", data)


def of_booking(do: str, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"/manage/{make_link(w.book())}/{do}", data)


def in_studio(do: str, day: int = 0, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.visit("lena"), f"/studio/bookings/{w.book(day).id}/{do}", data)


def moved_by_staff(world: World) -> Sent:
    booking = world.book()
    is_now = {"day": booking.local_start.date(), "time": booking.local_start.time(), "minutes": 60,
              "practitioner": booking.practitioner_id, "room": booking.room_id}  # fmt: skip
    wanted = {**is_now, "day": "2026-12-22", "time": "10:10", "minutes": 50, "tell": "yes"}
    typed, path = wanted | {"seen": digest(is_now)}, f"/studio/bookings/{booking.id}/move"
    return world.visit("lena"), path, typed


def undone_by_staff(world: World) -> Sent:
    booking_id, actor = world.book().id, Actor("staff", world.studio.accounts["lena"])
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
    made = take(session_id, world.now(), *map(world.guest, ("Grace Hill", "Tom Wexler")))
    link = enrolment_link(made)
    return world.app.test_client(), f"/places/{link}/undo", {"revision": 1}


def waiting(do: str, *, is_offered: bool = True) -> Callable[[World], Sent]:
    """A press on the page of somebody in line, to whom a place is offered."""

    def prepare(world: World) -> Sent:
        session_id = world.class_of()
        names = map(world.guest, ("Grace Hill", "Tom Wexler"))
        taken = take(session_id, world.now(), *names).places[0].id
        entry = wait(session_id, world.now(), world.guest("Ines Rocha")).id
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
    "bookings.choose_guest_reminders": lambda w: (
        w.app.test_client(), f"/manage/{make_link(w.book(account=None))}/reminders", {"way": "none"}
    ),
    "accounts.do_unsubscribe": lambda w: (
        w.app.test_client(), f"/mails/stop/{unsubscribe_link('ada@example.com', 'aftercare')}", {},
    ),
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
    "studio.mail_again": lambda w: (
        w.visit("lena"), f"/studio/mails/{w.mail(MailState.SENT)}/again", {"token": TOKEN},
    ),
    "studio.retry_mail": lambda w: (
        w.visit("lena"), f"/studio/mails/{w.mail(MailState.PARKED)}/retry", {},
    ),
    "studio.retry_mails": lambda w: (
        w.visit("mara"), "/studio/mails/retry", {"mail": w.mail(MailState.FAILED)},
    ),
    "studio.do_cancel_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/cancel", {"scope": "this"},
    ),
    "studio.do_write_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/write",
        {"token": TOKEN, "subject": "Bring socks", "text": "It is cold."},
    ),
    "studio.change_class_rules": over(
        "mara", "/studio/classes/rules", cancel_hours=6, offer_minutes=20, quiet_from="21:00",
        quiet_until="07:30", weeks=8, **{"reminders-0-number": 12, "reminders-0-unit": "hours"},
    ),
    "studio.do_book_for": over(
        "lena", "/studio/book", token=TOKEN, client="Hugo Bell", person="new", option=3,
        practitioner=2, start="2026-12-16T20:00Z", weeks=0, press="book",
    ),
    "studio.book_dates": over(
        "lena", "/studio/book/dates", token=TOKEN + "s", client="Hugo Bell", person="new",
        name="Hugo Bell", option=3, practitioner=2, weeks=1, times=2, first="2026-12-17T20:00Z",
        take_0="y", at_0="2026-12-17T20:00Z", seen_0="", take_1="y", at_1="2026-12-24T20:00Z",
    ),
    "studio.undo_booked": in_studio("undo-booked", revision=1),
    "studio.mark": in_studio("mark", day=23, status="arrived"),
    "studio.accept_request": lambda w: (
        w.visit("lena"), f"/studio/bookings/{w.request()}/accept", {},
    ),
    "studio.decline_request": lambda w: (
        w.visit("lena"), f"/studio/bookings/{w.request()}/decline", {"words": "Not then."},
    ),
    "studio.do_cancel": in_studio("cancel"),
    "payments.take": in_studio(
        "money", amount="30.50", method="card", paid_on="2026-11-22", seen=0, back="day"
    ),
    "payments.let_go": in_studio("money/let-go", amount_cents=8000, seen=0, back="money"),
    "payments.take_back": lambda w: (w.visit("lena"), *w.paid()),
    "studio.late": in_studio("late", day=23, tell="y"),
    "studio.note_done": in_studio(
        "done", done="The left hip, slowly.", seen=digest({"done": ""})
    ),
    "studio.do_move": moved_by_staff,
    "studio.undo": undone_by_staff,
    "studio.add_client": over("lena", "/studio/clients/new", name="Hugo", phone="", email=""),
    "studio.change_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/edit",
        {
            "name": "Cleo C", "phone": "", "way": "usual",
            "seen": digest({"name": "Cleo", "phone": "", "way": "usual", "leads": []}),
        },
    ),
    "settings.change_openings": lambda w: (
        w.visit("mara"), "/studio/settings/openings",
        {"gap_mode": "prefer", "gap_minutes": 45, "day_1": "y", "new_notice_hours": 48,
         "new_from": "09:00", "new_until": "15:00", "new_approval": "y", "answer_hours": 12,
         "seen": digest(openings_now())},
    ),
    "settings.change_which_mails": as_shown("which-mails", come_back="y"),
    "settings.change_service_reminders": as_shown(
        "services/1/reminders", way="own", **{"leads-0-number": 2, "leads-0-unit": "days"}
    ),
    "settings.change_notices": lambda w: opened(
        f"/studio/settings/notices/{w.studio.lena}", "lena", has_sheet="y"
    )(w),
    "settings.change_limits": lambda w: (
        w.visit("lena"), f"/studio/settings/limits/{w.studio.lena}",
        {"day_sessions": 4, "seen": digest(dict.fromkeys(LIMITS))},
    ),
    "studio.save_week_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/week", w.week(),
    ),
    "studio.save_date_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/date",
        {"day": "2026-12-24", "spells-0-opens": "10:00", "spells-0-closes": "12:00",
         "seen": digest(date_values(None))},
    ),
    "studio.remove_date_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/date/remove", {"day": "2026-12-24"},
    ),
    "studio.add_break": lambda w: (
        w.visit("mara"), f"/studio/hours/{w.studio.lena}/breaks/new",
        {"on_3": "y", "starts": "12:00", "ends": "12:30", "note": "Lunch"},
    ),
    "studio.change_break": lambda w: (
        w.visit("lena"), f"/studio/hours/breaks/{cast.add_break(w.studio, w.now())}",
        {"on_2": "y", "starts": "12:00", "ends": "12:45", "seen": w.seen_break()},
    ),
    "studio.remove_break": lambda w: (
        w.visit("lena"), f"/studio/hours/breaks/{cast.add_break(w.studio, w.now())}/remove", {},
    ),
    "studio.add_absence": lambda w: (
        w.visit("lena"), "/studio/time-off/new",
        {"who": w.studio.lena, "from-day": "2027-06-02", "until-day": "2027-06-03"},
    ),
    "studio.change_absence": lambda w: (
        w.visit("lena"), f"/studio/time-off/{w.time_off()}",
        {"note": "Away", "seen": digest({"note": "The dentist"})},
    ),
    "studio.remove_absence": lambda w: (
        w.visit("lena"), f"/studio/time-off/{w.time_off()}/remove", {},
    ),
    "studio.choose_holidays": over(
        "mara", "/studio/closed-days/holidays?country=US&region=FL&year=2026", day_20261225="y"
    ),
    "studio.close_day": lambda w: (
        w.visit("mara"), "/studio/closed-days", {"day": w.another_day(), "name": "Cleaning"},
    ),
    "studio.open_day": lambda w: (w.visit("mara"), f"/studio/closed-days/{w.closed()}/open", {}),
    "studio.note_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/note", {"note": "Sits badly."} | w.no_mark(),
    ),
    "studio.invite_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/invitations",
        {f"service_{w.by_invitation()}": "y"},
    ),
    "studio.flag_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/flags", {f"flag_{w.flag()}": "y"},
    ),
    "studio.block_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/block", {"block": "y"},
    ),
    "studio.retry_address": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/address", {"refused": w.refused()},
    ),
    "studio.add_flag": over("mara", "/studio/clients/flags", name="Deposit", colour="gold"),
    "studio.change_flag": lambda w: (
        w.visit("mara"), f"/studio/clients/flags/{w.flag()}", {"name": "Late", "colour": "plum"},
    ),
    "studio.remove_flag": lambda w: (
        w.visit("mara"), f"/studio/clients/flags/{w.flag()}/remove", {},
    ),
    "studio.two_people": lambda w: (
        w.visit("mara"), "/studio/clients/duplicates",
        dict(zip(("one", "other"), w.twins(), strict=True)),
    ),
    "studio.do_merge": lambda w: (
        w.visit("mara"), "/studio/clients/{}/merge/{}".format(*w.twins()), {},
    ),
    "studio.undo_merge": lambda w: (
        w.visit("mara"), f"/studio/clients/merges/{w.merged()}/undo", {},
    ),
    "studio.upload_clients": lambda w: (
        w.visit("mara"), "/studio/clients/import", {"file": (w.file(), "list.csv")},
    ),
    "studio.map_import": lambda w: (
        w.visit("mara"), f"/studio/clients/import/{w.list()}",
        {"column_0": "name", "column_1": "phone", "headings": "y"},
    ),
    "studio.run_import": lambda w: (
        w.visit("mara"), f"/studio/clients/import/{w.list()}/run", {},
    ),
    "studio.do_client_export": over("mara", "/studio/clients/export"),
    "settings.add_service": over(
        "mara", "/studio/settings/services/new", category=1, name="Foot massage", drawing="leaf",
        before=0, after=10, order="n1", minutes_n1=40, price_n1="62.50", press="",
    ),
    "settings.change_service": opened(
        "/studio/settings/services/1", name="Long massage", press="", summary="", about="",
        preparation="", drawing="leaf", after=20, price_1="99",
    ),
    "settings.add_kind": over(
        "mara", "/studio/settings/kinds/new", name="Reiki", drawing="leaf",
    ),
    "settings.change_kind": opened(
        "/studio/settings/kinds/1", name="Massages", drawing="leaf", summary="", about="",
    ),
    "settings.add_practitioner": over(
        "mara", "/studio/settings/practitioners/new", name="Mei Tan", email="m@example.com",
    ),
    "settings.change_practitioner": lambda w: opened(
        f"/studio/settings/practitioners/{w.studio.marco}", name="Marco R", title="Masseur",
        about="", licence="", email="",
    )(w),
    "settings.add_room": over("mara", "/studio/settings/rooms/new", name="Loft", about="Up."),
    "settings.change_room": lambda w: opened(
        f"/studio/settings/rooms/{w.studio.hall}", name="The hall", about="",
    )(w),
    "settings.begin_body": over("mara", "/studio/settings/body/begin"),
    "settings.switch_body": lambda w: (w.regions(), as_shown("body")(w))[1],
    "settings.change_region": lambda w: (
        w.regions(), opened("/studio/settings/body/1", name="Head", about="", doctor="")(w),
    )[1],
    "settings.place_region": lambda w: (
        w.regions(), over("mara", "/studio/settings/body/1/place", before=0)(w),
    )[1],
    "settings.place_row": over("mara", "/studio/settings/kinds/1/place", before=0),
    "settings.archive_row": over("mara", "/studio/settings/services/2/archive"),
    "settings.bring_back_row": over("mara", "/studio/settings/services/2/bring-back"),
    "settings.change_profile": opened(
        "/studio/settings/profile", "lena", title="Trainer", about="Strong.", licence="",
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
    "settings.change_practice": as_shown("practice", name="Quiet House"),
    "settings.change_money": as_shown("money", currency="EUR"),
    "settings.change_zone": as_shown(
        "zone", zone="America/Chicago", looked_at="America/Chicago", sure="y"
    ),
    "settings.change_policies": as_shown("policies", cancel=2),
    "settings.change_accent": as_shown("look", "look/accent", accent="#7a1fa2"),
    "settings.change_logo": lambda w: (
        w.visit("mara"), "/studio/settings/look/logo", {"logo": (w.picture(), "logo.png")},
    ),
    "settings.remove_logo": over("mara", "/studio/settings/look/logo/remove"),
    "settings.change_mail": as_shown("mail", sender_name="Mara"),
    "settings.run_doctor": over("mara", "/studio/settings/doctor"),
    "settings.trust_clock": lambda w: (
        w.visit("mara"), "/studio/settings/doctor/clock", w.clock_back(),
    ),
    "settings.change_own_words": as_shown("mail/words/confirmed/en", subject="See you, {client}"),
    "settings.retry_address": lambda w: (
        w.visit("mara"), f"/studio/settings/mail/addresses/{w.refused()}", {},
    ),
    "settings.send_test": over("mara", "/studio/settings/mail/test", token=TOKEN),
    "writing.add_article": lambda w: as_written(w, "", title="On knees", press="publish"),
    "writing.change_article": lambda w: as_written(w, w.article(), title="On knees, again"),
    "writing.keep_new": lambda w: as_written(w, "", "/new/draft", title="On feet", press=""),
    "writing.keep": lambda w: as_written(w, w.article(), "/{}/draft", title="Feet", press=""),
    "writing.archive": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/archive", {},
    ),
    "writing.bring_back": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article(is_archived=True)}/bring-back", {},
    ),
    "writing.discard": lambda w: (
        w.visit("mara"), f"/studio/articles/drafts/{w.typed()}/discard", {},
    ),
    "writing.restore": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/versions/1/restore", {},
    ),
    "writing.make_link": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/links", {},
    ),
    "writing.end_link": lambda w: (
        w.visit("mara"), "/studio/articles/{}/links/{}/end".format(*w.preview()), {},
    ),
    "writing.add_picture": lambda w: (
        w.visit("mara"), "/studio/articles/pictures",
        {"file": (w.picture(), "field.png"), "alt": "A field"},
    ),
    "writing.change_picture": lambda w: (
        w.visit("mara"), f"/studio/articles/pictures/{w.kept_picture()}", {"alt": "A meadow"},
    ),
    "writing.add_topic": over("mara", "/studio/articles/topics", name="Sleep"),
    "writing.change_topic": lambda w: (
        w.visit("mara"), f"/studio/articles/topics/{w.topic('Elbow')}", {"name": "The elbow"},
    ),
    "writing.merge_topic": lambda w: (
        w.visit("mara"), f"/studio/articles/topics/{w.topic('Wrist')}/join",
        {"into": w.topic("Hand")},
    ),
    "settings.change_legal_text": as_shown("legal/privacy", body="Little.", do="publish"),
    "accounts.do_set_up_factor": set_up,
    "accounts.do_second_factor": World.at_second_step,
    "accounts.renew_codes": lambda w: w.past_second_step("/second-factor/codes"),
    "accounts.turn_off_factor": lambda w: w.past_second_step("/second-factor/off"),
    "accounts.sign_out": over("ada", "/sign-out"),
    "accounts.do_close": over("ada", "/account/close", sure="y"),
}  # fmt: skip
