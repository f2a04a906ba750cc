"""A booking and time off over the same time at once: exactly one of them has it."""

import pytest
from sqlalchemy import select

from booking.bookings.models import Hold
from booking.database import db
from booking.domain.errors import NotOffered, SlotTaken
from booking.domain.hours_errors import InTheWay
from booking.scheduling import absences, calendar
from booking.scheduling.models import TimeOff
from booking.upkeep.check import findings
from tests.cast import at, hold, take_time_off
from tests.faults.beside import Beside


@pytest.mark.parametrize("first", ["time off", "booking"])
def test_a_time_is_booked_while_time_off_is_entered_over_it(app, studio, now, in_the_middle, first):
    """Each is stopped when it has looked and not yet taken."""
    ways = {
        "time off": (lambda: take_time_off(studio, now(), at(9), at(17)), absences, "begin"),
        "booking": (lambda: hold(studio.training, at(10), "visitor", now()).id, calendar, "claim"),
    }
    work, module, name = ways.pop(first)
    ((other, *_rest),) = ways.values()
    there, go_on = in_the_middle(module, name)
    one = Beside(app, work)
    assert there.wait(5)
    two = Beside(app, other)
    two.thread.join(0.5)
    go_on.set()
    assert isinstance(one.join(), int)
    assert isinstance(two.join(), (InTheWay, SlotTaken, NotOffered))
    kept = [db.session.scalars(select(model.id)).all() for model in (TimeOff, Hold)]
    assert sorted(map(len, kept)) == [0, 1]
    assert findings(now()) == []
