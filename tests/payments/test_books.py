"""The books of a day and of a month: whose they are, how they add up, and as a file."""

import csv
import io
from datetime import date, timedelta

import pytest

from booking.accounts.audit import Actor
from booking.bookings.clients import Details
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.payments import books, operations
from booking.payments.books import Span
from booking.payments.models import Method
from booking.practice import queries as practice
from tests.cast import at, book, pay, sign_in
from tests.web.pages import soup, words

NOVEMBER = Span.month(date(2026, 11, 30))


@pytest.fixture
def month(studio, now) -> dict[str, int]:
    """Lena and Marco with a payment each in November; one of Lena's is taken back in December."""
    made = {
        "lena": book(studio.hour, at(10), now(), practitioner=studio.lena, visitor="a").id,
        "marco": book(studio.hour, at(12), now(), practitioner=studio.marco, visitor="b").id,
        "open": book(studio.training, at(15), now(), visitor="c",
                     details=Details("=SUM(A1)", "sum@example.com")).id,
    }  # fmt: skip
    now.set(at(17))
    paid = pay(made["lena"], 9500, now()).id
    pay(made["marco"], 4000, now(), Method.CARD)
    pay(made["open"], 3000, now(), Method.CARD)
    december = at(9, day=1, month=12)
    transact(operations.take_back, made["lena"], paid, Actor("staff"), practice.current(), december)
    return made


def visit(app, studio, now, name: str):
    browser = app.test_client()
    sign_in(browser, studio.accounts[name], now())
    return browser


def test_a_month_that_is_over_stays_as_it_was(month, studio):
    (sums,) = books.sums(NOVEMBER, None).values()
    assert sums.total == 16500
    assert sums.methods == {Method.CASH: 9500, Method.CARD: 7000}
    assert sums.practitioners == {
        (studio.lena, "Lena Hartmann"): 12500, (studio.marco, "Marco Reyes"): 4000,
    }  # fmt: skip
    (later,) = books.sums(NOVEMBER.after, None).values()
    assert (later.total, NOVEMBER.after.before) == (-9500, NOVEMBER)


def test_nothing_is_added_across_currencies(month, studio, now):
    other = book(studio.hour, at(10, day=25), now(), visitor="d", practitioner=studio.marco).id
    transact(lambda: setattr(db.session.get_one(Booking, other), "currency", "EUR"))
    pay(other, 9500, now())
    totals = {name: sums.total for name, sums in books.sums(NOVEMBER, None).items()}
    assert totals == {"USD": 16500, "EUR": 9500}


def test_a_day_is_the_practice_s_own(studio, now):
    late = book(studio.hour, at(10), now(), practitioner=studio.lena).id
    pay(late, 9500, at(23, 30))  # The 25th has begun in London by then.
    assert books.sums(Span.day(date(2026, 11, 24)), None)["USD"].total == 9500
    assert books.sums(Span.day(date(2026, 11, 25)), None) == {}


def test_practitioners_see_their_own_and_managers_all(app, month, studio, now):
    marco, mara = visit(app, studio, now, "marco"), visit(app, studio, now, "mara")
    page = words(marco.get("/studio/money?month=2026-11"))
    assert "$40 in all" in page
    assert "Lena" not in page
    page = words(mara.get("/studio/money?month=2026-11"))
    assert "$165 in all Cash $95 Card $70 Lena Hartmann $125 Marco Reyes $40" in page
    assert "Nothing came in" in words(mara.get("/studio/money?day=2026-11-23"))
    rows = marco.get("/studio/money.csv?month=2026-11", buffered=True).get_data(as_text=True)
    assert rows.count("\r\n") == 2


def test_what_is_unpaid_stands_in_its_list_and_in_the_client_s_record(app, month, studio, now):
    mara, marco = visit(app, studio, now, "mara"), visit(app, studio, now, "marco")
    page = words(mara.get("/studio/money/unpaid"))
    # $95 that was taken back, $55 of $95, $50 of $80.
    assert "$200 still due" in page
    assert "$55 of $95" in page
    assert "$55 still due" in words(marco.get("/studio/money/unpaid"))
    person = db.session.get_one(Booking, month["open"]).person_id
    record = mara.get(f"/studio/clients/{person}")
    assert "$50 still due" in words(record)
    link = soup(record).select_one("a[href*='unpaid']")["href"]
    assert "$50 still due" in words(mara.get(link))


def test_the_file_is_for_spreadsheets_and_carries_no_formula(app, month, studio, now):
    mara = visit(app, studio, now, "mara")
    answer = mara.get("/studio/money.csv?month=2026-11", buffered=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="payments 2026-11.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:3] == ["Date", "Receipt", "Client"]
    assert rows[0][:9] == [
        "2026-11-24", "2026-0001", "Grace Hill", "Massage", "2026-11-24", "Lena Hartmann",
        "Cash", "95.00", "USD",
    ]  # fmt: skip
    assert [row[2] for row in rows] == ["Grace Hill", "Grace Hill", "'=SUM(A1)"]
    back = mara.get("/studio/money.csv?day=2026-12-01", buffered=True).data.decode("utf-8-sig")
    ((_head), row) = csv.reader(io.StringIO(back))
    assert (row[1], row[7], row[10]) == ("2026-0001", "-95.00", "yes")


def test_spans_follow_each_other_without_a_gap():
    span = Span.month(date(2028, 1, 31))
    for _number in range(15):
        assert span.after.first == span.end
        assert span.after.before == span
        span = span.after
    assert Span.day(date(2028, 2, 29)).after.first == date(2028, 3, 1)
    assert Span.day(date(2028, 3, 1)).before.end - timedelta(days=1) == date(2028, 2, 29)
