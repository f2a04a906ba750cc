"""Receipts: numbered without a gap whatever happens at once, and never changed afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking import guards
from booking.accounts import closing
from booking.accounts.audit import Actor
from booking.bookings.links import make_link
from booking.bookings.models import Booking
from booking.catalog.models import Practitioner
from booking.database import db, transact
from booking.domain.payment_errors import PaidMeanwhile
from booking.payments import operations
from booking.payments.models import Method, Payment, Receipt
from booking.payments.operations import Taking
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at, book, pay, sign_in
from tests.faults.beside import Beside
from tests.web.pages import words

CASH = Taking(9500, Method.CASH, 0)


def book_days(studio, now, *days: int) -> list[int]:
    return [
        book(studio.hour, at(10, day=day), now, account="ada", studio=studio, visitor=f"{day}",
             practitioner=studio.lena).id
        for day in days
    ]  # fmt: skip


def numbers() -> list[str]:
    db.session.rollback()
    return [one.title for one in db.session.scalars(select(Receipt).order_by(Receipt.id))]


def test_payments_at_the_same_moment_leave_no_gap_and_no_double(app, studio, now):
    """Every third one fails after it has taken its number, which somebody else then gets."""
    ids = book_days(studio, now(), 24, 25, 26, 27, 30)
    db.session.remove()
    moment = now()

    def take(booking_id: int) -> str:
        return transact(
            operations.take, booking_id, CASH, Actor("staff"), practice.current(), moment
        ).receipt.title

    def fail(booking_id: int) -> None:
        def work() -> None:
            operations.take(booking_id, CASH, Actor("staff"), practice.current(), moment)
            raise ZeroDivisionError

        transact(work)

    crowd = [Beside(app, lambda one=one, do=do: do(one)) for one in ids for do in (fail, take)]
    results = [one.join() for one in crowd]
    given = {one for one in results if isinstance(one, str)}
    assert given == {f"2026-000{number}" for number in range(1, 6)}
    assert sum(isinstance(one, ZeroDivisionError) for one in results) >= 1
    assert sorted(numbers()) == sorted(given)
    assert findings(moment) == []


def test_of_two_presses_for_one_booking_at_once_one_counts(app, studio, now):
    (booking,) = book_days(studio, now(), 24)
    db.session.remove()
    moment = now()

    def take() -> int:
        return transact(
            operations.take, booking, CASH, Actor("staff"), practice.current(), moment
        ).id

    results = [one.join() for one in [Beside(app, take) for _number in range(4)]]
    assert sum(isinstance(one, int) for one in results) == 1
    assert sum(isinstance(one, PaidMeanwhile) for one in results) == 3
    assert numbers() == ["2026-0001"]


def test_numbers_begin_anew_with_the_practice_s_own_year(studio, now):
    first, second, third = book_days(studio, now(), 24, 25, 26)
    pay(first, 9500, at(23, 59, 31, 12))
    pay(second, 9500, at(23, 59, 31, 12))  # 2027 in London.
    pay(third, 9500, at(23, 59, 31, 12) + timedelta(minutes=1))
    assert numbers() == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_receipt_stays_as_it_was_printed(client, studio, now):
    (booking,) = book_days(studio, now(), 24)
    transact(lambda: setattr(db.session.get_one(Practitioner, studio.lena), "licence", "MA 7"))
    pay(booking, 4000, now())
    second = pay(booking, 5500, now(), Method.CARD, seen=4000).receipt.id

    def move_house() -> None:
        studio_row = practice.current()
        studio_row.name, studio_row.address, studio_row.currency = "Elsewhere", "Far", "EUR"
        db.session.get_one(Practitioner, studio.lena).name = "Somebody Else"
        db.session.get_one(Booking, booking).person.name = "Ada Married"

    transact(move_house)
    sign_in(client, studio.accounts["mara"], now())
    page = words(client.get(f"/studio/receipts/{second}"))
    printed = page[page.index("Heron Lane Studio 12 Heron Lane") : page.index("Thank you")]
    for said in (
        "Receipt 2026-0002", "Ada", "Massage, 60 minutes November 24, 2026", "Lena Hartmann",
        "MA 7", "Price $95", "Paid before, November 23, 2026, Cash $40",
        "Received on November 23, 2026, Card $55 USD",
    ):  # fmt: skip
        assert said in printed, said
    assert not {"Elsewhere", "Married"} & set(printed.split())


def test_a_receipt_of_what_was_taken_back_says_so_and_keeps_its_number(client, studio, now):
    booking, other = book_days(studio, now(), 24, 25)
    taken = pay(booking, 9500, now())
    receipt, payment = taken.receipt.id, taken.id
    transact(operations.take_back, booking, payment, Actor("staff"), practice.current(), now())
    pay(other, 9500, now())
    assert numbers() == ["2026-0001", "2026-0002"]
    sign_in(client, studio.accounts["lena"], now())
    page = words(client.get(f"/studio/receipts/{receipt}"))
    assert "Void. This payment was taken back on November 23, 2026." in page
    assert "2026-0001" in page


def test_a_client_finds_their_receipt_and_a_guest_s_link_opens_its_own_alone(app, studio, now):
    (booking,) = book_days(studio, now(), 24)
    guests = book(studio.hour, at(14, day=25), now(), visitor="g", practitioner=studio.lena)
    link = make_link(guests)
    adas, graces = pay(booking, 9500, now()).receipt.id, pay(guests.id, 9500, now()).receipt.id
    now.set(at(12, day=25))
    ada, guest = app.test_client(), app.test_client()
    sign_in(ada, studio.accounts["ada"], now())
    assert "Receipt 2026-0001" in words(ada.get("/my/bookings"))
    assert "Received on" in words(ada.get(f"/my/receipts/{adas}"))
    assert ada.get(f"/my/receipts/{graces}").status_code == 404
    assert "Receipt 2026-0002" in words(guest.get(f"/manage/{link}"))
    assert "Received on" in words(guest.get(f"/manage/{link}/receipts/{graces}"))
    assert guest.get(f"/manage/{link}/receipts/{adas}").status_code == 404


def test_the_books_outlive_an_account_that_is_closed(app, client, studio, now):
    (booking,) = book_days(studio, now(), 24)
    receipt = pay(booking, 9500, now()).receipt.id
    parts = app.extensions["records"]
    transact(closing.close, studio.accounts["ada"], "Former client", parts, now())
    sign_in(client, studio.accounts["mara"], now())
    assert "Client Ada" in words(client.get(f"/studio/receipts/{receipt}"))
    assert "Former client" in words(client.get("/studio/money"))


BREAKS = {
    "1 are there, the last number is 2": "DELETE FROM receipt WHERE number = 1",
    "the next would follow 7": "UPDATE receipt_year SET last = 7",
    "a year that nobody counts": "UPDATE receipt SET year = 2025 WHERE number = 2",
    "says another amount": "UPDATE receipt SET amount_cents = 1 WHERE number = 1",
    "has no receipt": "DELETE FROM receipt WHERE number = 2",
    "in another currency": "UPDATE booking SET currency = 'EUR'",
    "takes back something else": "UPDATE payment SET amount_cents = -1 WHERE amount_cents < 0",
    "are paid or let go": "UPDATE booking SET price_cents = 100",
}


@pytest.mark.parametrize("sentence", BREAKS)
def test_the_check_finds_books_that_do_not_add_up(studio, now, sentence):
    first, second = book_days(studio, now(), 24, 25)
    taken = pay(first, 9500, now()).id
    transact(operations.take_back, first, taken, Actor("staff"), practice.current(), now())
    pay(second, 9500, now())
    assert findings(now()) == []
    guards.unseal(db.session.connection())
    db.session.execute(text(BREAKS[sentence]))
    assert any(sentence in one for one in findings(now()))
    db.session.rollback()
    assert db.session.query(Payment).count() == 3
