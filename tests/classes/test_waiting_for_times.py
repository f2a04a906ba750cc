"""Waiting for a private time: held for who waits first, passed on, found wherever it frees."""

from datetime import date

import pytest

from booking.bookings import waiting
from booking.bookings.clients import Details
from booking.bookings.line import Wish
from booking.bookings.links import waiting_link
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.catalog.queries import find_option
from booking.database import db, transact
from booking.domain.errors import (
    SlotTaken,
    StillFree,
)
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import OpeningHours
from booking.upkeep.check import findings
from booking.worker import look_around, turn
from tests.cast import at, book, hold
from tests.cast_classes import guests
from tests.classes.in_line import answer, cancel, entry, open_offers


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
