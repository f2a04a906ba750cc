"""What the machine of the life of a class has found, each told by itself."""

from datetime import date

import pytest

from booking.accounts.audit import Actor
from booking.bookings import class_changes, class_endings, places
from booking.bookings.class_changes import Change
from booking.bookings.enrolments import Order
from booking.bookings.models import PlaceKind
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.domain.errors import AlreadyBegun, ClassOff
from booking.practice import queries as practice
from tests.cast import at, plan_class, take

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
