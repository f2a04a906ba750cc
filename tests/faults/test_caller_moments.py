"""Two of the staff book for callers at once, held in the worst order."""

from contextlib import suppress

from sqlalchemy import func, select

from booking.accounts.audit import actor_of
from booking.accounts.models import Account, Person
from booking.bookings import repeats, staff_bookings
from booking.bookings.models import Booking, BookingRepeat
from booking.bookings.repeats import Chosen
from booking.bookings.staff_bookings import Order
from booking.catalog.queries import find_option
from booking.clients import clients
from booking.database import db, transact
from booking.domain.desk_errors import DatesTaken
from booking.domain.errors import SlotTaken
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at
from tests.faults.beside import Beside
from tests.faults.bookings_seen import deadlocks

TUESDAYS = [at(10, day=day, month=12) for day in (1, 8, 15)]


def order(studio, now, who: str, token: str, practitioner: int) -> Order:
    account = db.session.get_one(Account, studio.accounts[who])
    entry = clients.Entry(f"Walter {token}", None, None)
    option = find_option(studio.hour)
    assert option is not None
    return Order(
        token=token, option=option, practitioner_id=practitioner, account=account,
        whose=lambda: clients.add(entry, None, actor_of(account), now()),
    )  # fmt: skip


def book(studio, now, who: str, token: str, practitioner: int) -> int:
    def work() -> int:
        wanted = order(studio, now, who, token, practitioner)
        return staff_bookings.book(wanted, at(10), practice.current(), now()).id

    return transact(work)


def book_series(studio, now, who: str, token: str, practitioner: int) -> int:
    def work() -> int:
        wanted, ticked = order(studio, now, who, token, practitioner), map(Chosen, TUESDAYS)
        return repeats.book_all(wanted, list(ticked), 1, practice.current(), now())[0].repeat_id

    return transact(work)


def at_once(app, in_the_middle, first, second) -> list[object]:
    """Let one stop as it has taken its time, and the other come to the same place."""
    there, go_on = in_the_middle(staff_bookings, "write")
    one = Beside(app, first)
    assert there.wait(5)
    other = Beside(app, second)
    other.thread.join(0.5)
    go_on.set()
    return [one.join(), other.join()]


def test_two_staff_book_the_same_minute_and_one_has_it(app, studio, now, in_the_middle):
    """Marco wants the one room, the manager Lena: whoever comes second is told."""
    first, second = at_once(
        app, in_the_middle,
        lambda: book(studio, now, "mara", "one", studio.lena),
        lambda: book(studio, now, "marco", "two", studio.marco),
    )  # fmt: skip
    assert isinstance(first, int)
    assert isinstance(second, SlotTaken)
    assert db.session.scalar(select(func.count(Booking.id))) == 1
    assert findings(now()) == []


def test_the_same_form_twice_at_once_is_one_booking_and_one_client(app, studio, now, in_the_middle):
    first, second = at_once(
        app, in_the_middle,
        lambda: book(studio, now, "lena", "same", studio.lena),
        lambda: book(studio, now, "lena", "same", studio.lena),
    )  # fmt: skip
    assert first == second
    assert isinstance(first, int)
    written = select(func.count(Person.id)).where(Person.name == "Walter same")
    assert db.session.scalar(written) == 1


def test_a_series_and_a_single_session_at_once_are_one_of_them_whole(
    app, studio, now, in_the_middle
):
    def single() -> int:
        def work() -> int:
            wanted = order(studio, now, "marco", "two", studio.marco)
            return staff_bookings.book(wanted, TUESDAYS[1], practice.current(), now()).id

        return transact(work)

    series, alone = at_once(
        app, in_the_middle,
        lambda: book_series(studio, now, "mara", "one", studio.lena), single,
    )  # fmt: skip
    assert isinstance(series, int)
    assert isinstance(alone, SlotTaken)
    with suppress(DatesTaken):
        book_series(studio, now, "marco", "three", studio.marco)
    assert db.session.scalar(select(func.count(Booking.id))) == 3
    assert db.session.scalar(select(func.count(BookingRepeat.id))) == 1
    assert deadlocks() == 0
    assert findings(now()) == []
