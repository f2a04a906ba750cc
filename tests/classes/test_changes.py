"""Changing what is planned: who is booked follows and is told; nothing is dropped in silence."""

from datetime import date

import pytest

from booking.accounts.audit import Actor
from booking.bookings import class_changes, class_endings, series_changes
from booking.bookings.class_changes import Change
from booking.bookings.models import Booking, Reminder, Status
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db, transact
from booking.domain.errors import ClassClash, ClassOff, TooFewPlaces, WithinWeek
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book
from tests.cast_classes import plan_class, take, wait

MARA, LENA = Actor("staff", 5), Actor("staff", 3)


def change(session_id: int, now, what: Change, *, following: bool = False, actor=MARA):
    operation = class_changes.change_following if following else class_changes.change_one
    return transact(operation, session_id, what, actor, practice.current(), now)


def session_of(number: int) -> ClassSession:
    db.session.rollback()
    return db.session.get_one(ClassSession, number, populate_existing=True)


def told(kind: str) -> list[str]:
    db.session.rollback()
    found = db.session.query(OutgoingMail).filter_by(kind=kind)
    return sorted(mail.to_address for mail in found if mail.state is not MailState.VOID)


def starts() -> list[str]:
    db.session.rollback()
    found = db.session.query(ClassSession).order_by(ClassSession.starts_at)
    return [f"{one.local_start:%d %b %H:%M}" for one in found]


@pytest.fixture
def class_ids(studio, now) -> list[int]:
    """Three Tuesdays; Grace and Tom are booked in the first, and have been told."""
    ids = plan_class(studio, now(), last_on=date(2026, 12, 8), first_on=date(2026, 11, 24))
    take(ids[0], now(), "Grace Hill")
    take(ids[0], now(), "Tom Wexler")
    now.forward(minutes=4)
    turn()
    return ids


def test_one_class_moves_with_everybody_in_it(class_ids, now):
    change(class_ids[0], now(), Change(on_date=date(2026, 11, 26), start_minute=19 * 60))
    places = db.session.query(Booking).all()
    assert {place.starts_at for place in places} == {at(19, day=26)}
    assert {place.cancel_until for place in places} == {at(11, day=26)}
    assert {place.revision for place in places} == {2}
    assert told("changed") == ["grace@example.com", "tom@example.com"]
    assert starts() == ["26 Nov 19:00", "01 Dec 18:00", "08 Dec 18:00"]
    assert findings(now()) == []


def test_reminders_follow_the_new_time(class_ids, now):
    change(class_ids[0], now(), Change(on_date=date(2026, 11, 26)))
    open_ones = db.session.query(Reminder).filter_by(done_at=None)
    # Twelve hours before 18:00 is in the quiet hours, so the evening before.
    assert {one.due_at for one in open_ones} == {at(20, 30, day=25)}


def test_who_was_told_nothing_yet_is_told_once_and_right(studio, now):
    first = plan_class(studio, now())[0]
    take(first, now(), "Grace Hill")
    change(first, now(), Change(start_minute=19 * 60))
    now.forward(minutes=4)
    turn()
    assert told("changed") == []
    (mail,) = db.session.query(OutgoingMail).filter_by(kind="places", state=MailState.SENT)
    assert "7:00" in mail.body_text
    assert "6:00" not in mail.body_text


def test_this_and_all_that_follow_move_and_what_is_planned_later_too(class_ids, now):
    change(class_ids[1], now(), Change(start_minute=17 * 60 + 30), following=True)
    assert starts() == ["24 Nov 18:00", "01 Dec 17:30", "08 Dec 17:30"]
    assert db.session.query(ClassSeries).one().start_minute == 17 * 60 + 30
    assert told("changed") == []
    assert findings(now()) == []


def test_another_weekday_moves_all_by_as_many_days(class_ids, now):
    change(class_ids[0], now(), Change(on_date=date(2026, 11, 26)), following=True)
    assert starts() == ["26 Nov 18:00", "03 Dec 18:00", "10 Dec 18:00"]
    assert db.session.query(ClassSeries).one().weekday == 3
    with pytest.raises(WithinWeek):
        change(class_ids[0], now(), Change(on_date=date(2026, 12, 6)), following=True)


def test_one_that_was_moved_by_itself_keeps_its_time(class_ids, now):
    change(class_ids[1], now(), Change(start_minute=9 * 60))
    change(class_ids[0], now(), Change(start_minute=19 * 60), following=True)
    assert starts() == ["24 Nov 19:00", "01 Dec 09:00", "08 Dec 19:00"]


def test_a_move_into_a_massage_is_refused_and_nothing_is_changed(class_ids, studio, now):
    book(studio.hour, at(16, day=8, month=12), now(), practitioner=studio.lena)
    with pytest.raises(ClassClash) as refused:
        change(class_ids[0], now(), Change(start_minute=16 * 60), following=True)
    assert refused.value.values["dates"] == [date(2026, 12, 8)]
    assert starts() == ["24 Nov 18:00", "01 Dec 18:00", "08 Dec 18:00"]
    assert told("changed") == []
    assert findings(now()) == []


def test_another_teacher_takes_over_and_all_are_told(class_ids, studio, now):
    change(class_ids[0], now(), Change(practitioner_id=studio.marco))
    assert told("changed") == ["grace@example.com", "tom@example.com"]
    assert told("studio_class") == ["lena@heronlane.example", "marco@heronlane.example"]
    assert {one.practitioner_id for one in db.session.query(Booking)} == {studio.marco}
    assert findings(now()) == []


def test_fewer_places_than_are_taken_are_refused_or_meant(class_ids, now):
    with pytest.raises(TooFewPlaces):
        change(class_ids[0], now(), Change(capacity=1))
    assert session_of(class_ids[0]).capacity == 2
    change(class_ids[0], now(), Change(capacity=1, may_overbook=True))
    session = session_of(class_ids[0])
    assert (session.capacity, session.taken, session.overbooked) == (1, 2, 1)
    assert findings(now()) == []


def test_more_places_go_to_who_waits_first(class_ids, now):
    first, second = (wait(class_ids[0], now(), name).id for name in ("Ines Rocha", "Ruth Kamin"))
    change(class_ids[0], now(), Change(capacity=3))
    assert told("offer") == ["ines@example.com"]
    assert first < second
    assert findings(now()) == []


def test_a_cancelled_class_gives_all_places_back_and_tells_everybody(class_ids, studio, now):
    wait(class_ids[0], now(), "Ines Rocha")
    transact(class_endings.cancel_one, class_ids[0], MARA, practice.current(), now())
    session = session_of(class_ids[0])
    assert (session.state, session.taken, session.claim_id) == (SessionState.CANCELLED, 0, None)
    assert told("cancelled_by_studio") == ["grace@example.com", "tom@example.com"]
    assert told("waiting_ended") == ["ines@example.com"]
    assert told("studio_class") == ["lena@heronlane.example"]
    assert {one.status for one in db.session.query(Booking)} == {Status.CANCELLED}
    assert findings(now()) == []
    with pytest.raises(ClassOff):
        take(class_ids[0], now(), "Ada Lovelace")


def test_the_time_of_a_cancelled_class_can_be_booked(class_ids, studio, now):
    plan = plan_class(studio, now(), name="Noon", start_minute=12 * 60, last_on=date(2026, 12, 1))
    transact(class_endings.cancel_one, plan[1], LENA, practice.current(), now())
    book(studio.hour, at(12, day=1, month=12), now(), practitioner=studio.lena)
    assert findings(now()) == []


def test_cancelling_all_that_follow_ends_the_series(class_ids, now):
    transact(class_endings.cancel_following, class_ids[1], MARA, practice.current(), now())
    assert [session_of(one).state.value for one in class_ids] == [
        "planned",
        "cancelled",
        "cancelled",
    ]
    assert db.session.query(ClassSeries).one().last_on == date(2026, 11, 30)


def test_an_earlier_last_date_calls_off_the_rest_and_a_later_one_plans_more(class_ids, now):
    series = db.session.query(ClassSeries).one().id

    def end_with(last_on: date) -> None:
        transact(
            series_changes.change_series, series, {"price_cents": 2000}, last_on, MARA,
            practice.current(), now(),
        )  # fmt: skip

    end_with(date(2026, 12, 1))
    assert session_of(class_ids[2]).state is SessionState.CANCELLED
    end_with(date(2026, 12, 22))
    assert starts()[-2:] == ["15 Dec 18:00", "22 Dec 18:00"]
    assert {one.price_cents for one in db.session.query(Booking)} == {1800}
    assert findings(now()) == []


def test_who_waits_hears_of_the_new_time(class_ids, now):
    wait(class_ids[0], now(), "Ines Rocha")
    turn()
    change(class_ids[0], now(), Change(on_date=date(2026, 11, 26)))
    mail = db.session.query(OutgoingMail).filter_by(kind="waiting", state=MailState.WAITING).one()
    assert "November 26" in mail.body_text


def test_a_deadline_that_was_over_is_given_anew_when_the_studio_moves(class_ids, now):
    now.set(at(11))
    change(class_ids[0], now(), Change(start_minute=19 * 60))
    assert {one.cancel_until for one in db.session.query(Booking)} == {at(19)}


def test_moving_all_onto_the_date_of_one_that_was_called_off(class_ids, now):
    transact(class_endings.cancel_one, class_ids[1], MARA, practice.current(), now())
    for day in (28, 30):
        change(class_ids[0], now(), Change(on_date=date(2026, 11, day)), following=True)
    change(class_ids[0], now(), Change(on_date=date(2026, 12, 1)), following=True)
    assert findings(now()) == []


def test_the_teacher_gets_one_mail_of_a_class_that_is_called_off(class_ids, now):
    transact(class_endings.cancel_one, class_ids[0], MARA, practice.current(), now())
    assert (told("studio_class"), told("studio_cancelled")) == (["lena@heronlane.example"], [])
