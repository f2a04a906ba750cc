"""Moving: another time, the old one kept for a few minutes, deadlines that do not grow back."""

import pytest
from sqlalchemy import select

from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.bookings import changes, moves
from booking.bookings.models import Booking, Reminder, Status
from booking.catalog.queries import terms_of
from booking.database import db, transact
from booking.domain.errors import MoveTooLate, NotLive, NotOffered, SlotTaken, UndoTooLate
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import TimeClaim
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, hold


def move(booking, start, now):
    booking = db.session.get_one(Booking, booking.id)
    terms = terms_of([booking.option])[booking.option_id]
    return transact(moves.move, booking.id, terms, start, GUEST_ACTOR, practice.current(), now)


def undo(booking, now):
    revision = db.session.get_one(Booking, booking.id).revision
    return transact(changes.undo, booking.id, revision, GUEST_ACTOR, practice.current(), now)


def mails() -> dict[str, MailState]:
    rows = db.session.execute(select(OutgoingMail.dedupe_key, OutgoingMail.state))
    return {key.partition("-r")[2]: state for key, state in rows}


def told(booking, now) -> None:
    """Let the confirmation leave."""
    now.forward(minutes=4)
    turn()


def test_a_move_takes_the_new_time_and_keeps_the_old_for_undo(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    told(booking, now)
    moved = move(booking, at(14), now())
    assert (moved.starts_at, moved.revision, moved.status) == (at(14), 2, Status.BOOKED)
    assert moved.local_start.hour == 14
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(10), "other", now(), studio.lena)
    now.forward(minutes=3, seconds=1)
    assert hold(studio.hour, at(10), "other", now(), studio.lena)
    assert findings(now()) == []


def test_a_move_by_half_an_hour_overlaps_its_own_old_time(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    moved = move(booking, at(10, 30), now())
    assert moved.starts_at == at(10, 30)
    times = db.session.scalars(
        select(TimeClaim).where(TimeClaim.resource_id == studio.lena).order_by(TimeClaim.starts_at)
    ).all()
    assert [(one.starts_at, one.ends_at) for one in times] == [
        (at(10), at(10, 30)),
        (at(10, 30), at(11, 45)),
    ]
    assert undo(booking, now()).starts_at == at(10)
    assert findings(now()) == []


def test_undoing_a_move_brings_everything_back_and_tells_nobody(studio, now):
    booking = book(studio.hour, at(10, day=27), now(), practitioner=studio.lena)
    told(booking, now)
    before = (booking.starts_at, booking.practitioner_id, booking.cancel_until, booking.move_until)
    move(booking, at(14, day=30), now())
    back = undo(booking, now())
    assert (back.starts_at, back.practitioner_id, back.cancel_until, back.move_until) == before
    assert mails()["2-changed"] is MailState.VOID
    open_reminders = db.session.scalars(select(Reminder).where(Reminder.done_at.is_(None))).all()
    assert {one.revision for one in open_reminders} == {3}
    assert findings(now()) == []


def test_after_undoing_a_move_the_booking_itself_is_not_undone(studio, now):
    booking = book(studio.hour, at(10, day=27), now())
    told(booking, now)
    move(booking, at(14, day=30), now())
    undo(booking, now())
    with pytest.raises(UndoTooLate):
        undo(booking, now())
    assert db.session.get(Booking, booking.id).status is Status.BOOKED


def test_a_client_who_moves_before_any_mail_left_gets_one_confirmation(studio, now):
    booking = book(studio.hour, at(10), now())
    move(booking, at(14), now())
    assert mails()["1-confirmed"] is MailState.VOID
    assert mails()["2-confirmed"] is MailState.WAITING
    assert "2-changed" not in mails()


def test_undoing_such_a_move_confirms_the_old_time(studio, now):
    booking = book(studio.hour, at(10), now())
    move(booking, at(14), now())
    undo(booking, now())
    assert mails()["3-confirmed"] is MailState.WAITING
    assert findings(now()) == []


def test_a_move_tells_client_and_practitioner_once_it_stands(studio, now):
    booking = book(studio.hour, at(10), now())
    told(booking, now)
    move(booking, at(14), now())
    assert mails()["2-changed"] is MailState.WAITING
    told(booking, now)
    assert (mails()["2-changed"], mails()["2-studio-moved"]) == (MailState.SENT, MailState.SENT)


def test_moving_ends_twelve_hours_before(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(MoveTooLate):
        move(booking, at(14), at(22, 1, day=23))


def test_a_move_never_renews_a_cancel_deadline_that_has_passed(studio, now):
    booking = book(studio.hour, at(10), now())
    now.set(at(12, day=23))
    moved = move(booking, at(10, day=30), now())
    assert moved.cancel_until == at(10, day=23)
    assert (
        transact(changes.cancel, moved.id, GUEST_ACTOR, practice.current(), now()).status
        is Status.LATE_CANCELLED
    )


def test_a_move_in_time_renews_the_deadlines(studio, now):
    booking = book(studio.hour, at(10, day=27), now())
    moved = move(booking, at(10, day=30), now())
    assert moved.cancel_until == at(10, day=29)
    assert moved.move_until == at(22, day=29)


def test_a_move_to_a_taken_time_changes_nothing(studio, now):
    book(studio.hour, at(14), now(), practitioner=studio.lena, visitor="first")
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):
        move(booking, at(14), now())
    again = db.session.get(Booking, booking.id)
    assert (again.starts_at, again.revision, again.moves) == (at(10), 1, [])
    assert findings(now()) == []


def test_a_move_to_a_time_not_offered_is_refused(studio, now):
    booking = book(studio.hour, at(10), now())
    with pytest.raises(NotOffered):
        move(booking, at(7), now())


def test_the_second_of_two_moves_is_the_one_undone_first(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    move(booking, at(12), now())
    move(booking, at(14), now())
    assert undo(booking, now()).starts_at == at(12)
    assert undo(booking, now()).starts_at == at(10)
    assert undo(booking, now()).status is Status.UNDONE
    assert findings(now()) == []


def test_the_practitioner_stays_when_they_can(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.marco)
    assert move(booking, at(14), now()).practitioner_id == studio.marco


def test_what_a_client_was_told_last_decides_the_next_mail(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    told(booking, now)
    move(booking, at(12), now())
    told(booking, now)
    move(booking, at(14), now())
    move(booking, at(16), now())
    undo(booking, now())
    waiting = {key for key, state in mails().items() if state is MailState.WAITING}
    assert waiting == {"5-changed", "5-studio-moved"}
    mail = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.dedupe_key == f"booking-{booking.id}-r5-changed")
    ).one()
    assert "It was Tuesday, November 24, 12:00" in mail.body_text.replace("\u202f", " ")
    undo(booking, now())
    assert not [key for key, state in mails().items() if state is MailState.WAITING]


def test_a_second_press_on_undo_is_refused(studio, now):
    booking = book(studio.hour, at(10), now())
    moved = move(booking, at(14), now())
    transact(changes.undo, booking.id, moved.revision, GUEST_ACTOR, practice.current(), now())
    with pytest.raises(NotLive):
        transact(changes.undo, booking.id, 2, GUEST_ACTOR, practice.current(), now())
    assert db.session.get(Booking, booking.id).status is Status.BOOKED


def test_a_second_press_on_a_time_leaves_the_undo_as_it_was(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    move(booking, at(12), now())
    assert move(booking, at(12), now()).revision == 2
    assert undo(booking, now()).starts_at == at(10)


def test_a_move_back_into_ones_own_kept_time_is_no_conflict(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    move(booking, at(14), now())
    assert move(booking, at(10, 30), now()).starts_at == at(10, 30)
    assert findings(now()) == []


def test_both_practitioners_hear_of_a_move_between_them(studio, now):
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena)
    told(booking, now)
    book(studio.training, at(14), now(), visitor="other", practitioner=studio.lena)
    assert move(booking, at(14), now()).practitioner_id == studio.marco
    rows = db.session.execute(
        select(OutgoingMail.kind, OutgoingMail.to_address).where(OutgoingMail.about_revision == 2)
    ).all()
    assert ("studio_new", "marco@heronlane.example") in rows
    assert ("studio_moved", "lena@heronlane.example") in rows
