"""Corners that the life of a class as a model brought to light."""

from datetime import date, timedelta

import pytest

from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Person
from booking.bookings import changes, class_changes, class_endings, places, waiting
from booking.bookings.class_changes import Change
from booking.bookings.enrolments import Order
from booking.bookings.models import PlaceKind
from booking.bookings.waiting_models import Offer, OfferState
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.domain.errors import AlreadyBegun, ClassOff, OfferOver
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at
from tests.cast_classes import plan_class, take, wait

STAFF = Actor("staff", 1)


def test_nobody_walks_into_a_class_that_is_off(studio, now):
    first = plan_class(studio, now())[0]
    known = take(first, now(), "Grace Hill").person
    transact(class_endings.cancel_one, first, STAFF, practice.current(), now())

    def come():
        order = Order(PlaceKind.DROP_IN, practice.current(), now(), actor=STAFF)
        places.add_walk_in(first, known, order, "door", may_overbook=True)

    with pytest.raises(ClassOff):
        transact(come)


@pytest.mark.parametrize("scope", ["one", "following"])
def test_no_class_is_moved_into_the_past(studio, now, scope):
    first = plan_class(studio, now())[0]
    take(first, now(), "Grace Hill")
    now.set(at(12))
    change = getattr(class_changes, f"change_{scope}")
    with pytest.raises(AlreadyBegun):
        transact(change, first, Change(date(2026, 11, 23)), STAFF, practice.current(), now())
    db.session.rollback()
    assert db.session.get_one(ClassSession, first).starts_at == at(18)


def fill_and_wait(studio, now):
    """A class with one place, which Grace gives back for Tom, who waited; return its id."""
    first = plan_class(studio, now(), capacity=1)[0]
    booking = take(first, now(), "Grace Hill").places[0]
    wait(first, now(), "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    transact(changes.cancel, booking.id, GUEST, practice.current(), now())
    return first


def offers_made():
    db.session.rollback()
    return db.session.query(Offer).order_by(Offer.id).all()


def move(session_id, now, change: Change) -> None:
    transact(class_changes.change_one, session_id, change, STAFF, practice.current(), now())


def test_what_is_offered_is_the_class_as_it_is_after_a_move(studio, now):
    first = fill_and_wait(studio, now)
    now.forward(minutes=20)
    move(first, now, Change(start_minute=19 * 60))
    old, new = offers_made()
    assert (old.state, new.state) == (OfferState.WITHDRAWN, OfferState.OPEN)
    assert (new.starts_at, new.entry.person.name) == (at(19), "Tom Wexler")
    assert new.expires_at == now() + timedelta(minutes=30)
    with pytest.raises(OfferOver):
        transact(waiting.accept, old.id, None, practice.current(), now())
    mails = db.session.query(OutgoingMail).filter_by(kind="offer").order_by(OutgoingMail.id).all()
    assert [mail.state for mail in mails] == [MailState.VOID, MailState.WAITING]
    assert "7:00" in mails[1].body_text
    assert findings(now()) == []


def test_no_offer_outlives_the_cancel_window_of_a_class_that_was_moved_nearer(studio, now):
    """The place was kept until the morning for somebody who would hear of it after the class."""
    now.set(at(22, day=23))
    first = fill_and_wait(studio, now)
    move(first, now, Change(start_minute=7 * 60 + 30))
    assert [one.state for one in offers_made()] == [OfferState.WITHDRAWN]
    assert db.session.get_one(ClassSession, first).free == 1
    take(first, now(), "Nora Lund")
    assert findings(now()) == []


def test_who_was_written_down_by_the_studio_hears_of_a_move(studio, now):
    """They are told when the class is called off, and nothing else told them the new time."""
    first = plan_class(studio, now())[0]

    def come():
        ada = db.session.query(Person).filter_by(name="Ada").one()
        order = Order(PlaceKind.DROP_IN, practice.current(), now(), actor=STAFF)
        places.add_walk_in(first, ada, order, "door", may_overbook=False)

    transact(come)
    for minute in (19 * 60, 20 * 60):
        move(first, now, Change(start_minute=minute))
    mails = db.session.query(OutgoingMail).filter_by(kind="changed").order_by(OutgoingMail.id).all()
    assert [mail.state for mail in mails] == [MailState.VOID, MailState.WAITING]
    assert "8:00" in mails[1].body_text
    assert findings(now()) == []
