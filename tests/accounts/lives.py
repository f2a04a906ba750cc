"""A client's whole life in the studio: family, bookings, devices, links, mails."""

from datetime import date

from booking import worker
from booking.accounts import factor, passwords, people
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings import changes, moves, repeats, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.models import Booking
from booking.bookings.staff_bookings import Order
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.mail.models import RefusedAddress
from booking.practice import queries as practice
from tests.cast import at, book, pay, sign_in
from tests.cast_classes import plan_class, take

PASSWORD = "a quiet lantern in the harbor"
LIVES = {
    "ada": ("Ada Bishop", "Cleo Bishop", "+13215550111", "Mind <b>Ada's</b> left knee."),
    "bob": ("Bob Archer", "Ben Archer", "+13215550222", "Bob snores."),
}
MARA = Actor("staff", 5)


def live(app, studio, now, name: str, hour: int) -> None:
    account_id, email = studio.accounts[name], f"{name}@example.com"
    whole_name, child_name, phone, note = LIVES[name]
    hashed = passwords.hash_password(PASSWORD)

    def settle_in() -> int:
        account = db.session.get_one(Account, account_id)
        account.password_hash = hashed
        account.reminder_leads = [2880]
        holder = people.own_person(account)
        people.change(holder, {"name": whole_name, "phone": phone}, MARA, now())
        factor.renew_codes(account_id)
        return people.add(account, child_name, phone, is_minor=True, now=now()).id

    child = transact(settle_in)

    def booked(day: int, person: int | None = None) -> int:
        details = Details("", "", phone, note, person)
        made = book(studio.hour, at(hour, day=day), now(), details=details, account=name,
                    studio=studio, practitioner=studio.lena, visitor=f"{name}{day}")  # fmt: skip
        return made.id

    class_and_line(studio, now, name)
    first, moved, off, childs = booked(24), booked(25), booked(26), booked(27, child)
    pay(first, 4000, now())
    pay(childs, 9500, now())
    series(studio, now, name, hour, child)
    book(studio.hour, at(hour, day=30), now(), details=Details(whole_name, email), visitor=name)
    now.forward(minutes=4)
    worker.turn()
    actor = Actor("client", account_id)
    terms = terms_of([find_option(studio.hour)])[studio.hour]
    transact(moves.move, moved, terms, at(hour + 2, day=25), actor, practice.current(), now())
    transact(changes.cancel, off, actor, practice.current(), now())
    browser, mara = app.test_client(), app.test_client()
    browser.post("/sign-in/link", data={"email": email})
    now.forward(minutes=4)
    worker.turn()
    transact(lambda: people.adopt_guests(db.session.get_one(Account, account_id), now()))
    sign_in(browser, account_id, now())
    sign_in(mara, studio.accounts["mara"], now())
    mara.get(f"/studio/clients/{db.session.get_one(Booking, first).person_id}")
    mara.post("/studio/team/invite", data={"email": email, "role": "manager", "practitioner": 0})
    worker.turn()
    nobody = RefusedAddress(address=email, answer=f"550 5.1.1 <{email}>", refused_at=now())
    transact(db.session.add, nobody)


def series(studio, now, name: str, hour: int, person_id: int) -> None:
    """Two sessions that the studio has booked at once."""

    def book_all() -> None:
        mara = db.session.get_one(Account, studio.accounts["mara"])
        order = Order(
            token=f"series-of-{name}-on-the-phone", option=find_option(studio.hour),
            practitioner_id=studio.lena, account=mara,
            whose=lambda: db.session.get_one(Person, person_id),
        )  # fmt: skip
        starts = [repeats.Chosen(at(hour, day=day, month=12)) for day in (7, 14)]
        repeats.book_all(order, starts, 1, practice.current(), now())

    transact(book_all)


def class_and_line(studio, now, name: str) -> None:
    """A place in one class, a place in the line of another, and an offer from it."""
    free, full = plan_class(
        studio, now(), name=f"Yoga of {name}", first_on=date(2026, 12, 2), weekday=2, room_id=None,
        start_minute=18 * 60 + 90 * list(LIVES).index(name), capacity=1, last_on=date(2026, 12, 9),
    )  # fmt: skip
    mine = Party(Details("", ""))
    take(free, now(), account=name, studio=studio, party=mine)
    others = take(full, now(), f"Nobody{full} Else").places[0].id

    def join() -> None:
        account = db.session.get_one(Account, studio.accounts[name])
        waiting.join_class(full, f"of-{name}-in-line", mine, account, practice.current(), now())

    transact(join)
    transact(changes.cancel, others, MARA, practice.current(), now())
