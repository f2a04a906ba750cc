"""Undo, cancel, acknowledge, mark: what may be done when, and what follows."""

import pytest
from sqlalchemy import func, select

from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.accounts.audit import Actor
from booking.bookings import changes
from booking.bookings.models import Booking, Reminder, ReminderOutcome, Status
from booking.database import db, transact
from booking.domain.errors import CancelTooLate, NotLive, NotYet, UndoTooLate
from booking.mail import claims
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import Claim
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, hold

STAFF = Actor("staff", 99)


def undo(booking, now):
    revision = db.session.get_one(Booking, booking.id).revision
    return transact(changes.undo, booking.id, revision, GUEST_ACTOR, practice.current(), now)


def cancel(booking, now, actor=GUEST_ACTOR):
    return transact(changes.cancel, booking.id, actor, practice.current(), now)


def mark(booking, status, now):
    return transact(changes.mark, booking.id, status, STAFF, practice.current(), now)


def states_of_mails() -> dict[str, MailState]:
    return dict(db.session.execute(select(OutgoingMail.kind, OutgoingMail.state)).all())


def test_undo_leaves_no_time_taken_and_tells_nobody(studio, now):
    booking = book(studio.hour, at(10), now())
    assert undo(booking, now()).status is Status.UNDONE
    assert db.session.scalar(select(func.count(Claim.id))) == 0
    assert set(states_of_mails().values()) == {MailState.VOID}
    now.forward(days=2)
    turn()
    assert set(states_of_mails().values()) == {MailState.VOID}
    assert findings(now()) == []


def test_undo_is_never_late_for_a_session_that_is_soon(studio, now):
    booking = book(studio.hour, at(11, day=23), now())
    assert booking.cancel_until < now()
    assert undo(booking, now()).status is Status.UNDONE


def test_undo_ends_after_three_minutes(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(UndoTooLate):
        undo(booking, now.forward(minutes=3, seconds=1))


def test_cancelling_in_time_frees_the_time_and_keeps_the_row(studio, now):
    booking = book(studio.hour, at(10, day=27), now(), practitioner=studio.lena)
    now.forward(minutes=4)
    turn()
    cancelled = cancel(booking, now())
    assert (cancelled.status, cancelled.claim_id) == (Status.CANCELLED, None)
    assert hold(studio.hour, at(10, day=27), "next", now(), studio.lena)
    assert states_of_mails()["cancelled"] is MailState.WAITING
    assert states_of_mails()["studio_cancelled"] is MailState.WAITING
    outcomes = set(db.session.scalars(select(Reminder.outcome)))
    assert outcomes == {ReminderOutcome.CALLED_OFF}
    assert findings(now()) == []


def test_cancelling_after_the_deadline_is_a_state_of_its_own(studio, now):
    booking = book(studio.hour, at(10), now())
    now.set(at(10, 1, day=23))
    assert cancel(booking, now()).status is Status.LATE_CANCELLED


def test_cancelling_at_the_deadline_is_still_free(studio, now):
    booking = book(studio.hour, at(10), now())
    now.set(at(10, day=23))
    assert cancel(booking, now()).status is Status.CANCELLED


def test_a_session_that_has_begun_cannot_be_cancelled_by_its_client(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(CancelTooLate):
        cancel(booking, at(10))
    assert cancel(booking, at(10), STAFF).status is Status.CANCELLED


def test_the_studio_cancels_without_a_deadline_and_the_client_is_told(studio, now):
    booking = book(studio.hour, at(10), now())
    assert cancel(booking, at(9), STAFF).status is Status.CANCELLED
    assert states_of_mails()["cancelled_by_studio"] is MailState.WAITING


def test_cancelling_before_any_mail_has_left_sends_none(studio, now):
    booking = book(studio.hour, at(10), now())
    cancel(booking, now())
    assert set(states_of_mails().values()) == {MailState.VOID}


def test_what_is_off_stays_off(studio, now):
    booking = book(studio.hour, at(10), now())
    cancel(booking, now())
    for again in (cancel, undo):
        with pytest.raises(NotLive):
            again(booking, now())


def test_a_client_says_that_they_will_be_there(studio, now):
    booking = book(studio.hour, at(10), now())
    seen = transact(changes.acknowledge, booking.id, 1, GUEST_ACTOR, now())
    assert seen.acknowledged_at == now()
    with pytest.raises(NotLive):
        transact(changes.acknowledge, booking.id, 2, GUEST_ACTOR, now())


def test_arrived_can_be_marked_on_the_day_and_taken_back(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(NotYet):
        mark(booking, Status.ARRIVED, at(20, day=23))
    assert mark(booking, Status.ARRIVED, at(9, 50)).status is Status.ARRIVED
    assert mark(booking, Status.BOOKED, at(9, 51)).status is Status.BOOKED


def test_no_show_needs_a_session_that_has_begun(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(NotYet):
        mark(booking, Status.NO_SHOW, at(9, 59))
    assert mark(booking, Status.NO_SHOW, at(10)).status is Status.NO_SHOW


def test_a_cancelled_session_cannot_be_marked(studio, now):
    booking = book(studio.hour, at(10), now())
    cancel(booking, now())
    with pytest.raises(NotLive):
        mark(booking, Status.ARRIVED, at(10))


def claim_confirmation(booking, now) -> None:
    """Let a worker take the confirmation and be sending it."""
    mail = transact(claims.claim_next, now)
    while mail is not None and mail.kind != "confirmed":
        mail = transact(claims.claim_next, now)


def test_undo_is_refused_once_a_mail_is_leaving(studio, now):
    booking = book(studio.hour, at(10), now())
    moment = booking.undo_until
    claim_confirmation(booking, moment)
    with pytest.raises(UndoTooLate):
        undo(booking, moment)
    assert states_of_mails()["confirmed"] is MailState.WAITING


def test_cancelling_while_the_confirmation_leaves_tells_the_client(studio, now):
    booking = book(studio.hour, at(10), now())
    moment = booking.undo_until
    claim_confirmation(booking, moment)
    cancel(booking, moment)
    assert states_of_mails()["cancelled"] is MailState.WAITING


def test_the_practitioner_hears_of_a_cancellation_when_they_heard_of_the_booking(studio, now):
    booking = book(studio.hour, at(10), now())
    now.set(booking.undo_until)

    def only_the_studio_was_told() -> None:
        mail = db.session.scalars(select(OutgoingMail).filter_by(kind="studio_new")).one()
        mail.state = MailState.SENT

    transact(only_the_studio_was_told)
    cancel(booking, now())
    assert states_of_mails()["studio_cancelled"] is MailState.WAITING
    assert "cancelled" not in states_of_mails()
