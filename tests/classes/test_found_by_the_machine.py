"""What the machine of the life of a class has found, each told by itself."""

import pytest

from booking.accounts.audit import Actor
from booking.bookings import class_endings, places
from booking.bookings.enrolments import Order
from booking.bookings.models import PlaceKind
from booking.database import transact
from booking.domain.errors import ClassOff
from booking.practice import queries as practice
from tests.cast import plan_class, take

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
