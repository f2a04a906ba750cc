"""Two things that happen to one class or one enrolment at once, held in the worst order."""

import threading
from datetime import date

import pytest
from sqlalchemy import select

from booking.accounts.audit import GUEST, Actor
from booking.bookings import (
    changes,
    class_changes,
    class_endings,
    class_messages,
    enrolments,
    line,
    places,
    series_changes,
)
from booking.bookings.class_changes import Change
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt
from booking.bookings.models import PlaceKind
from booking.classes import planning, queries
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db, transact
from booking.domain.errors import TrialUsed
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast_classes import guests, plan_class, take, wait
from tests.faults.beside import Beside
from tests.faults.bookings_seen import deadlocks

STAFF = Actor("staff", 1)


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


def trial(studio, session_id: int, visitor: str, now) -> int:
    party = Party(Details("", ""))
    return take(
        session_id, now(), party=party, account="ada", studio=studio, visitor=visitor,
        kind=PlaceKind.TRIAL,
    ).id  # fmt: skip


def test_two_trials_of_one_person_at_once_are_one_and_a_refusal(app, studio, now, in_the_middle):
    """They are pressed for in two classes, whose locks know nothing of each other."""
    first, second, *_rest = plan_class(studio, now(), trial_cents=900)
    db.session.remove()
    there, go_on = in_the_middle(enrolments, "confirm")
    one = Beside(app, lambda: trial(studio, first, "first", now))
    assert there.wait(5)
    other = Beside(app, lambda: trial(studio, second, "second", now))
    other.thread.join(0.5)
    go_on.set()
    assert isinstance(one.join(), int)
    assert isinstance(other.join(), TrialUsed)
    assert findings(now()) == []


@pytest.fixture
def after_reading(monkeypatch):
    """Stop a query of the planner as soon as it has its answer, until `go_on` is set."""

    def stop(name: str) -> tuple[threading.Event, threading.Event]:
        there, go_on, real = threading.Event(), threading.Event(), getattr(planning, name)

        def reading(*args):
            answer = real(*args)
            there.set()
            go_on.wait(2)
            return answer

        monkeypatch.setattr(planning, name, reading)
        return there, go_on

    return stop


def extend(series_id: int, now) -> None:
    transact(lambda: planning.extend(planning.lock_series(series_id), practice.current(), now()))


def change(function, session_id: int, now, minute: int):
    wanted = Change(start_minute=minute)
    return transact(function, session_id, wanted, STAFF, practice.current(), now())


def test_a_clash_is_planned_by_the_worker_while_somebody_moves_it(app, studio, now, after_reading):
    """Both find time for the class: it has that of who came first, and no other is kept."""
    other = plan_class(studio, now(), last_on=date(2026, 11, 24))[0]
    clash = plan_class(studio, now(), name="Slow yoga", last_on=date(2026, 11, 24))[0]
    series_id = db.session.get_one(ClassSession, clash).series_id
    transact(class_endings.cancel_one, other, STAFF, practice.current(), now())
    db.session.remove()
    there, go_on = after_reading("clashes_of")
    worker = Beside(app, lambda: extend(series_id, now))
    assert there.wait(5)
    moving = Beside(app, lambda: change(class_changes.change_one, clash, now, 12 * 60).id)
    moving.thread.join(0.5)
    go_on.set()
    assert [worker.join(), moving.join()] == [None, clash]
    assert findings(now()) == []


def test_a_class_that_is_planned_while_its_series_moves_is_moved_too(
    app, studio, now, after_reading
):
    first = plan_class(studio, now())[0]
    series_id = db.session.get_one(ClassSession, first).series_id
    db.session.remove()
    later = now.forward(days=7)
    there, go_on = after_reading("_dates_planned")
    worker = Beside(app, lambda: extend(series_id, now))
    assert there.wait(5)
    second = db.session.get_one(ClassSession, first + 1).id
    db.session.remove()
    moving = Beside(app, lambda: change(class_changes.change_following, second, now, 12 * 60))
    moving.thread.join(0.5)
    go_on.set()
    assert worker.join() is None
    assert isinstance(moving.join(), int)
    ahead = queries.all_ahead_of(series_id, later)
    assert {one.local_start.hour for one in ahead} == {12}
    assert findings(later) == []


def test_a_place_is_booked_while_the_series_gets_an_earlier_end(app, studio, now, in_the_middle):
    """Who books holds the class and names the series; who ends it goes the other way about."""
    first, second, *_rest = plan_class(studio, now())
    series_id = db.session.get_one(ClassSession, first).series_id
    db.session.remove()
    there, go_on = in_the_middle(enrolments, "begin")
    booking = Beside(app, lambda: take(second, now(), "Grace Hill").id)
    assert there.wait(5)
    ending = Beside(
        app,
        lambda: transact(
            series_changes.change_series, series_id, {}, date(2026, 11, 30), STAFF,
            practice.current(), now(),
        ).id,
    )  # fmt: skip
    ending.thread.join(0.5)
    go_on.set()
    assert isinstance(booking.join(), int)
    assert ending.join() == series_id
    assert deadlocks() == 0
    assert findings(now()) == []


def test_who_waited_longer_for_their_turn_stands_behind_who_joined_meanwhile(studio, now):
    """A request reads the clock before it waits for the class; the line is in order of turns."""
    session_id = plan_class(studio, now(), capacity=1)[0]
    booking_id = take(session_id, now(), "Grace Hill").places[0].id
    early, late = now(), now.forward(seconds=2)
    wait(session_id, late, "Tom Wexler")
    transact(changes.cancel, booking_id, GUEST, practice.current(), late)
    wait(session_id, early, "Ines Rocha")
    assert [one.person.name for one in line.of_session(session_id)] == ["Tom Wexler", "Ines Rocha"]
    assert findings(late) == []
