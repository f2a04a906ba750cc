"""Something of everything in one studio, so that the address of every route leads somewhere."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from booking.accounts import people, sessions, staff, tokens
from booking.accounts.access_rules import RULES
from booking.accounts.audit import Actor
from booking.accounts.models import Account, AccountSession, Invitation, Person, Role
from booking.articles import body, drafts
from booking.articles import operations as articles
from booking.articles.models import Picture, PictureFile, PreviewLink, TopicKind
from booking.articles.operations import Draft
from booking.articles.preview_links import preview_link
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.models import Booking
from booking.classes.models import ClassSession
from booking.clients import columns, importing, merging
from booking.clients.models import Colour, Flag
from booking.database import db, transact
from booking.mail.list_links import unsubscribe_link
from booking.mail.models import OutgoingMail, RefusedAddress
from booking.practice import queries as practice
from booking.settings import legal
from booking.settings import operations as settings
from booking.settings.logos import Logo
from booking.settings.models import LegalKind
from tests.cast import Studio, add_break, at, book, hold, pay, take_time_off
from tests.cast_classes import plan_class, take, wait

# What addresses name that is there without being made here.
VALUES = {
    "filename": "css/base.css",
    "slug": {
        "scheduling.category": "massage",
        "scheduling.service": "massage",
        "scheduling.month": "massage",
        "scheduling.openings": "massage",
        "catalog.practitioner": "lena",
        "catalog.room": "room",
        "articles.show": "level-hips",
        "articles.region": "hip",
        "classes.series": "gentle-yoga",
        "bookings.term": "gentle-yoga",
        "bookings.book_term": "gentle-yoga",
        "bookings.wish": "massage",
        "bookings.do_wish": "massage",
    },
    "day": "2026-11-24",
    "kind": "privacy",
    "mail": "confirmed",
    "language": "en",
    "number": 1,
    "what": "services",
    "month": "2026-12",
    "name": f"{'a0' * 10}-48x32.webp",
}


def make_everything(studio: Studio, now: datetime) -> dict[str, Any]:
    """Make something of everything there is; return the numbers and tokens of addresses."""
    child = transact(_add_child, studio, now)
    booking = book(studio.hour, at(10), now, account="ada", studio=studio, practitioner=studio.lena)
    transact(_give_to, booking.id, child)
    held = hold(studio.hour, at(14), "somebody else", now)
    last_on = date(2026, 12, 15)
    first = plan_class(studio, now, term_cents=1500, last_on=last_on)[0]
    link = make_link(db.session.get_one(Booking, booking.id))
    places = enrolment_link(take(first, now, "Grace Hill", "Tom Wexler"))
    waiting = waiting_link(wait(first, now, "Ines Rocha"))
    stop = unsubscribe_link("ada@example.com", "aftercare")
    writing = transact(_write, studio, now)
    preview = preview_link(db.session.get_one(PreviewLink, writing["link_id"]))
    links = {
        "preview": preview, "places": places, "waiting": waiting, "link": link, "stop": stop,
    }  # fmt: skip
    device = transact(_a_session, studio, now)
    transact(_decide, studio, now)
    return {
        "booking_id": booking.id,
        "receipt_id": pay(booking.id, 4000, now).receipt.id,
        "person_id": child,
        "account_id": studio.accounts["lena"],
        "practitioner_id": studio.lena,
        "session_id": {
            name: device if rule.owner == "device" else first for name, rule in RULES.items()
        },
        "series_id": db.session.get_one(ClassSession, first).series_id,
        "break_id": add_break(studio, now),
        "absence_id": take_time_off(studio, now),
        "mail_id": mail_about(booking.about),
        "closed_id": 1,
        "service_id": 1,
        "kind_id": 1,
        "region_id": 1,
        "room_id": studio.hall,
        "row_id": 1,
        **writing,
        "invitation_id": transact(_invite, studio, now),
        **transact(_records, studio, now),
        "link": {name: links.get(rule.owner or "") for name, rule in RULES.items()},
        "token": {
            "bookings.details": held.token,
            "bookings.book": held.token,
            "bookings.let_go": held.token,
            **transact(_links, now),
        },
    }


def mail_about(about: str) -> int:
    """The first mail about something: the confirmation of a booking of Lena's."""
    return (
        db.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.about == about).order_by(OutgoingMail.id)
        ).first()
        or 0
    )


def _add_child(studio, now) -> int:
    ada = db.session.get_one(Account, studio.accounts["ada"])
    return people.add(ada, "Cleo Bishop", "", is_minor=True, now=now).id


def _give_to(booking_id: int, person_id: int) -> None:
    db.session.get_one(Booking, booking_id).person_id = person_id


def _decide(studio, now) -> None:
    """What the owner has decided: a logo and a legal text."""
    row, mara = settings.locked(), db.session.get_one(Account, studio.accounts["mara"])
    settings.keep_logo(row, Logo(b"picture", 10, 10, ""), Actor("staff", mara.id), now)
    legal.publish(row, LegalKind.PRIVACY, "We keep little.", mara, now)
    body.install(row, Actor("staff", mara.id), now)


def _write(studio, now) -> dict[str, int]:
    """Lena writes an article with a picture, shows it to somebody and types on."""
    picture = Picture(
        digest="a0" * 10, width=48, height=32, ending="png", alt="A field", created_at=now
    )
    db.session.add(picture)
    db.session.flush()
    db.session.add(PictureFile(name=VALUES["name"], picture_id=picture.id, content=b"picture"))
    lena = Actor("staff", studio.accounts["lena"])
    article = articles.save(Draft("On knees", "on-knees", "Text.", "Lena"), now, lena)
    kept = drafts.keep(lena.account_id or 0, "article-kept", article.id, {}, now)
    topic = articles.ensure_topic("hip", "Hip", TopicKind.BODY)
    return {
        "article_id": article.id, "draft_id": kept.id, "picture_id": picture.id,
        "topic_id": topic.id, "link_id": drafts.make_link(article, lena, now).id,
    }  # fmt: skip


def _a_session(studio, now) -> int:
    ada = db.session.get_one(Account, studio.accounts["ada"])
    sessions.begin(ada, "Ada's other telephone", now)
    return db.session.query(AccountSession.id).order_by(AccountSession.id.desc()).limit(1).scalar()


def _records(studio, now) -> dict[str, int]:
    """A flag, a merge that can be undone, an entry to merge, and a list that Mara has sent."""
    flag = Flag(name="Deposit", colour=Colour.GOLD)
    grace, again, third = (
        Person(name=name, phone="+13215550199", created_at=now)
        for name in ("Nina Sol", "Nina Sol", "Nina Soll")
    )
    refused = RefusedAddress(address="ada@example.com", answer="550 5.1.1 nobody", refused_at=now)
    db.session.add_all([flag, grace, again, third, refused])
    db.session.flush()
    mara = Actor("staff", studio.accounts["mara"])
    done = merging.merge(grace.id, again.id, mara, practice.current(), now)
    lines = columns.read(b"Name,Phone\nOna Reyes,321 555 0188\n")
    kept = importing.begin(lines, mara, now)
    return {
        "flag_id": flag.id, "merge_id": done.id, "other_id": third.id, "import_id": kept.id,
        "refused_id": refused.id,
    }  # fmt: skip


def _invite(studio, now) -> int:
    mara = db.session.get_one(Account, studio.accounts["mara"])
    return staff.invite(mara, "zoe@example.com", Role.PRACTITIONER, None, now).id


def _links(now) -> dict[str, str]:
    invitation = db.session.query(Invitation).one()
    ada = db.session.query(Account).filter_by(email="ada@example.com").one()
    made = {}
    for endpoints, purpose, email, about in (
        (("open_link", "use_link"), tokens.SIGN_IN, "new@example.com", ""),
        (("new_password", "do_new_password"), tokens.PASSWORD, "bob@example.com", ""),
        (("confirm_address", "do_confirm_address"), tokens.ADDRESS, "a@new.example", ada.about),
        (("my_address", "do_my_address"), tokens.GUEST, "guest@example.com", "booking:1"),
    ):
        secret = tokens.issue(purpose, email, about, now)
        made |= {f"accounts.{endpoint}": secret for endpoint in endpoints}
    secret = tokens.issue(tokens.INVITATION, invitation.email, invitation.about, now)
    return made | {"studio.invitation": secret, "studio.accept": secret}


def address(app: Flask, endpoint: str, arguments: set[str], own: dict) -> str:
    values = {}
    for name in arguments:
        known = VALUES.get(name, own.get(name))
        values[name] = known[endpoint] if isinstance(known, dict) else known
    with app.test_request_context():
        return app.url_for(endpoint, **values)


def routes(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield rule.endpoint, method, rule.arguments
