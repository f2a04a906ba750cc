"""Every mail there is, each written by the operation that sends it."""

from datetime import date

from booking.accounts import messages as account_messages
from booking.accounts import staff
from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Role
from booking.accounts.operations import find_account
from booking.bookings import approvals, changes, class_endings, class_mailing, moves, repeats
from booking.bookings.clients import Details
from booking.bookings.models import Booking, Status
from booking.bookings.staff_bookings import Order
from booking.catalog.queries import find_option, terms_of
from booking.classes.models import WaitlistMode
from booking.clients import clients
from booking.database import db, transact
from booking.practice import operations
from booking.practice import queries as practice
from booking.settings import messages as settings_messages
from booking.worker import turn
from tests.cast import at, book
from tests.cast_classes import plan_class, take, wait
from tests.mail.following import give_reading, want_sheet


def everything_once(studio, now) -> None:
    """Let every mail there is be written, each by the operation that sends it."""
    transact(give_reading, studio)
    moved = told_booking(studio, now)
    transact(_move, moved, now())
    transact(changes.cancel, moved, GUEST_ACTOR, practice.current(), now())
    reminded = told_booking(studio, now)
    now.set(at(14, day=25))
    turn()
    now.set(at(11, day=27))
    turn()
    transact(changes.cancel, reminded, Actor("staff", 99), practice.current(), now())
    _class_mails(studio, now)
    _request_mails(studio, now)
    _series_mails(studio, now)
    _follow_mails(studio, now)
    transact(_account_mails, now())


def told_booking(studio, now) -> int:
    booking = book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    now.forward(minutes=4)
    turn()
    return booking.id


def _move(booking_id: int, now) -> None:
    booking = db.session.get_one(Booking, booking_id)
    terms = terms_of([booking.option])[booking.option_id]
    moves.move(booking_id, terms, at(10, day=30), GUEST_ACTOR, practice.current(), now)


def _follow_mails(studio, now) -> None:
    """What follows sessions, all of it switched on, and Lena's sheet with what is new in it."""
    transact(lambda: operations.change(
        practice.current(), come_back=True, late_note=True, no_show_note=True,
    ))  # fmt: skip
    want_sheet(studio, now, news=True)
    missed = book(studio.hour, at(9, day=30), now(), practitioner=studio.lena).id
    for moment in (at(15, day=30), at(15, day=2, month=12), at(15, day=4, month=12)):
        book(studio.training, moment, now(), account="ada", studio=studio)
    late = book(studio.hour, at(12, day=30), now(), account="ada", studio=studio).id
    now.set(at(7, day=30))
    turn()
    transact(changes.cancel, late, GUEST_ACTOR, practice.current(), now())
    now.set(at(9, 20, day=30))
    mara = Actor("staff", 99)
    transact(changes.mark, missed, Status.NO_SHOW, mara, practice.current(), now())
    for day in (1, 3, 5, 6):
        now.set(at(10, day=day, month=12))
        turn()
    want_sheet(studio, now, news=False)


def _request_mails(studio, now) -> None:
    """Somebody new asks for a session and is turned down."""
    transact(lambda: operations.change(practice.current(), new_approval=True))
    _ask_and_turn_down(studio, now)
    transact(lambda: operations.change(practice.current(), new_approval=False))


def _ask_and_turn_down(studio, now) -> None:
    details = Details("Nora Quill", "nora@example.com")
    asked = book(studio.hour, at(10, day=14, month=12), now(), details=details, visitor="nora").id
    now.forward(minutes=4)
    turn()
    words = "I am away that week. The week after is free."
    transact(approvals.decline, asked, words, Actor("staff", 99), practice.current(), now())


def _series_mails(studio, now) -> None:
    """A manager books a series in a practitioner's calendar, for a caller with an address."""
    guest = clients.Entry("Walter Caller", None, "walter@example.com")

    def book_all() -> None:
        mara = db.session.get_one(Account, studio.accounts["mara"])
        order = Order(
            token="token-of-the-form", option=find_option(studio.training),
            practitioner_id=studio.lena, account=mara, note="Mind the stairs.",
            whose=lambda: clients.add(guest, None, Actor("staff", mara.id), now()),
        )  # fmt: skip
        starts = [repeats.Chosen(at(11, day=day, month=12)) for day in (4, 18)]
        repeats.book_all(order, starts, 2, practice.current(), now())

    transact(book_all)


def _class_mails(studio, now) -> None:
    """A class that fills, from whose line one is given a place and one lets an offer pass."""
    mara, first_on = Actor("staff", 99), date(2026, 12, 1)
    offered, later = plan_class(studio, now(), first_on=first_on, last_on=date(2026, 12, 8))
    given = plan_class(
        studio, now(), first_on=date(2026, 12, 2), weekday=2, name="Mat Pilates",
        waitlist_mode=WaitlistMode.AUTOMATIC, practitioner_id=studio.marco,
    )[0]  # fmt: skip
    for session_id in (offered, given):
        leaver = take(session_id, now(), f"Grace{session_id} Hill", "Tom Wexler").places[0].id
        wait(session_id, now(), f"Ines{session_id} Rocha")
        turn()
        transact(changes.cancel, leaver, GUEST_ACTOR, practice.current(), now())
    turn()
    now.forward(minutes=31)
    turn()
    wait_for_nothing(later, now)
    words = class_mailing.Words("Bring socks", "The floor is cold.\nAnd a jumper.", "token")
    transact(class_mailing.write_all, given, words, mara, now(), and_waiting=False)
    now.forward(minutes=4)
    turn()
    transact(class_endings.cancel_one, later, mara, practice.current(), now())


def wait_for_nothing(session_id: int, now) -> None:
    """Wait for a class that will be called off."""
    take(session_id, now(), "Ruth Kaminski", "Joan Abernathy")
    wait(session_id, now(), "Samuel Ortiz")


def _account_mails(now) -> None:
    ada, lena = find_account("ada@example.com"), find_account("lena@heronlane.example")
    for email, account in (("new@example.com", None), (ada.email, ada), (lena.email, lena)):
        account_messages.sign_in_link(email, account, now)
    account_messages.password_link("new@example.com", None, now)
    account_messages.password_link(ada.email, ada, now)
    account_messages.password_changed(ada, now)
    account_messages.new_address(ada, "ada@new.example", now, is_taken=False)
    account_messages.new_address(ada, "bob@example.com", now, is_taken=True)
    account_messages.address_changing(ada, now)
    account_messages.address_changed(ada, "ada@old.example", now)
    account_messages.factor_reset(lena, now)
    account_messages.factor_changed(lena, now)
    account_messages.account_closed(ada, now)
    staff.invite(lena, "zoe@example.com", Role.PRACTITIONER, None, now)
    settings_messages.test(lena, "token", now)
