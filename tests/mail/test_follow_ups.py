"""What follows a session by mail, and what it follows from."""

import pytest

from booking.accounts.models import Person
from booking.bookings import changes, resending
from booking.bookings.follow_models import FollowUpKind, FollowUpOutcome
from booking.bookings.models import Booking, Status
from booking.database import db, transact
from booking.domain.mail_errors import MailNotRepeated
from booking.practice import operations
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import STAFF, at, book
from tests.mail.following import (
    FRIDAY,
    SATURDAY,
    change,
    come_three_times,
    give_reading,
    mails,
    mark,
    outcome_of,
)


def test_aftercare_goes_once_the_morning_after_with_what_there_is_to_read(studio, now, visit):
    now.set(at(9, 59, day=28))
    turn()
    assert mails("aftercare") == []
    now.set(SATURDAY)
    turn()
    now.forward(minutes=30)
    turn()
    (mail,) = mails("aftercare")
    assert (mail.to_address, mail.about) == ("ada@example.com", visit.about)
    assert "/read/level-hips" in mail.body_text
    assert findings(now()) == []
    again = book(studio.hour, at(14, day=4, month=12), now(), account="ada", studio=studio).id
    now.set(at(10, day=5, month=12))
    turn()
    assert outcome_of(again) is FollowUpOutcome.HAD_IT


def erase(visit_id: int) -> None:
    db.session.get_one(Booking, visit_id).person.erased_at = FRIDAY


def block(visit_id: int) -> None:
    db.session.get_one(Booking, visit_id).person.blocked_at = FRIDAY


def close(visit_id: int) -> None:
    account = db.session.get_one(Booking, visit_id).person.account
    assert account is not None
    account.closed_at = FRIDAY


def silence(visit_id: int) -> None:
    db.session.get_one(Booking, visit_id).is_silent = True


def miss(visit_id: int) -> None:
    changes.mark(visit_id, Status.NO_SHOW, STAFF, practice.current(), FRIDAY)


def switch_off(_visit_id: int) -> None:
    operations.change(practice.current(), aftercare=False)


@pytest.mark.parametrize(
    ("happens", "outcome"),
    [
        (erase, FollowUpOutcome.NO_ADDRESS),
        (silence, FollowUpOutcome.NO_ADDRESS),
        (block, FollowUpOutcome.UNWANTED),
        (close, FollowUpOutcome.UNWANTED),
        (miss, FollowUpOutcome.NOT_KEPT),
        (switch_off, FollowUpOutcome.OFF),
    ],
)
def test_nothing_follows_where_nothing_is_wanted(studio, now, visit, happens, outcome):
    now.set(FRIDAY)
    turn()
    transact(happens, visit.id)
    now.set(SATURDAY)
    turn()
    assert mails("aftercare") == []
    assert outcome_of(visit.id) is outcome


@pytest.mark.parametrize(
    ("slept_until", "sent"), [(at(9, day=30), 1), (at(23, day=28), 0), (at(11, day=30), 0)]
)
def test_after_a_long_sleep_it_goes_while_it_is_of_use_and_wakes_nobody(
    studio, now, visit, slept_until, sent
):
    now.set(slept_until)
    turn()
    assert len(mails("aftercare")) == sent


def test_a_minors_aftercare_goes_to_the_guardian_and_names_nothing_where_that_is_wished(
    studio, now
):
    change(discreet_mails=True)
    transact(give_reading, studio)
    child = book(studio.hour, FRIDAY, now()).id
    transact(bring_up, child)
    now.set(SATURDAY)
    turn()
    (mail,) = mails("aftercare")
    assert (mail.to_address, mail.subject) == ("parent@example.com", "After your session")


def bring_up(booking_id: int) -> None:
    child = db.session.get_one(Booking, booking_id).person
    parent = Person(name="A Parent", email="parent@example.com", created_at=FRIDAY)
    db.session.add(parent)
    db.session.flush()
    child.email, child.guardian_id = None, parent.id


def test_who_stays_away_longer_than_usual_hears_so_once(studio, now):
    change(come_back=True)
    last = come_three_times(studio, now)
    now.set(at(9, 59, day=4, month=12))
    turn()
    assert mails("come_back") == []
    now.set(at(10, day=4, month=12))
    turn()
    now.set(at(10, day=30, month=12))
    turn()
    (mail,) = mails("come_back")
    assert mail.useless_after == at(10, day=11, month=12)
    assert mail.unsubscribe_url is not None
    assert outcome_of(last, FollowUpKind.COME_BACK) is FollowUpOutcome.SENT


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_guest_who_comes_three_times_is_one_client(studio, now):
    """Each booking of a guest makes a person of its own."""
    change(come_back=True)
    transact(give_reading, studio)
    come_three_times(studio, now, account=None)
    now.set(at(10, day=4, month=12))
    turn()
    assert [one.kind for one in mails("aftercare", "come_back")] == ["aftercare", "come_back"]


def test_who_has_booked_again_hears_nothing(studio, now):
    change(come_back=True)
    last = come_three_times(studio, now)
    book(studio.training, at(14, day=21, month=12), now(), account="ada", studio=studio)
    now.set(at(10, day=4, month=12))
    turn()
    assert mails("come_back") == []
    assert outcome_of(last, FollowUpKind.COME_BACK) is FollowUpOutcome.BOOKED_AGAIN


def test_a_missed_session_is_noted_once_and_only_when_that_is_wanted(studio, now):
    first = book(studio.hour, FRIDAY, now()).id
    now.set(FRIDAY)
    mark(first, Status.NO_SHOW, now)
    assert mails("no_show") == []
    change(no_show_note=True)
    mark(first, Status.ARRIVED, now)
    mark(first, Status.NO_SHOW, now)
    mark(first, Status.BOOKED, now)
    assert mails("no_show") == []
    mark(first, Status.NO_SHOW, now)
    now.forward(minutes=3)
    turn()
    mark(first, Status.ARRIVED, now)
    mark(first, Status.NO_SHOW, now)
    (note,) = mails("no_show")
    assert note.state.value == "sent"
    assert "answer" not in note.body_text  # Nobody is said to read answers.
    with pytest.raises(MailNotRepeated):
        transact(resending.send_again, note.id, "t" * 16, STAFF, now())
    assert findings(now()) == []


@pytest.mark.parametrize("noted", [True, False])
def test_the_note_of_a_late_cancellation_takes_the_place_of_the_plain_one(studio, now, noted):
    change(late_note=noted, reply_to="lena@heronlane.example")
    booking = book(studio.hour, FRIDAY, now()).id
    now.set(at(9, day=27))
    turn()
    transact(changes.late_cancel, booking, STAFF, practice.current(), now())
    notes = mails("cancelled", "late_cancelled")
    assert [one.kind for one in notes] == (["late_cancelled"] if noted else [])
    assert all("answer this mail" in one.body_text for one in notes)
