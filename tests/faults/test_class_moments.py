"""Two things that happen to one class or one enrolment at once, held in the worst order."""

from datetime import date

from sqlalchemy import select

from booking.accounts.audit import GUEST
from booking.bookings import changes, class_messages, places
from booking.bookings.enrolments import Attempt
from booking.classes.models import ClassSeries
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import guests, plan_class
from tests.faults.beside import Beside


def book_term(studio, now) -> list[int]:
    """Grace books a term of four classes; the ids of her places."""
    plan_class(studio, now(), term_cents=1500, last_on=date(2026, 12, 15))
    series_id = db.session.scalars(select(ClassSeries.id)).one()
    party, attempt = guests("Grace Hill"), Attempt("visitor", "token")
    enrolment = transact(
        places.book_term, series_id, attempt, party, None, practice.current(), now()
    )
    booked = [place.id for place in enrolment.places]
    db.session.remove()
    return booked


def cancel(booking_id: int, now) -> int:
    return transact(changes.cancel, booking_id, GUEST, practice.current(), now()).id


def test_two_places_of_a_term_are_given_back_at_once_and_the_rest_is_still_confirmed(
    app, studio, now, in_the_middle
):
    """They lie in two classes, so each has its lock; the one mail that tells of all is shared."""
    first, second, *rest = book_term(studio, now)
    there, go_on = in_the_middle(class_messages, "places_booked")
    one = Beside(app, lambda: cancel(first, now))
    assert there.wait(5)
    other = Beside(app, lambda: cancel(second, now))
    other.thread.join(0.5)
    go_on.set()
    assert [one.join(), other.join()] == [first, second]
    [mail] = db.session.scalars(
        select(OutgoingMail).where(
            OutgoingMail.kind == "places", OutgoingMail.state == MailState.WAITING
        )
    )
    assert mail.calendar_text is not None
    assert mail.calendar_text.count("BEGIN:VEVENT") == len(rest)
    assert findings(now()) == []
