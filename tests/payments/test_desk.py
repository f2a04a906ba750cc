"""Money at the desk: taken in one press or by the form, taken back, let go; and what is due."""

from datetime import date

import pytest
from sqlalchemy import func, select

from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Audit
from booking.bookings import changes
from booking.bookings.models import Booking, Status
from booking.database import db, transact
from booking.domain.payment_errors import (
    MoreThanDue,
    NotPayable,
    PaidLater,
    PaidMeanwhile,
    TakenBack,
)
from booking.payments import operations
from booking.payments.models import Method, Payment
from booking.payments.queries import State, due_of
from booking.practice import queries as practice
from tests.cast import at, book, pay, sign_in
from tests.cast_classes import plan_class, take
from tests.web.pages import press, send, soup, words

LENA = Actor("staff", 3)


@pytest.fixture
def booking(studio, now) -> int:
    """A massage with Lena for $95 that has just ended."""
    made = book(studio.hour, at(9, day=24), now(), practitioner=studio.lena).id
    now.set(at(10, day=24))
    return made


@pytest.fixture
def lena(client, studio, now, booking):
    sign_in(client, studio.accounts["lena"], now())
    return client


def due(booking_id: int) -> tuple[State, int]:
    db.session.rollback()
    found = due_of([booking_id])[booking_id]
    return found.state, found.left_cents


def settle(booking_id: int, status: Status, now) -> None:
    if status in changes.MARKS:
        transact(changes.mark, booking_id, status, LENA, practice.current(), now)
    elif status is Status.LATE_CANCELLED:
        transact(changes.cancel, booking_id, GUEST, practice.current(), at(8, day=24))
    else:
        transact(changes.cancel, booking_id, LENA, practice.current(), now)


def test_cash_in_full_is_one_press_on_the_day(lena, booking):
    day = "/studio/day/2026-11-24"
    assert "$95 due" in words(lena.get(day))
    answer = send(lena, press(soup(lena.get(day)), "Paid cash $95"))
    assert answer.location == day
    assert due(booking) == (State.PAID, 0)
    page = words(lena.get(day))
    assert "Grace Hill has paid $95. Receipt 2026-0001." in page
    assert "Paid cash" not in page
    taken = db.session.scalars(select(Payment)).one()
    assert (taken.method, taken.paid_on) == (Method.CASH, date(2026, 11, 24))


def test_a_part_by_card_on_an_earlier_day_and_the_rest_in_cash(lena, studio, booking):
    path = f"/studio/bookings/{booking}/money"
    form = press(soup(lena.get(path)), "Write it down")
    assert (form.data["amount"], form.data["paid_on"]) == ("95", "2026-11-24")
    send(lena, form, amount="40.50", method="card", paid_on="2026-11-20")
    assert due(booking) == (State.PART_PAID, 5450)
    page = words(lena.get(path))
    assert "$40.50 Card November 20, 2026, taken by Lena Hartmann" in page
    assert "$54.50 still due" in words(lena.get("/studio/day/2026-11-24"))
    send(lena, press(soup(lena.get(path)), "Paid cash $54.50"))
    assert due(booking) == (State.PAID, 0)
    trail = select(func.count()).select_from(Audit).where(Audit.action == "paid")
    assert db.session.scalar(trail.where(Audit.actor == f"staff:{studio.accounts['lena']}")) == 2


def test_a_second_press_adds_nothing_and_shows_what_is_there(lena, booking):
    form = press(soup(lena.get(f"/studio/bookings/{booking}/money")), "Write it down")
    send(lena, form, amount="40")
    again = send(lena, form, amount="40")
    assert again.status_code == 409
    assert "Nothing was added" in words(again)
    assert due(booking) == (State.PART_PAID, 5500)
    # Sent once more from the page that now shows it, it counts.
    assert send(lena, press(soup(again), "Write it down"), amount="40").status_code == 303
    assert due(booking) == (State.PART_PAID, 1500)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"amount": "0"}, "an amount above 0"),
        ({"amount": "nan"}, "Please type a price like"),
        ({"amount": "95.01"}, "more than is still to be paid"),
        ({"paid_on": "2026-11-25"}, "today or an earlier day"),
        ({"method": "let_go"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(lena, booking, typed, says):
    form = press(soup(lena.get(f"/studio/bookings/{booking}/money")), "Write it down")
    answer = send(lena, form, **{"method": "card", **typed})
    assert answer.status_code == 422
    assert says in words(answer)
    if "amount" in typed:
        assert soup(answer).select_one("#amount")["value"] == typed["amount"]
    assert due(booking) == (State.UNPAID, 9500)


def test_taking_back_is_a_row_of_its_own_for_whom_it_was_counted(lena, studio, now, booking):
    first = pay(booking, 9500, now()).id

    def give_to_marco() -> None:
        db.session.get_one(Booking, booking).practitioner_id = studio.marco

    transact(give_to_marco)
    back = transact(operations.take_back, booking, first, LENA, practice.current(), at(9, 0, 1, 12))
    assert (back.amount_cents, back.reverses_id) == (-9500, first)
    assert (back.practitioner_id, back.paid_on) == (studio.lena, date(2026, 12, 1))
    assert due(booking) == (State.UNPAID, 9500)
    with pytest.raises(TakenBack):
        transact(operations.take_back, booking, first, LENA, practice.current(), now())
    with pytest.raises(TakenBack):
        transact(operations.take_back, booking, back.id, LENA, practice.current(), now())


def test_a_payment_is_taken_back_by_its_own_booking_alone(lena, studio, now, booking):
    other = book(studio.hour, at(14, day=26), now(), visitor="b", practitioner=studio.lena).id
    path = f"/studio/bookings/{booking}/money"
    mine = pay(booking, 9500, now()).id
    lena.post(f"/studio/bookings/{other}/money/take-back", data={"payment": mine})
    assert due(booking) == (State.PAID, 0)
    send(lena, press(soup(lena.get(path)), "Take back"))
    assert due(booking) == (State.UNPAID, 9500)
    assert "taken back on November 24, 2026" in words(lena.get(path))


@pytest.mark.parametrize("status", [Status.NO_SHOW, Status.LATE_CANCELLED])
def test_what_was_missed_or_cancelled_late_may_be_charged_but_is_not_owed(
    lena, studio, now, booking, status
):
    if status is Status.LATE_CANCELLED:
        now.set(at(8, day=24))
    settle(booking, status, now())
    now.set(at(10, 30, day=24))
    day = soup(lena.get("/studio/day/2026-11-24"))
    assert "due" not in day.get_text()
    page = soup(lena.get(day.select_one("a[href*='/bookings/'][href$='/money']")["href"]))
    assert "May be charged" in page.get_text()
    assert send(lena, press(page, "Write it down"), amount="50", method="card").status_code == 303
    assert due(booking) == (State.PART_PAID, 4500)
    assert "Nothing is open" in words(lena.get("/studio/money/unpaid"))


def test_what_was_called_off_in_time_is_not_paid(studio, now, booking):
    settle(booking, Status.CANCELLED, now())
    with pytest.raises(NotPayable):
        pay(booking, 9500, now())


def test_the_operation_holds_its_rules_without_any_form(now, booking):
    with pytest.raises(MoreThanDue):
        pay(booking, 9501, now())
    with pytest.raises(MoreThanDue):
        pay(booking, 0, now())
    with pytest.raises(PaidMeanwhile):
        pay(booking, 9500, now(), seen=1)
    with pytest.raises(PaidLater):
        pay(booking, 9500, now(), paid_on=date(2026, 11, 25))


def test_what_is_let_go_is_settled_without_money_or_receipt_and_can_be_taken_back(lena, booking):
    path = f"/studio/bookings/{booking}/money"
    send(lena, press(soup(lena.get(path)), "Paid cash $95"))
    send(lena, press(soup(lena.get(path)), "Take back"))
    send(lena, press(soup(lena.get(path)), "Let go of $95"))
    assert due(booking) == (State.SETTLED, 0)
    assert "settled" in words(lena.get("/studio/day/2026-11-24"))
    assert "$0 in all" in words(lena.get("/studio/money"))
    send(lena, press(soup(lena.get(path)).find_all(class_="money-rows")[0], "Take back"))
    assert due(booking) == (State.UNPAID, 9500)


def test_a_place_in_a_class_is_paid_on_its_roster(client, studio, now):
    session_id = plan_class(studio, now())[0]
    place = take(session_id, now(), "Tom Wexler").places[0].id
    now.set(at(18))
    sign_in(client, studio.accounts["lena"], now())
    roster = f"/studio/classes/{session_id}"
    answer = send(client, press(soup(client.get(roster)), "Paid cash $18"))
    assert answer.location == roster
    assert due(place) == (State.PAID, 0)
