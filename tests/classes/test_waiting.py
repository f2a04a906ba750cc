"""Waiting lists: what becomes free goes to who waits first, is held for them, and passes on."""

from datetime import date

import pytest

from booking.accounts.audit import GUEST
from booking.accounts.models import Account
from booking.bookings import line, offers, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, Waits
from booking.classes.models import ClassSession, WaitlistMode
from booking.database import db, transact
from booking.domain.errors import (
    ClassFull,
    NotWaiting,
    OfferOver,
    StillFree,
    WaitsAlready,
)
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at
from tests.cast_classes import plan_class, take, wait
from tests.classes.in_line import answer, cancel, entry, open_offers

NAMES = ("Ines Rocha", "Ruth Kaminski", "Joan Abernathy")


def session_of(number: int) -> ClassSession:
    db.session.rollback()
    return db.session.get_one(ClassSession, number, populate_existing=True)


@pytest.fixture
def full(studio, now) -> int:
    """A class of one place on Friday at 18:00, which Grace has."""
    first = plan_class(studio, now(), capacity=1, weekday=4, first_on=date(2026, 11, 27))[0]
    take(first, now(), "Grace Hill")
    return first


@pytest.fixture
def place(full) -> int:
    return db.session.query(Booking).one().id


@pytest.fixture
def queue(full, now) -> list[int]:
    """Three people who wait, in order."""
    return [wait(full, now(), name).id for name in NAMES]


def test_a_freed_place_is_offered_to_the_first_and_held(full, place, queue, now):
    cancel(place, now())
    (offer,) = open_offers()
    assert (offer.entry_id, offer.expires_at) == (queue[0], now.now.replace(hour=13, minute=30))
    with pytest.raises(ClassFull):
        take(full, now(), "Passer By")
    assert session_of(full).taken == 1
    assert findings(now()) == []


def test_taking_it_is_a_booking_and_pressing_twice_is_one(full, place, queue, now):
    cancel(place, now())
    (offer,) = open_offers()
    booked = {answer(waiting.accept, offer, now()).id for _press in range(2)}
    assert len(booked) == 1
    assert entry(queue[0]).state is Waits.SERVED
    assert (session_of(full).taken, open_offers()) == (1, [])
    assert findings(now()) == []


def test_saying_no_passes_it_on_at_once(place, queue, now):
    cancel(place, now())
    answer(waiting.decline, open_offers()[0], now())
    (offer,) = open_offers()
    assert (offer.entry_id, entry(queue[0]).state) == (queue[1], Waits.LEFT)
    assert findings(now()) == []


def test_an_offer_nobody_answers_goes_to_the_next(place, queue, now):
    cancel(place, now())
    first = open_offers()[0].id
    now.forward(minutes=30)
    with pytest.raises(OfferOver):
        answer(waiting.accept, db.session.get_one(Offer, first), now())
    turn()
    (offer,) = open_offers()
    assert (offer.entry_id, entry(queue[0]).state) == (queue[1], Waits.ENDED)
    told = db.session.query(OutgoingMail).filter_by(kind="offer_ended", state=MailState.SENT)
    assert [mail.to_address for mail in told] == ["ines@example.com"]
    assert findings(now()) == []


def test_what_frees_at_night_is_kept_until_the_morning(place, queue, now):
    now.set(at(23, day=25))
    cancel(place, now())
    (offer,) = open_offers()
    assert (offer.tell_at, offer.expires_at) == (at(8, day=26), at(8, 30, day=26))
    turn()
    assert not db.session.query(OutgoingMail).filter_by(kind="offer", state=MailState.SENT).count()
    now.set(at(8, day=26))
    turn()
    assert db.session.query(OutgoingMail).filter_by(kind="offer", state=MailState.SENT).count()


def test_near_the_class_an_offer_is_shorter(place, queue, now):
    # The cancel window closes at 10:00; an hour before, a quarter of it is left to answer.
    now.set(at(9, day=27))
    cancel(place, now())
    assert open_offers()[0].expires_at == at(9, 15, day=27)


def test_once_the_window_has_closed_a_place_is_open_to_everybody(full, place, queue, now):
    now.set(at(10, 1, day=27))
    cancel(place, now())
    assert (open_offers(), session_of(full).free) == ([], 1)
    assert findings(now()) == []
    take(full, now(), "Passer By")


def test_a_late_cancellation_is_its_own_state_and_keeps_the_order(place, queue, now):
    now.set(at(10, 1, day=27))
    cancel(place, now())
    assert db.session.get_one(Booking, place).status is Status.LATE_CANCELLED
    assert line.positions([entry(one) for one in queue]) == dict(zip(queue, (1, 2, 3), strict=True))


def test_leaving_the_line_moves_the_others_up(queue, now):
    transact(waiting.leave, queue[0], GUEST, practice.current(), now())
    assert line.position(entry(queue[2])) == 2
    with pytest.raises(NotWaiting):
        transact(waiting.leave, queue[0], GUEST, practice.current(), now())


def test_leaving_with_an_offer_passes_it_on(place, queue, now):
    cancel(place, now())
    transact(waiting.leave, queue[0], GUEST, practice.current(), now())
    assert open_offers()[0].entry_id == queue[1]
    assert findings(now()) == []


def test_one_waits_once_and_only_for_what_is_full(full, queue, now, studio):
    def join(token: str, session_id: int = full):
        account = db.session.get_one(Account, studio.accounts["ada"])
        party = Party(Details("", ""))
        return waiting.join_class(session_id, token, party, account, practice.current(), now())

    entry_id = transact(join, "one")[0].id
    assert transact(join, "one")[0].id == entry_id
    with pytest.raises(WaitsAlready):
        transact(join, "two")
    free = db.session.query(ClassSession).filter_by(taken=0).first()
    with pytest.raises(StillFree):
        transact(join, "three", free.id)


def test_in_automatic_mode_the_place_is_booked_at_once(studio, now):
    first = plan_class(studio, now(), capacity=1, waitlist_mode=WaitlistMode.AUTOMATIC)[0]
    place = take(first, now(), "Grace Hill").places[0].id
    waits = wait(first, now(), "Ines Rocha").id
    # At 20:59 the mail may still go; a minute later it would wait for the morning.
    now.set(at(9, day=24))
    cancel(place, now())
    assert entry(waits).state is Waits.SERVED
    turn()
    (mail,) = db.session.query(OutgoingMail).filter_by(kind="place_given", state=MailState.SENT)
    assert mail.to_address == "ines@example.com"
    assert findings(now()) == []


def test_when_the_class_begins_the_line_goes_home(queue, now):
    now.set(at(18, day=27))
    turn()
    assert {entry(one).state for one in queue} == {Waits.ENDED}
    assert findings(now()) == []


def test_one_offer_that_fails_holds_up_no_other(full, place, queue, now, monkeypatch):
    cancel(place, now())
    now.forward(minutes=31)

    def fail(*_values) -> None:
        raise RuntimeError("poisoned")

    (first,) = [one.id for one in open_offers()]
    with monkeypatch.context() as poisoned:
        poisoned.setattr(offers, "expire", fail)
        turn()
    now.forward(minutes=14)
    turn()
    assert [one.id for one in open_offers()] == [first]
    now.forward(minutes=1)
    turn()
    assert first not in {one.id for one in open_offers()}
