"""The calendar, as clients and staff see it, asks as much of the database full as empty."""

from datetime import date, timedelta

import pytest

from booking.accounts.audit import Actor
from booking.bookings import class_changes
from booking.bookings.class_changes import Change
from booking.bookings.clients import Details
from booking.bookings.links import make_link
from booking.database import transact
from booking.practice import queries as practice
from booking.scheduling import holidays, hours
from tests.cast import STAFF, add_break, at, book, sign_in, take_time_off
from tests.cast_classes import plan_class, take, wait
from tests.statements.crowd import MOST, book_days, count, fill_calendar

# Both engines are asked the same; it is counted on one.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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


def test_a_booking_s_own_page(client, studio, now, statements):
    booking = book(studio.hour, at(10), now())
    assert count(client, statements, f"/manage/{make_link(booking)}") <= MOST
    assert count(client, statements, f"/manage/{make_link(booking)}/move") <= MOST


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
