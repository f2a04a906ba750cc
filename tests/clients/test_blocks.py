"""Who is blocked is asked to call, at the last step and without a reason; staff still book them."""

import pytest
from sqlalchemy import func, select

from booking.accounts.models import Person
from booking.bookings import moves, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.models import Booking
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.catalog.queries import find_option, terms_of
from booking.clients import record
from booking.database import db, transact
from booking.domain.errors import Blocked
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from tests.cast import ADA, at, book, hold, sign_in
from tests.cast_classes import guests, plan_class, take, wait
from tests.clients.test_merging import MARA
from tests.web.pages import words

SENTENCE = "We cannot take this booking online. Please call us."
PHONE = "+13215550101"


def block(person_id: int, now) -> None:
    transact(
        lambda: record.block(db.session.get_one(Person, person_id), MARA, practice.current(), now())
    )


@pytest.fixture
def blocked(studio, now, written) -> int:
    one = written("Hugo Hare", email="hugo@example.com", phone=PHONE)
    block(one, now)
    return one


@pytest.mark.parametrize(
    "details",
    [Details("Anybody", "Hugo@Example.com"), Details("Anybody", "new@example.com", PHONE)],
    ids=["address", "number"],
)
def test_their_address_or_number_is_refused_everywhere(studio, now, blocked, details):
    free, full = plan_class(studio, now(), capacity=1)[:2]
    take(full, now(), "Grace Hill")
    with pytest.raises(Blocked):
        book(studio.hour, at(10), now(), details=details)
    with pytest.raises(Blocked):
        take(free, now(), party=Party(details))
    with pytest.raises(Blocked):
        transact(waiting.join_class, full, "t", Party(details), None, practice.current(), now())
    db.session.rollback()
    assert db.session.scalar(select(func.count(Person.id)).where(Person.name == "Anybody")) == 0
    written_to = set(db.session.scalars(select(OutgoingMail.to_address)))
    assert not {"hugo@example.com", details.email.lower()} & written_to
    assert book(studio.hour, at(12), now(), details=ADA, visitor="other").id


def test_a_stranger_learns_it_at_the_end_and_no_more_than_the_sentence(app, studio, now, blocked):
    client = app.test_client()
    pressed = client.post("/book", data={"option": studio.hour, "start": "2026-12-14T15:00Z"})
    assert words(client.get(pressed.location)).count("Please call us") == 0
    typed = {"option": studio.hour, "name": "Eve", "email": "hugo@example.com", "policy": "y"}
    answer = client.post(pressed.location, data=typed)
    assert answer.status_code == 422
    assert SENTENCE in words(answer)
    assert "block" not in words(answer).lower()


def test_a_blocked_account_neither_holds_nor_moves_but_keeps_and_cancels(app, studio, now):
    kept = book(studio.hour, at(10), now(), account="ada", studio=studio)
    booking_id, person_id = kept.id, kept.person_id
    block(person_id, now)
    client = app.test_client()
    sign_in(client, studio.accounts["ada"], now())
    answer = client.post("/book", data={"option": studio.hour, "start": "2026-12-14T15:00Z"})
    assert (answer.status_code, SENTENCE in words(answer)) == (422, True)
    terms = terms_of([find_option(studio.hour)])[studio.hour]
    ada = record.Actor("client", studio.accounts["ada"])
    with pytest.raises(Blocked):
        transact(moves.move, booking_id, terms, at(14), ada, practice.current(), now())
    moved = transact(moves.move, booking_id, terms, at(14), MARA, practice.current(), now())
    assert moved.starts_at == at(14)
    assert "Blocked" not in words(client.get("/account/history"))


def test_who_is_blocked_leaves_the_lines_and_takes_no_offer(studio, now):
    full = plan_class(studio, now(), capacity=1)[0]
    take(full, now(), "Grace Hill")
    entry = wait(full, now(), "Ines Rocha")
    entry_id, person_id = entry.id, entry.person_id
    block(person_id, now)
    db.session.rollback()
    assert db.session.get_one(WaitlistEntry, entry_id).state is Waits.LEFT


def test_staff_see_the_mark_and_let_them_book_again(mara, studio, now, blocked):
    assert "blocked: is asked to call" in words(mara.get(f"/studio/clients/{blocked}"))
    assert mara.post(f"/studio/clients/{blocked}/block", data={"block": ""}).status_code == 303
    details = Details("Hugo Hare", "hugo@example.com")
    assert book(studio.hour, at(10), now(), details=details).id
    db.session.rollback()
    assert db.session.get_one(Booking, 1).person.blocked_at is None


def test_a_hold_and_guests_of_others_are_not_touched(studio, now, blocked):
    assert hold(studio.hour, at(10), "somebody", now()).id
    session = plan_class(studio, now())[0]
    assert take(session, now(), party=guests("Grace Hill", "Tom Wexler")).id
