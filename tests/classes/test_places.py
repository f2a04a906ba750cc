"""Booking places in classes: one, several, a trial, a term; and giving them back."""

from datetime import date

import pytest

from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.accounts.audit import Actor
from booking.bookings import changes, places
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt
from booking.bookings.models import Booking, PlaceKind, Status
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db, transact
from booking.domain.errors import (
    ClassBegun,
    ClassFull,
    HasPlace,
    NotSold,
    PlaceStays,
    TermDone,
    TermFull,
    TrialUsed,
)
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at
from tests.cast_classes import guests, plan_class, take

STAFF = Actor("staff", 1)


def session_of(number: int) -> ClassSession:
    db.session.rollback()
    return db.session.get_one(ClassSession, number, populate_existing=True)


def cancel(booking: Booking, now, actor: Actor = GUEST_ACTOR) -> Booking:
    return transact(changes.cancel, booking.id, actor, practice.current(), now)


def test_a_place_takes_a_seat_and_copies_the_terms(studio, now):
    first = plan_class(studio, now())[0]
    booking = take(first, now(), "Grace Hill").places[0]
    assert (booking.starts_at, booking.price_cents, booking.status) == (at(18), 1800, Status.BOOKED)
    assert booking.cancel_until == at(10)
    assert session_of(first).taken == 1
    assert findings(now()) == []


def test_two_places_are_booked_together_or_not_at_all(studio, now):
    first = plan_class(studio, now())[0]
    take(first, now(), "Grace Hill")
    with pytest.raises(ClassFull):
        take(first, now(), "Tom Wexler", "Ines Rocha")
    assert session_of(first).taken == 1
    assert len(db.session.query(Booking).all()) == 1


def test_the_same_attempt_is_one_booking(studio, now):
    first = plan_class(studio, now())[0]
    again = [take(first, now(), "Grace Hill").id for _time in range(2)]
    assert again[0] == again[1]
    assert session_of(first).taken == 1


def test_one_live_place_for_each_person(studio, now):
    first = plan_class(studio, now())[0]
    take(first, now(), account="ada", studio=studio, party=Party(Details("", "")), visitor="a")
    with pytest.raises(HasPlace):
        take(first, now(), account="ada", studio=studio, party=Party(Details("", "")), visitor="b")
    assert session_of(first).taken == 1


def test_a_place_that_was_given_back_is_free_again(studio, now):
    first = plan_class(studio, now(), capacity=1)[0]
    booking = take(first, now(), "Grace Hill").places[0]
    assert cancel(booking, now()).status is Status.CANCELLED
    take(first, now(), "Tom Wexler")
    assert findings(now()) == []


def test_a_late_cancellation_keeps_its_own_state_and_frees_the_place(studio, now):
    first = plan_class(studio, now(), capacity=1)[0]
    booking = take(first, now(), "Grace Hill").places[0]
    now.set(at(10, 1))
    assert cancel(booking, now()).status is Status.LATE_CANCELLED
    assert session_of(first).free == 1
    assert findings(now()) == []


def test_a_class_that_has_begun_is_not_booked(studio, now):
    first = plan_class(studio, now())[0]
    now.set(at(18))
    with pytest.raises(ClassBegun):
        take(first, now(), "Grace Hill")


def test_a_place_cannot_be_moved(studio, now):
    from booking.bookings import moves
    from booking.catalog.queries import find_option, terms_of

    first = plan_class(studio, now())[0]
    booking = take(first, now(), "Grace Hill").places[0]
    option = find_option(studio.hour)
    assert option is not None
    with pytest.raises(PlaceStays):
        transact(
            moves.move, booking.id, terms_of([option])[option.id], at(10, day=25), GUEST_ACTOR,
            practice.current(), now(),
        )  # fmt: skip


def test_a_trial_is_for_the_first_class_of_a_kind(studio, now):
    first, second, *_rest = plan_class(studio, now(), trial_cents=900)
    party = Party(Details("", ""))
    trial = take(first, now(), account="ada", studio=studio, party=party, kind=PlaceKind.TRIAL)
    assert trial.places[0].price_cents == 900
    with pytest.raises(TrialUsed):
        take(second, now(), account="ada", studio=studio, party=party, kind=PlaceKind.TRIAL)
    assert session_of(second).taken == 0


def test_a_trial_is_not_given_where_none_is_offered(studio, now):
    first = plan_class(studio, now())[0]
    with pytest.raises(NotSold):
        take(first, now(), "Grace Hill", kind=PlaceKind.TRIAL)


def term(studio, now, *names: str, token: str = "term"):
    series = db.session.query(ClassSeries).one()
    attempt = Attempt("visitor", token)
    return transact(
        places.book_term, series.id, attempt, guests(*names), None, practice.current(), now
    )


def test_a_term_is_all_that_is_left_at_its_own_price(studio, now):
    ids = plan_class(studio, now(), term_cents=1500, last_on=date(2026, 12, 15))
    now.set(at(19))
    enrolment = term(studio, now(), "Grace Hill")
    assert [place.class_session_id for place in enrolment.places] == ids[1:]
    assert {place.price_cents for place in enrolment.places} == {1500}
    assert findings(now()) == []


def test_a_term_with_one_full_class_is_not_booked_at_all(studio, now):
    ids = plan_class(studio, now(), term_cents=1500, last_on=date(2026, 12, 15), capacity=1)
    take(ids[2], now(), "Tom Wexler")
    with pytest.raises(TermFull) as refused:
        term(studio, now(), "Grace Hill")
    assert refused.value.values["dates"] == [date(2026, 12, 8)]
    assert [session_of(one).taken for one in ids] == [0, 0, 1, 0]


def test_a_term_counts_the_place_one_has(studio, now):
    ids = plan_class(studio, now(), term_cents=1500, last_on=date(2026, 12, 1))
    party, ada = Party(Details("", "")), studio.accounts["ada"]
    take(ids[0], now(), account="ada", studio=studio, party=party)
    series = db.session.query(ClassSeries).one()

    def book(token: str):
        from booking.accounts.models import Account

        account = db.session.get_one(Account, ada)
        return places.book_term(
            series.id, Attempt("v", token), party, account, practice.current(), now()
        )

    assert [place.class_session_id for place in transact(book, "a").places] == [ids[1]]
    with pytest.raises(TermDone):
        transact(book, "b")


def test_undoing_gives_every_place_back_and_nobody_is_told(studio, now, app):
    from booking.mail.models import MailState, OutgoingMail

    first = plan_class(studio, now())[0]
    enrolment = take(first, now(), "Grace Hill", "Tom Wexler")
    transact(places.undo, enrolment.id, 1, GUEST_ACTOR, practice.current(), now())
    assert session_of(first).taken == 0
    assert {mail.state for mail in db.session.query(OutgoingMail)} == {MailState.VOID}
    assert findings(now()) == []


def test_a_walk_in_needs_a_place_or_a_word(studio, now):
    from booking.accounts.models import Person
    from booking.bookings.enrolments import Order

    first = plan_class(studio, now(), capacity=1)[0]
    take(first, now(), "Grace Hill")
    ada = db.session.query(Person).filter_by(name="Ada").one().id

    def come(*, may_overbook: bool):
        person = db.session.get_one(Person, ada)
        order = Order(PlaceKind.DROP_IN, practice.current(), now(), actor=STAFF)
        return places.add_walk_in(first, person, order, "door", may_overbook=may_overbook)

    with pytest.raises(ClassFull):
        transact(come, may_overbook=False)
    transact(come, may_overbook=True)
    session = session_of(first)
    assert (session.taken, session.capacity, session.overbooked) == (2, 1, 1)
    assert findings(now()) == []
