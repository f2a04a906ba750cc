"""A studio in which each form of the site has something to do."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pyotp.totp import TOTP
from sqlalchemy import select

from booking.accounts import passwords, people, staff, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Invitation, Person, Role
from booking.articles import body, drafts, pictures, writing
from booking.articles import operations as articles
from booking.articles.models import Article, TopicKind
from booking.articles.operations import Draft
from booking.bookings.models import Booking
from booking.catalog.models import Audience, Service
from booking.classes.models import ClassSession
from booking.clients import columns, importing, merging, record
from booking.clients.models import Colour
from booking.database import db, transact
from booking.domain.availability import Spell
from booking.mail import bounces
from booking.mail.models import MailState, OutgoingMail, RefusedAddress, WorkerBeat
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import holidays, hours
from booking.studio.hours_forms import break_values, times_data, week_values
from booking.web.editing import digest
from tests import cast
from tests.cast_classes import plan_class, take

OLD, NEW = "a quiet lantern in the harbor", "seven umbrellas beside a kettle"


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


LIST = b"Name,Phone\nOna Reyes,321 555 0188\n"


MARA = Actor("staff", 5)


KEY = "new-a-key-of-a-page"


TOKEN = "a-token-of-a-page-that-was-opened"


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
