"""The studio that is attacked, and the names under which the table knows what is in it.

Ada is a client of Lena's; what is hers is wanted by Bob, a client too, and by Marco, who works in
the same studio and never had her on his table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from booking.accounts import passwords, people, sessions, staff, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, AccountSession, Person, Role
from booking.articles import drafts
from booking.articles import operations as articles
from booking.articles.models import Article
from booking.articles.operations import Draft
from booking.articles.preview_links import preview_link
from booking.bookings import moves
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.models import Booking
from booking.catalog.queries import find_option, terms_of
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.mail.list_links import unsubscribe_link
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from tests import apps, cast
from tests.attacks.server import NOW, SECRET_KEY
from tests.cast import Studio, at
from tests.cast_classes import plan_class, take, wait

PASSWORD = "a quiet lantern in the harbor"
NEW_PASSWORD = "seven umbrellas beside a kettle"
# Who is signed in from the beginning, by the names of the table.
ACCOUNTS = {
    "ada": "ada", "client": "bob", "lena": "lena", "practitioner": "marco", "manager": "mara",
}  # fmt: skip
VISITOR = "the-guest-of-the-table"


@dataclass
class World:
    """Words of the table by their names, and the cookies with which browsers begin."""

    names: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


def make_world(database_url: str, folder: Path) -> World:
    """Make the studio in an empty database."""
    with opened(database_url, folder) as app:
        studio = cast.make_studio(NOW)
        transact(_give_passwords, studio)
        world = World()
        for made in (
            _ids(studio), _bookings(studio), _classes(studio), _writing(studio),
            transact(_links, studio), _others(studio), _long_words(),
        ):  # fmt: skip
            world.names |= {name: str(value) for name, value in made.items()}
        world.cookies = _cookies(app, studio)
    return world


@contextmanager
def opened(database_url: str, folder: Path) -> Iterator[Flask]:
    """The application on this database, in this process and for the time of the block."""
    settings = {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": "http://127.0.0.1",
    }
    app = apps.make(settings, cast.FlaskClient)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _give_passwords(studio: Studio) -> None:
    hashed = passwords.hash_password(PASSWORD)
    for name in ("ada", "bob"):
        db.session.get_one(Account, studio.accounts[name]).password_hash = hashed


def _ids(studio: Studio) -> dict[str, Any]:
    return {
        "password_of_ada": PASSWORD,
        "new_password": NEW_PASSWORD,
        "lena_id": studio.lena,
        "marco_id": studio.marco,
        "hour": studio.hour,
        "longer": studio.long,
        "training": studio.training,
        **{f"{name}_account": number for name, number in studio.accounts.items()},
    }


def _bookings(studio: Studio) -> dict[str, Any]:
    """Ada is booked with Lena, and once more at a time that was moved; Bob with Marco."""
    hers = cast.book(
        studio.hour, at(10), NOW, account="ada", studio=studio, practitioner=studio.lena
    )
    his = cast.book(
        studio.hour, at(13), NOW, account="bob", studio=studio, practitioner=studio.marco
    )
    guests = cast.book(studio.hour, at(10, day=25), NOW, practitioner=studio.lena)
    moved = cast.book(
        studio.training, at(14, day=25), NOW, account="ada", studio=studio, visitor="another"
    )
    before = make_link(moved)
    transact(_move, moved.id, studio, at(15, day=25))
    held = cast.hold(studio.hour, at(14, day=30), VISITOR, NOW)
    other = cast.hold(studio.hour, at(10, day=30), "another", NOW)
    return {
        "booking": hers.id,
        "link": make_link(db.session.get_one(Booking, hers.id)),
        "bobs_booking": his.id,
        "bobs_link": make_link(db.session.get_one(Booking, his.id)),
        "guests_booking": guests.id,
        "guests_link": make_link(db.session.get_one(Booking, guests.id)),
        "moved_link": make_link(db.session.get_one(Booking, moved.id)),
        "link_before": before,
        "wrong_purpose": make_link(db.session.get_one(Booking, hers.id), "enrolment"),
        "held": held.token,
        "others_held": other.token,
        **_paid(hers.id, "receipt", "payment"),
        **_paid(his.id, "bobs_receipt", "bobs_payment"),
    }


def _paid(booking_id: int, receipt: str, payment: str) -> dict[str, int]:
    paid = cast.pay(booking_id, 4000, NOW)
    assert paid.receipt is not None
    return {receipt: paid.receipt.id, payment: paid.id}


def _move(booking_id: int, studio: Studio, start: datetime) -> None:
    option = find_option(studio.training)
    assert option is not None
    terms = terms_of([option])[studio.training]
    ada = Actor("client", studio.accounts["ada"])
    moves.move(booking_id, terms, start, ada, practice.current(), NOW)


def _classes(studio: Studio) -> dict[str, Any]:
    planned = plan_class(studio, NOW, term_cents=1500, last_on=date(2026, 12, 15))
    first, second, third = planned[:3]
    places = take(first, NOW, "Grace Hill", "Tom Wexler")
    entry = wait(first, NOW, "Ines Rocha")
    return {
        "full_class": first,
        "free_class": second,
        "third_class": third,
        "series": db.session.get_one(ClassSession, first).series_id,
        "places": enrolment_link(places),
        "waiting": waiting_link(entry),
    }


def _writing(studio: Studio) -> dict[str, Any]:
    lena = Actor("staff", studio.accounts["lena"])

    def write() -> dict[str, Any]:
        made = articles.save(Draft("On knees", "on-knees", "Not yet said.", "Lena"), NOW, lena)
        live, ended = (drafts.make_link(made, lena, NOW) for _link in range(2))
        links = {"preview": preview_link(live), "ended_preview": preview_link(ended)}
        drafts.end_link(made, ended.id, lena, NOW)
        kept = drafts.keep(lena.account_id or 0, "typed-on-a-page", made.id, {}, NOW)
        shown = db.session.scalars(select(Article.id).where(Article.slug == "level-hips")).one()
        return {**links, "piece": made.id, "piece_link": live.id, "typed": kept.id, "shown": shown}

    return transact(write)


def _links(studio: Studio) -> dict[str, str]:
    """Links that work once, of each purpose, with some that no longer do."""
    mara, ada = (db.session.get_one(Account, studio.accounts[name]) for name in ("mara", "ada"))
    invited = staff.invite(mara, "zoe@example.com", Role.PRACTITIONER, None, NOW)
    long_ago = NOW - timedelta(days=30)
    made = {
        "sign_in_token": (tokens.SIGN_IN, "ada@example.com", "", NOW),
        "second_token": (tokens.SIGN_IN, "bob@example.com", "", NOW),
        "newcomers_token": (tokens.SIGN_IN, "new@example.com", "", NOW),
        "expired_token": (tokens.SIGN_IN, "ada@example.com", "", long_ago),
        "password_token": (tokens.PASSWORD, "bob@example.com", "", NOW),
        "address_token": (tokens.ADDRESS, "ada@new.example", ada.about, NOW),
        "guest_token": (tokens.GUEST, "grace@example.com", "booking:1", NOW),
        "invitation": (tokens.INVITATION, invited.email, invited.about, NOW),
    }
    return {name: tokens.issue(*what) for name, what in made.items()}


def _others(studio: Studio) -> dict[str, Any]:
    """What else is Ada's or Lena's."""
    ada = db.session.get_one(Account, studio.accounts["ada"])
    own = people.own_person(ada)
    assert own is not None
    about = f"booking:{db.session.scalars(select(Booking.id).order_by(Booking.id)).first()}"
    mails = select(OutgoingMail.id).where(OutgoingMail.about == about).order_by(OutgoingMail.id)
    bob = select(Person.id).where(Person.account_id == studio.accounts["bob"])
    mail, bobs = db.session.scalars(mails).first(), db.session.scalars(bob).one()
    child = transact(
        lambda: people.add(
            db.session.get_one(Account, studio.accounts["ada"]), "Cleo Bishop", "",
            is_minor=True, now=NOW,
        ).id
    )  # fmt: skip
    return {
        "ada_person": own.id,
        "bob_person": bobs,
        "child": child,
        "mail": mail,
        "break": cast.add_break(studio, NOW),
        "absence": cast.take_time_off(studio, NOW),
        "stop": unsubscribe_link("ada@example.com", "aftercare"),
        "device": transact(_device, studio.accounts["ada"]),
    }


def _device(account_id: int) -> int:
    sessions.begin(db.session.get_one(Account, account_id), "Ada's other telephone", NOW)
    newest = select(AccountSession.id).order_by(AccountSession.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def _long_words() -> dict[str, str]:
    """What would be tedious to write into a table."""
    return {
        "x300": "x" * 300,
        "x5000": "x" * 5000,
        "x100000": "x" * 100_000,
        "x2000000": "x" * 2_000_000,
        "digits5000": "9" * 5000,
        "accents": "e" + "\u0301" * 100_000,
        "fields": "&".join(f"field{number}=1" for number in range(3000)),
        "spells": "&".join(f"spells-{number}-opens=09:00" for number in range(900)),
        "slashes": "/" * 3000,
        "brackets": "[" * 5000,
    }


def _cookies(app: Flask, studio: Studio) -> dict[str, dict[str, str]]:
    """Sign everybody in; the guest's browser has set a time aside and nothing else."""
    found = {}
    for who in ("guest", *ACCOUNTS):
        browser = app.test_client()
        if who == "guest":
            with browser.session_transaction() as cookie:
                cookie["visitor"] = VISITOR
        else:
            cast.sign_in(browser, studio.accounts[ACCOUNTS[who]], NOW)
        kept = browser.get_cookie("session")
        assert kept is not None
        found[who] = {"session": kept.value}
    return found
