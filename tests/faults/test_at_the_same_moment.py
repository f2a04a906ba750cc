"""Two things that happen at once, held in the worst order: both end with an answer that is true."""

from sqlalchemy import select

from booking.accounts.audit import GUEST
from booking.bookings import changes, messages, views
from booking.database import db, transact
from booking.domain.errors import SlotTaken
from booking.mail import claims
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at, book, book_held, hold
from tests.faults.beside import Beside


def test_an_expired_hold_is_booked_while_somebody_else_presses_it(app, studio, now, in_the_middle):
    token = hold(studio.hour, at(10), "slow", now(), studio.lena).token
    db.session.remove()
    moment = now.forward(minutes=11)
    there, go_on = in_the_middle(messages, "confirmed")
    first = Beside(app, lambda: book_held(token, studio.hour, moment, "slow").id)
    assert there.wait(5)
    second = Beside(app, lambda: hold(studio.hour, at(10), "fast", moment, studio.lena).id)
    second.thread.join(0.5)
    go_on.set()
    assert isinstance(first.join(), int)
    assert isinstance(second.join(), SlotTaken)
    assert findings(moment) == []


def test_a_hold_is_let_go_while_it_is_booked(app, studio, now, in_the_middle):
    held = hold(studio.hour, at(10), "v", now())
    token, hold_id = held.token, held.id
    db.session.remove()
    there, go_on = in_the_middle(messages, "confirmed")
    first = Beside(app, lambda: book_held(token, studio.hour, now(), "v").id)
    assert there.wait(5)
    second = Beside(app, lambda: transact(views._let_go, hold_id))
    second.thread.join(0.5)
    go_on.set()
    assert isinstance(first.join(), int)
    assert second.join() is None
    assert findings(now()) == []


def test_a_booking_is_cancelled_while_its_confirmation_is_taken_to_be_sent(
    app, studio, now, in_the_middle
):
    """Whichever comes first: a client who gets the confirmation gets the cancellation too."""
    booking_id = book(studio.hour, at(10), now()).id
    db.session.remove()
    moment = now.forward(minutes=3, seconds=1)
    there, go_on = in_the_middle(changes, "end")
    cancelling = Beside(
        app, lambda: transact(changes.cancel, booking_id, GUEST, practice.current(), moment).id
    )
    assert there.wait(5)
    sending = Beside(app, lambda: send_all(moment))
    sending.thread.join(0.5)
    go_on.set()
    assert isinstance(cancelling.join(), int)
    sent = sending.join()
    kinds = set(db.session.scalars(select(OutgoingMail.kind)))
    assert ("cancelled" in kinds) == ("confirmed" in sent)
    assert ("studio_cancelled" in kinds) == ("studio_new" in sent)


def send_all(moment) -> list[str]:
    """Take every mail that is due and mark it sent, as a worker does."""
    sent = []
    while (mail := transact(claims.claim_next, moment)) is not None:
        sent.append(mail.kind)
        transact(claims.mark_sent, mail.id, mail.lease, moment)
    return sent
