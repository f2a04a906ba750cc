"""What is offered, decided, paid and sent asks as much of a large house as of a small one."""

import pytest

from booking.accounts.audit import Actor
from booking.accounts.models import Account
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.settings import legal, messages
from booking.settings import operations as settings
from booking.settings.logos import Logo
from booking.settings.models import LegalKind
from tests.cast import at, book, pay, sign_in
from tests.statements.crowd import MOST, count, enlarge

# Both engines are asked the same; it is counted on one.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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
