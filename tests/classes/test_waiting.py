"""Waiting lists: what becomes free goes to who waits first, is held for them, and passes on."""

from datetime import date, datetime

import pytest

from booking.accounts.audit import GUEST
from booking.accounts.models import Account
from booking.bookings import changes, line, offers, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.line import Wish
from booking.bookings.links import waiting_link
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.queries import find_option
from booking.classes.models import ClassSession, WaitlistMode
from booking.database import db, transact
from booking.domain.errors import (
    ClassFull,
    NotWaiting,
    OfferOver,
    SlotTaken,
    StillFree,
    WaitsAlready,
)
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import OpeningHours
from booking.upkeep.check import findings
from booking.worker import look_around, turn
from tests.cast import at, book, guests, hold, plan_class, take, wait

NAMES = ("Ines Rocha", "Ruth Kaminski", "Joan Abernathy")


def cancel(booking: int, now: datetime) -> None:
    transact(changes.cancel, booking, GUEST, practice.current(), now)


def entry(number: int) -> WaitlistEntry:
    db.session.rollback()
    return db.session.get_one(WaitlistEntry, number, populate_existing=True)


def open_offers() -> list[Offer]:
    db.session.rollback()
    return db.session.query(Offer).filter_by(state=OfferState.OPEN).all()


def session_of(number: int) -> ClassSession:
    db.session.rollback()
    return db.session.get_one(ClassSession, number, populate_existing=True)


@pytest.fixture
def full(studio, now) -> int:
    """A class of one place on Friday at 18:00, which Grace has."""
    first = plan_class(studio, now(), capacity=1, weekday=4, first_on=date(2026, 11, 27))[0]
    take(first, now(), "Grace Hill")
    return first


@pytest.fixture
def place(full) -> int:
    return db.session.query(Booking).one().id


@pytest.fixture
def queue(full, now) -> list[int]:
    """Three people who wait, in order."""
    return [wait(full, now(), name).id for name in NAMES]


def answer(what, offer: Offer, now: datetime):
    if what is waiting.accept:
        return transact(waiting.accept, offer.id, None, practice.current(), now)
    return transact(waiting.decline, offer.id, GUEST, practice.current(), now)


def test_a_freed_place_is_offered_to_the_first_and_held(full, place, queue, now):
    cancel(place, now())
    (offer,) = open_offers()
    assert (offer.entry_id, offer.expires_at) == (queue[0], now.now.replace(hour=13, minute=30))
    with pytest.raises(ClassFull):
        take(full, now(), "Passer By")
    assert session_of(full).taken == 1
    assert findings(now()) == []


def test_taking_it_is_a_booking_and_pressing_twice_is_one(full, place, queue, now):
    cancel(place, now())
    (offer,) = open_offers()
    booked = {answer(waiting.accept, offer, now()).id for _press in range(2)}
    assert len(booked) == 1
    assert entry(queue[0]).state is Waits.SERVED
    assert (session_of(full).taken, open_offers()) == (1, [])
    assert findings(now()) == []


def test_saying_no_passes_it_on_at_once(place, queue, now):
    cancel(place, now())
    answer(waiting.decline, open_offers()[0], now())
    (offer,) = open_offers()
    assert (offer.entry_id, entry(queue[0]).state) == (queue[1], Waits.LEFT)
    assert findings(now()) == []


def test_an_offer_nobody_answers_goes_to_the_next(place, queue, now):
    cancel(place, now())
    first = open_offers()[0].id
    now.forward(minutes=30)
    with pytest.raises(OfferOver):
        answer(waiting.accept, db.session.get_one(Offer, first), now())
    turn()
    (offer,) = open_offers()
    assert (offer.entry_id, entry(queue[0]).state) == (queue[1], Waits.ENDED)
    told = db.session.query(OutgoingMail).filter_by(kind="offer_ended", state=MailState.SENT)
    assert [mail.to_address for mail in told] == ["ines@example.com"]
    assert findings(now()) == []


def test_what_frees_at_night_is_kept_until_the_morning(place, queue, now):
    now.set(at(23, day=25))
    cancel(place, now())
    (offer,) = open_offers()
    assert (offer.tell_at, offer.expires_at) == (at(8, day=26), at(8, 30, day=26))
    turn()
    assert not db.session.query(OutgoingMail).filter_by(kind="offer", state=MailState.SENT).count()
    now.set(at(8, day=26))
    turn()
    assert db.session.query(OutgoingMail).filter_by(kind="offer", state=MailState.SENT).count()


def test_near_the_class_an_offer_is_shorter(place, queue, now):
    # The cancel window closes at 10:00; an hour before, a quarter of it is left to answer.
    now.set(at(9, day=27))
    cancel(place, now())
    assert open_offers()[0].expires_at == at(9, 15, day=27)


def test_once_the_window_has_closed_a_place_is_open_to_everybody(full, place, queue, now):
    now.set(at(10, 1, day=27))
    cancel(place, now())
    assert (open_offers(), session_of(full).free) == ([], 1)
    assert findings(now()) == []
    take(full, now(), "Passer By")


def test_a_late_cancellation_is_its_own_state_and_keeps_the_order(place, queue, now):
    now.set(at(10, 1, day=27))
    cancel(place, now())
    assert db.session.get_one(Booking, place).status is Status.LATE_CANCELLED
    assert line.positions([entry(one) for one in queue]) == dict(zip(queue, (1, 2, 3), strict=True))


def test_leaving_the_line_moves_the_others_up(queue, now):
    transact(waiting.leave, queue[0], GUEST, practice.current(), now())
    assert line.position(entry(queue[2])) == 2
    with pytest.raises(NotWaiting):
        transact(waiting.leave, queue[0], GUEST, practice.current(), now())


def test_leaving_with_an_offer_passes_it_on(place, queue, now):
    cancel(place, now())
    transact(waiting.leave, queue[0], GUEST, practice.current(), now())
    assert open_offers()[0].entry_id == queue[1]
    assert findings(now()) == []


def test_one_waits_once_and_only_for_what_is_full(full, queue, now, studio):
    def join(token: str, session_id: int = full):
        account = db.session.get_one(Account, studio.accounts["ada"])
        party = Party(Details("", ""))
        return waiting.join_class(session_id, token, party, account, practice.current(), now())

    entry_id = transact(join, "one")[0].id
    assert transact(join, "one")[0].id == entry_id
    with pytest.raises(WaitsAlready):
        transact(join, "two")
    free = db.session.query(ClassSession).filter_by(taken=0).first()
    with pytest.raises(StillFree):
        transact(join, "three", free.id)


def test_in_automatic_mode_the_place_is_booked_at_once(studio, now):
    first = plan_class(studio, now(), capacity=1, waitlist_mode=WaitlistMode.AUTOMATIC)[0]
    place = take(first, now(), "Grace Hill").places[0].id
    waits = wait(first, now(), "Ines Rocha").id
    # At 20:59 the mail may still go; a minute later it would wait for the morning.
    now.set(at(9, day=24))
    cancel(place, now())
    assert entry(waits).state is Waits.SERVED
    turn()
    (mail,) = db.session.query(OutgoingMail).filter_by(kind="place_given", state=MailState.SENT)
    assert mail.to_address == "ines@example.com"
    assert findings(now()) == []


def test_when_the_class_begins_the_line_goes_home(queue, now):
    now.set(at(18, day=27))
    turn()
    assert {entry(one).state for one in queue} == {Waits.ENDED}
    assert findings(now()) == []


def wish(studio, now, name: str, **changed) -> int:
    option = find_option(studio.hour)
    assert option is not None
    wanted = {"option": option, "practitioner_id": None, "weekdays": 1 << 2, "parts": (),
              "until_on": date(2026, 11, 25)} | changed  # fmt: skip

    def join() -> int:
        entered = waiting.join_times(
            Wish(**wanted), f"wish-{name}", guests(name), None, practice.current(), now
        )
        return entered.id

    return transact(join)


@pytest.fixture
def booked_up(studio, now) -> list[int]:
    """Marco is away and Lena's Wednesday is full, so nothing is free on the day all wish for."""

    def leave() -> None:
        db.session.query(OpeningHours).filter_by(practitioner_id=studio.marco).delete()

    transact(leave)
    starts = [at(9, day=25), at(10, 30, day=25), at(12, day=25), at(13, 30, day=25), at(15, day=25)]
    return [
        book(studio.hour, start, now(), visitor=str(start), details=guest_of(number)).id
        for number, start in enumerate(starts)
    ]


def guest_of(number: int) -> Details:
    return Details(f"Guest {number}", f"guest{number}@example.com")


def test_a_wish_that_is_free_already_is_not_waited_for(studio, now):
    with pytest.raises(StillFree):
        wish(studio, now(), "Ines Rocha")
    assert db.session.query(WaitlistEntry).count() == 0


def test_a_private_time_that_frees_is_held_for_who_waits_first(studio, now, booked_up):
    first, second = (wish(studio, now(), name) for name in ("Ines Rocha", "Ruth Kaminski"))
    freed = db.session.get_one(Booking, booked_up[-1])
    starts_at = freed.starts_at
    cancel(freed.id, now())
    (offer,) = open_offers()
    assert (offer.entry_id, offer.starts_at) == (first, starts_at)
    with pytest.raises(SlotTaken):
        hold(studio.hour, starts_at, "passer-by", now())
    booking = answer(waiting.accept, offer, now())
    assert (booking.starts_at, booking.status) == (starts_at, Status.BOOKED)
    assert entry(second).state is Waits.WAITING
    assert findings(now()) == []


def test_a_private_time_that_is_declined_goes_to_the_next_and_never_comes_back(
    studio, now, booked_up
):
    first, second = (wish(studio, now(), name) for name in ("Ines Rocha", "Ruth Kaminski"))
    cancel(booked_up[2], now())
    answer(waiting.decline, open_offers()[0], now())
    (offer,) = open_offers()
    assert (offer.entry_id, entry(first).state) == (second, Waits.WAITING)
    answer(waiting.decline, offer, now())
    assert open_offers() == []
    assert findings(now()) == []


def test_only_days_and_parts_that_suit_are_offered(studio, now, booked_up):
    wish(studio, now(), "Ines Rocha", parts=("morning",))
    wish(studio, now(), "Ruth Kaminski", parts=("evening",))
    cancel(booked_up[-1], now())  # Wednesday afternoon.
    assert open_offers() == []


def test_a_time_freed_in_another_way_is_found_by_the_worker(studio, now, booked_up):
    wish(studio, now(), "Ines Rocha")

    def come_back() -> None:
        db.session.add(OpeningHours(practitioner_id=studio.lena, weekday=2,
                                    opens_minute=17 * 60, closes_minute=19 * 60))  # fmt: skip

    transact(come_back)
    look_around()
    (offer,) = open_offers()
    assert offer.starts_at.astimezone(practice.current().zone).hour >= 16
    assert findings(now()) == []


def test_who_waits_in_vain_is_told_when_the_last_date_has_passed(studio, now, booked_up):
    waits = wish(studio, now(), "Ines Rocha")
    now.set(at(9, day=26))
    turn()
    assert entry(waits).state is Waits.ENDED
    assert db.session.query(OutgoingMail).filter_by(kind="waiting_ended").count() == 1


def test_a_private_offer_declined_at_night_is_not_told_in_the_morning(studio, now, booked_up):
    wish(studio, now(), "Ines Rocha")
    turn()
    now.set(at(22))
    cancel(booked_up[2], now())
    answer(waiting.decline, open_offers()[0], now())
    now.set(at(8, 1, day=25))
    turn()
    assert not db.session.query(OutgoingMail).filter_by(kind="offer", state=MailState.SENT).count()


def test_the_press_of_a_page_that_showed_another_offer_takes_nothing(
    client, studio, now, booked_up
):
    waits = wish(studio, now(), "Ines Rocha")
    cancel(booked_up[2], now())
    shown = open_offers()[0].id
    link = waiting_link(entry(waits))
    answer(waiting.decline, open_offers()[0], now())
    cancel(booked_up[0], now())
    assert open_offers()[0].id != shown
    assert client.post(f"/waiting/{link}/take", data={"offer": shown}).status_code == 409
    assert len(open_offers()) == 1


def test_one_offer_that_fails_holds_up_no_other(full, place, queue, now, monkeypatch):
    cancel(place, now())
    now.forward(minutes=31)

    def fail(*_values) -> None:
        raise RuntimeError("poisoned")

    monkeypatch.setattr(offers, "expire", fail)
    turn()
    assert open_offers()[0].expires_at > now()
    monkeypatch.undo()
