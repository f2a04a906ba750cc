"""What follows a session and waits: dropped when nobody wants it, looked at again when they do."""

from datetime import datetime

import pytest
from sqlalchemy import select

from booking import sending
from booking.accounts.audit import GUEST
from booking.bookings import changes, follow_ups, moves, reminders
from booking.bookings.follow_models import FollowUp, FollowUpKind, FollowUpOutcome, Replan
from booking.bookings.models import Booking, Status
from booking.catalog.queries import terms_of
from booking.clients import record
from booking.database import db, transact
from booking.mail import unsubscribing, whose
from booking.mail.models import MailState, OutgoingMail
from booking.mail.reasons import Reason
from booking.practice import queries as practice
from booking.settings import operations
from booking.worker import turn
from tests.cast import STAFF, at, book
from tests.mail.following import (
    FRIDAY,
    SATURDAY,
    change,
    come_three_times,
    mails,
    mark,
    outcome_of,
)


def missed(studio, now, hour: int, visitor: str) -> Booking:
    return book(studio.training, at(hour, day=27), now(), visitor=visitor)


def test_a_note_that_waits_for_the_morning_goes_to_nobody_who_is_gone(studio, now):
    change(no_show_note=True)
    stays, leaves, blocked = (
        missed(studio, now, hour, key) for hour, key in ((10, "a"), (12, "b"), (14, "c"))
    )
    now.set(at(21, 30, day=27))
    for one in (stays, leaves, blocked):
        mark(one.id, Status.NO_SHOW, now)
    transact(whose.erase_later, now(), person_ids=[leaves.person_id])
    transact(lambda: record.block(blocked.person, STAFF, practice.current(), now()))
    (note,) = mails("no_show")
    assert (note.about, note.due_at) == (stays.about, at(8, day=28))
    assert note.useless_after == stays.ends_at + follow_ups.NOTED_WITHIN
    now.set(at(8, day=28))
    turn()
    assert [one.state.value for one in mails("no_show")] == ["sent"]


def test_who_was_taken_for_missing_and_came_gets_what_follows(studio, now, visit):
    now.set(FRIDAY)
    mark(visit.id, Status.NO_SHOW, now)
    now.set(SATURDAY)
    turn()
    assert outcome_of(visit.id) is FollowUpOutcome.NOT_KEPT
    now.set(at(12, day=28))
    mark(visit.id, Status.ARRIVED, now)
    turn()
    assert mails("aftercare") == []
    now.forward(minutes=3)
    turn()
    assert len(mails("aftercare")) == 1
    assert outcome_of(visit.id, FollowUpKind.COME_BACK) is FollowUpOutcome.NO_RHYTHM


def test_what_waits_for_a_server_is_dropped_when_they_stop_it_or_book(app, studio, now):
    change(come_back=True)
    come_three_times(studio, now)
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    now.set(at(10, day=4, month=12))
    turn()
    (mail,) = mails("come_back")
    stop = (unsubscribing.digest("ada@example.com"), "come_back")
    transact(unsubscribing.stop, *stop, now())
    assert reason(mail.id) == Reason.UNWANTED
    transact(bring_back, mail.id, now())
    book(studio.training, at(14, day=21, month=12), now(), account="ada", studio=studio)
    assert reason(mail.id) == Reason.BOOKED_AGAIN


def test_a_reminder_whose_new_plan_fails_goes_as_it_was_planned(studio, now, monkeypatch):
    """And another booking's new plan does not wait behind it."""
    bad = book(studio.hour, at(14, day=25), now(), visitor="a").id
    good = book(studio.training, at(14, day=27), now(), visitor="b").id
    write = reminders.plan_again

    def fail(booking: Booking, *rest: object) -> None:
        if booking.id == bad:
            raise RuntimeError("planted")
        write(booking, *rest)

    monkeypatch.setattr(reminders, "plan_again", fail)
    later = {"aftercare_at": 11 * 60}
    transact(operations.change_policies, practice.current(), later, STAFF, now())
    turn()
    assert [one.booking_id for one in db.session.scalars(select(Replan))] == [bad]
    due = {one.booking_id: one.due_at for one in db.session.scalars(select(FollowUp))}
    assert due == {bad: at(10, day=26), good: at(11, day=28)}
    now.set(at(11, day=25))
    turn()
    assert [one.about for one in mails("reminder_soon")] == [f"booking:{bad}"]


@pytest.mark.parametrize(
    ("database_url", "moment"),
    [
        ("sqlite", "planned"),
        ("sqlite", "written"),
        ("sqlite", "in a worker's hands"),
        # Where a worker reads what somebody else commits meanwhile, the engine matters.
        pytest.param("postgresql", "in a worker's hands", marks=pytest.mark.postgresql),
    ],
    indirect=["database_url"],
)
def test_no_reminder_leaves_for_what_is_called_off_or_moved(
    studio, now, mailbox, monkeypatch, moment
):
    kept, off, moved = (
        book(studio.training, at(hour, day=27), now(), visitor=str(hour)).id
        for hour in (10, 12, 14)
    )
    ends, compose = {off: cancel, moved: move_away}, sending._compose

    def take_away(mail: OutgoingMail, *rest):
        mail_id, number = mail.id, int(mail.about.partition(":")[2])
        if number in ends:
            ends.pop(number)(number, now())
        return compose(db.session.get_one(OutgoingMail, mail_id), *rest)

    now.forward(minutes=5)
    turn()
    now.set(at(14, day=25))
    while moment != "planned" and transact(reminders.handle_next, practice.current(), now()):
        pass
    if moment == "in a worker's hands":
        monkeypatch.setattr(sending, "_compose", take_away)
    else:
        for number, end in ends.items():
            end(number, now())
    turn()
    leaving = {one.about for one in mails("reminder") if one.state is MailState.SENT}
    assert leaving == {f"booking:{kept}"}
    assert len([one for one in mailbox.taken if "Reminder" in one["Subject"]]) == 1
    assert {one.state for one in mails("reminder")} <= {MailState.SENT, MailState.VOID}


def cancel(booking_id: int, now: datetime) -> None:
    transact(changes.cancel, booking_id, GUEST, practice.current(), now)


def move_away(booking_id: int, now: datetime) -> None:
    option = db.session.get_one(Booking, booking_id).option
    terms, later = terms_of([option])[option.id], at(16, day=27)
    transact(moves.move, booking_id, terms, later, GUEST, practice.current(), now)


def reason(mail_id: int) -> str | None:
    db.session.rollback()
    return db.session.get_one(OutgoingMail, mail_id).void_reason


def bring_back(mail_id: int, now: datetime) -> None:
    mail = db.session.get_one(OutgoingMail, mail_id)
    mail.state, mail.void_reason, mail.due_at = MailState.WAITING, None, now
