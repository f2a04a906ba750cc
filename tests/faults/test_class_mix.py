"""Everything at once: whoever books, waits, cancels, answers or changes a class, no rule breaks."""

import pytest
from sqlalchemy import select

from booking.bookings.models import Booking, Enrolment, Status
from booking.database import db
from booking.mail.models import MailState, OutgoingMail
from booking.upkeep.check import findings
from tests.cast import at
from tests.faults import class_mix, time_steps
from tests.faults.bookings_seen import deadlocks
from tests.faults.class_steps import SPEED, Mix
from tests.faults.figures import size, tell

SECONDS = size(3, 60)


@pytest.fixture
def mix_of(make_app, now, engine_name):
    """A studio, with connections for everybody who meets there, and what became of their steps."""
    app = make_app(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 10})

    def run(what: str, make, steps, speed: int = SPEED) -> Mix:
        mix = Mix(app, make(now()), at(19, day=23), speed)
        class_mix.run(mix, steps, SECONDS)
        circles = deadlocks()
        tell(
            what, engine_name, done=mix.done.total(), refused=mix.refused.total(),
            errors=mix.faults.total(), deadlocks=circles,
        )  # fmt: skip
        assert mix.faults == {}
        assert findings(mix.now()) == []
        assert circles == 0
        return mix

    with app.app_context():
        yield run
        db.session.remove()


def test_no_rule_breaks_whatever_happens_to_classes_at_the_same_moment(mix_of):
    mix_of("classes", class_mix.make, class_mix.CLASSES)
    assert never_told() == []


def test_no_rule_breaks_whatever_happens_to_times_that_people_wait_for(mix_of):
    mix_of("times", time_steps.make, class_mix.TIMES, time_steps.SPEED)


def never_told():
    """The enrolments with a place that is booked, of which no mail says so or ever will."""
    told = select(OutgoingMail.about).where(
        OutgoingMail.kind.in_(["places", "place_given"]), OutgoingMail.state != MailState.VOID
    )
    booked = select(Booking.enrolment_id).where(Booking.status == Status.BOOKED)
    # Who stood at the door knows it.
    by_mail = select(Enrolment).where(Enrolment.id.in_(booked), Enrolment.visitor != "studio")
    mails = set(db.session.scalars(told))
    return [one.about for one in db.session.scalars(by_mail) if one.about not in mails]
