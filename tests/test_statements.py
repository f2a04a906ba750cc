"""Each page asks the database a fixed handful of questions, however full the calendar is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.accounts.audit import Actor
from booking.accounts.models import Account
from booking.articles import body, drafts, writing
from booking.articles import operations as articles
from booking.articles.models import Article, Picture, TopicKind
from booking.articles.operations import Draft
from booking.bookings import class_changes
from booking.bookings.class_changes import Change
from booking.bookings.clients import Details
from booking.bookings.links import make_link
from booking.bookings.models import Booking
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from booking.scheduling import holidays, hours
from booking.settings import legal, messages
from booking.settings import operations as settings
from booking.settings.logos import Logo
from booking.settings.models import LegalKind
from tests.cast import STAFF, add_break, at, book, pay, sign_in, take_time_off
from tests.cast_classes import plan_class, take, wait

MOST = 14


def fill_calendar(studio, now) -> None:
    """Book nearly everything for three weeks."""
    start, number = at(9, day=25), 0
    while start < at(9, day=25) + timedelta(days=21):
        if start.weekday() < 5:
            for hour in (0, 2, 4, 6):
                number += 1
                guest = Details(f"Guest {number}", f"guest{number}@example.com")
                book(
                    studio.training, start + timedelta(hours=hour), now(), details=guest,
                    visitor=f"v{number}",
                )  # fmt: skip
        start += timedelta(days=1)


def count(client, statements, path: str) -> int:
    statements.clear()
    assert client.get(path).status_code == 200
    return len([one for one in statements if not one.startswith(("BEGIN", "SAVEPOINT"))])


# Both engines are asked the same; it is counted on one.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

READING = ["/read", "/read?topic=hip", "/read?q=hip+text", "/read?q=zebra", "/read/level-hips",
           "/read/feed.xml", "/sitemap.xml"]  # fmt: skip


def test_reading_asks_as_much_of_a_large_shelf(client, studio, now, statements):
    transact(shelve, now(), 2)
    few = {path: count(client, statements, path) for path in READING}
    transact(shelve, now(), 30)
    assert {path: count(client, statements, path) for path in READING} == few
    assert max(few.values()) <= MOST, few


def shelve(now, pieces: int) -> None:
    for number in range(pieces):
        draft = Draft(
            f"Hip {number}", f"hip-{number}", "Text.", "Lena", topics=("hip", "massage"),
            published_at=now,
        )  # fmt: skip
        articles.save(draft, now)


PAGES = ["/", "/kinds/massage", "/services/massage", "/services/training?day=2026-11-26",
         "/services/training/month/2026-12", "/about", "/read", "/read/level-hips",
         "/practitioners/lena"]  # fmt: skip


def test_clients_pages_ask_as_much_of_a_full_calendar(client, studio, now, statements):
    empty = {path: count(client, statements, path) for path in PAGES}
    fill_calendar(studio, now)
    full = {path: count(client, statements, path) for path in PAGES}
    assert full == empty
    assert max(full.values()) <= MOST, full


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("mara", "/studio/day/2026-11-25"),
        ("mara", "/studio/day/2026-11-25?practitioner=4"),
        ("mara", "/studio/week/2026-11-25?practitioner=4"),
        ("mara", "/studio/grid/2026-11-25"),
        ("mara", "/studio/grid/2026-11-25?by=room"),
        ("mara", "/studio/bookings/1"),
        ("ada", "/my/bookings"),
    ],
)
def test_lists_ask_as_much_of_many_rows(client, studio, now, statements, name, path):
    """One session behind and one ahead, against many: a list without rows asks less."""
    book_days(studio, now, 24, 25)
    now.set(at(18))
    sign_in(client, studio.accounts[name], now())
    few = count(client, statements, path)
    book_days(studio, now, 26, 27, 30)
    fill_calendar(studio, now)
    assert count(client, statements, path) == few <= MOST


HOURS = ["/studio/hours", "/studio/hours/{}", "/studio/hours/{}/week", "/studio/time-off",
         "/studio/time-off/new", "/studio/closed-days", "/services/training"]  # fmt: skip


def test_pages_of_hours_ask_as_much_of_a_full_calendar(client, studio, now, statements):
    plan_class(studio, now())
    book(studio.training, at(12, day=25), now())
    add_break(studio, now())
    take_time_off(studio, now())
    transact(holidays.close, date(2026, 12, 25), "Christmas", STAFF, now())
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path.format(studio.lena)) for path in HOURS}
    for number in range(5):
        add_break(studio, now(), weekdays=[number], note=str(number))
        day = date(2026, 12, 1 + number)
        transact(holidays.close, day, "Holiday", STAFF, now())
        transact(hours.set_date, studio.lena, date(2027, 1, 4 + number), [], STAFF, now())
        start = at(8, month=12, day=14 + number)
        take_time_off(studio, now(), start, start + timedelta(minutes=30))
    many = {path: count(client, statements, path.format(studio.lena)) for path in HOURS}
    assert many == few
    assert max(many.values()) <= MOST, many


def book_days(studio, now, *days: int) -> None:
    for day in days:
        book(studio.hour, at(10, day=day), now(), account="ada", studio=studio, visitor=f"{day}",
             practitioner=studio.marco)  # fmt: skip


def test_a_booking_s_own_page(client, studio, now, statements):
    booking = book(studio.hour, at(10), now())
    assert count(client, statements, f"/manage/{make_link(booking)}") <= MOST
    assert count(client, statements, f"/manage/{make_link(booking)}/move") <= MOST


BODY = [
    "/where-does-it-hurt", "/where-does-it-hurt/hip", "/services/massage?region=hip",
    "/studio/settings/body", "/studio/settings/body/1",
]  # fmt: skip


def test_the_figure_and_its_regions_ask_as_much_of_a_full_house(client, studio, now, statements):
    transact(lambda: body.install(practice.current(), STAFF, now()))
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in BODY}
    fill_calendar(studio, now)
    transact(enlarge, studio)
    assert {path: count(client, statements, path) for path in BODY} == few
    assert max(few.values()) <= MOST, few


SETTINGS = [
    "/studio/settings/", "/studio/settings/legal", "/studio/settings/legal/privacy",
    "/studio/settings/mail", "/studio/settings/zone", "/legal/privacy", "/logo",
    "/studio/settings/mail/words", "/studio/settings/mail/words/confirmed/en",
]  # fmt: skip


def test_settings_ask_as_much_of_many_versions_and_pages_nothing_for_them(
    client, studio, now, statements
):
    bare = count(client, statements, "/about")
    transact(decide, studio, now(), 1)
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in SETTINGS}
    transact(decide, studio, now(), 5)
    assert {path: count(client, statements, path) for path in SETTINGS} == few
    assert max(few.values()) <= MOST, few
    assert count(client.application.test_client(), statements, "/about") == bare


def decide(studio, now, versions: int) -> None:
    """A logo, a colour, legal texts and mails to try."""
    row, mara = settings.locked(), db.session.get_one(Account, studio.accounts["mara"])
    settings.keep_logo(row, Logo(b"picture", 10, 10, ""), Actor("staff", mara.id), now)
    row.accent = "#7a1fa2"
    for number in range(versions):
        legal.publish(row, LegalKind.PRIVACY, f"Text {number} of {versions}.", mara, now)
        messages.test(mara, f"{versions}-{number}", now)


MONEY = ["/studio/money?month=2026-11", "/studio/money/unpaid", "/studio/money.csv?month=2026-11"]


def test_the_books_ask_as_much_of_many_payments(client, studio, now, statements):
    days = {day: book(studio.hour, at(10, day=day), now(), visitor=f"{day}").id
            for day in (24, 25, 26, 27, 30)}  # fmt: skip
    now.set(at(18, day=30))
    pay(days[24], 4000, now())
    sign_in(client, studio.accounts["mara"], now())
    few = [count(client, statements, path) for path in MONEY]
    for day in (24, 25, 26):
        pay(days[day], 5500, now(), seen=4000 if day == 24 else 0)
    assert [count(client, statements, path) for path in MONEY] == few
    assert max(few) <= MOST


OFFERED = [
    "/studio/settings/services", "/studio/settings/kinds", "/studio/settings/practitioners",
    "/studio/settings/rooms", "/studio/settings/services/1", "/studio/settings/kinds/1",
    "/studio/settings/practitioners/2", "/studio/settings/rooms/1",
]  # fmt: skip


def test_lists_of_what_is_offered_ask_as_much_of_a_large_house(client, studio, now, statements):
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in OFFERED}
    transact(enlarge, studio)
    many = {path: count(client, statements, path) for path in OFFERED}
    assert many == few
    assert max(many.values()) <= MOST, many


def enlarge(studio) -> None:
    for number in range(12):
        name = f"more-{number}"
        db.session.add_all([
            Practitioner(slug=name, name=name, is_archived=number > 9),
            Room(slug=name, name=name, is_archived=number > 9),
        ])  # fmt: skip
        lengths = [ServiceOption(minutes=30 + 5 * one, price_cents=100) for one in range(4)]
        db.session.add(
            Service(
                category=Category(slug=name, name=name), slug=name, name=name, options=lengths,
                practitioners=[db.session.get_one(Practitioner, studio.lena)],
                rooms=[db.session.get_one(Room, studio.hall)], is_archived=number > 9,
            )
        )  # fmt: skip


MAILS = ["/studio/", "/studio/mails", "/studio/mails?state=waiting&q=grace", "/studio/mails/1",
         "/studio/mails?client=3", "/studio/settings/doctor"]  # fmt: skip


@pytest.mark.parametrize("name", ["mara", "lena"])
def test_the_log_of_mails_asks_as_much_of_many(client, studio, now, statements, name):
    book(studio.training, at(10), now())
    pages = MAILS[:5] if name == "lena" else MAILS
    sign_in(client, studio.accounts[name], now())
    few = {path: count(client, statements, path) for path in pages}
    for day in (25, 26, 27, 30):
        booked = book(studio.training, at(10, day=day), now(), visitor=f"{day}")
        transact(come_under, booked.id, 3)
    many = {path: count(client, statements, path) for path in pages}
    assert many == few
    assert max(many.values()) <= MOST, many


def come_under(booking_id: int, person_id: int) -> None:
    db.session.get_one(Booking, booking_id).person_id = person_id
    for mail in db.session.query(OutgoingMail).filter_by(about=f"booking:{booking_id}"):
        mail.person_id = mail.person_id and person_id


WRITING = [
    "/studio/articles/", "/studio/articles/?state=draft&q=piece", "/studio/articles/pictures",
    "/studio/articles/topics", "/studio/articles/1", "/studio/articles/1/versions",
]  # fmt: skip


def test_pages_of_writing_ask_as_much_of_a_full_shelf(client, studio, now, statements):
    transact(write_pieces, studio, now(), 1)
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in WRITING}
    transact(write_pieces, studio, now(), 12)
    assert {path: count(client, statements, path) for path in WRITING} == few
    assert max(few.values()) <= MOST, few


def write_pieces(studio, now, many: int) -> None:
    mara = Actor("staff", studio.accounts["mara"])
    level = db.session.query(Article).filter_by(slug="level-hips").one()
    for number in range(many):
        name = f"{many}-{number}"
        articles.ensure_topic(name, name, TopicKind.BODY)
        topics = ("massage", name)
        articles.save(Draft(f"Piece {name}", f"piece-{name}", "Text.", "Mara", topics=topics), now)
        articles.save(replace(writing.draft_of(level), body=f"Text {name}."), now, mara)
        db.session.add(
            Picture(digest=name, width=48, height=32, ending="png", alt=name, created_at=now)
        )
        drafts.make_link(level, mara, now)
        drafts.keep(studio.accounts["mara"], f"new-{name}", None, {"title": name}, now)


CALLER = ["/studio/book?person=1", "/studio/book/clients?q=guest"]


def test_the_form_for_a_caller_asks_as_much_of_a_full_calendar(client, studio, now, statements):
    book_days(studio, now, 24)
    book(studio.training, at(9), now(), details=Details("Guest", "guest@example.com"))
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path) for path in CALLER}
    book_days(studio, now, 25, 26, 27, 30)
    for number in range(4):
        guest = Details(f"Guest {number}", f"guest{number}@example.com")
        book(studio.training, at(11 + number), now(), details=guest, visitor=f"g{number}")
    assert {path: count(client, statements, path) for path in CALLER} == few
    assert max(few.values()) <= MOST, few


CLASSES = [
    "/", "/classes", "/classes/gentle-yoga", "/classes/book/{}", "/studio/classes",
    "/studio/classes/{}", "/studio/day/2026-11-24", "/my/bookings",
]  # fmt: skip


def test_pages_of_classes_ask_as_much_of_a_crowd(client, studio, now, statements):
    """One full class with somebody in line, against a full timetable with longer lines."""
    first = plan_class(studio, now(), capacity=1)[0]
    fill_class(first, now, 1, waiting=2)
    sign_in(client, studio.accounts["mara"], now())
    few = {path: count(client, statements, path.format(first)) for path in CLASSES}
    for number in range(6):
        name, start = f"More {number}", 600 + 61 * number
        more = plan_class(studio, now(), name=name, start_minute=start, weekday=3,
                          first_on=date(2026, 11, 26), capacity=6)[0]  # fmt: skip
        fill_class(more, now, 6, waiting=3)
    change = Change(capacity=12)
    transact(class_changes.change_one, first, change, Actor("staff", 5), practice.current(), now())
    fill_class(first, now, 10, waiting=5)  # The first of them has a place already.
    many = {path: count(client, statements, path.format(first)) for path in CLASSES}
    assert many == few
    assert max(many.values()) <= MOST, many


def fill_class(session_id: int, now, places: int, waiting: int) -> None:
    for number in range(places):
        take(session_id, now(), f"Guest{session_id}n{number} Hill")
    for number in range(waiting):
        wait(session_id, now(), f"Waits{session_id}n{number + places} Hill")
