"""Time off: what stands in its way is kept or called off at once, and nothing falls into it."""

import pytest
from sqlalchemy import select

from booking.accounts.audit import GUEST
from booking.bookings import absences, changes, times
from booking.bookings.absences import Choice, What
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.queries import find_option
from booking.classes.models import ClassSession
from booking.database import db, transact
from booking.domain.errors import NotOffered, SlotTaken
from booking.domain.hours_errors import InTheWay
from booking.domain.intervals import Interval
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from booking.scheduling import absences as time_off
from booking.scheduling.absences import Absence
from booking.scheduling.models import TimeClaim, TimeOff
from booking.upkeep.check import findings
from tests.cast import STAFF, at, book, book_held, hold, take_time_off
from tests.cast_classes import plan_class, take
from tests.studio.test_hours import offered, words
from tests.web.pages import soup

TUESDAY = (at(9), at(17))


def enter(client, **data):
    return client.post("/studio/time-off/new", data=data)


def obstacles(who: int, now, start=TUESDAY[0], end=TUESDAY[1]) -> list[absences.Obstacle]:
    return absences.in_the_way(Absence(who, Interval(start, end)), now())


def test_free_time_is_taken_at_once_and_given_back(lena, studio, now):
    day = {"who": studio.lena, "from-day": "2026-11-24"}
    hours = {"from-time": "12:00", "until-time": "14:00", "note": "The dentist"}
    assert enter(lena, **day, **hours).status_code == 303
    assert "The dentist" in words(lena.get("/studio/time-off"))
    assert "12:00 PM" not in offered(lena, "2026-11-24")
    assert "2:00 PM" in offered(lena, "2026-11-24")
    with pytest.raises(NotOffered):
        hold(studio.training, at(13), "visitor", now())
    (found,) = db.session.scalars(select(TimeOff)).all()
    number = found.id
    form = soup(lena.get(f"/studio/time-off/{number}"))
    seen = form.select_one("[name=seen]")["value"]
    lena.post(f"/studio/time-off/{number}", data={"note": "Away", "seen": seen})
    late = lena.post(f"/studio/time-off/{number}", data={"note": "Gone", "seen": seen})
    assert late.status_code == 409
    assert "Away" in soup(late).select_one(".theirs").get_text()
    assert lena.post(f"/studio/time-off/{number}/remove").status_code == 303
    assert "12:00 PM" in offered(lena, "2026-11-24")
    db.session.rollback()
    assert db.session.scalars(select(TimeClaim)).all() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Please choose the first day."),
        ({"from-day": "2026-11-20"}, "This time is over already."),
        ({"from-day": "2026-11-24", "until-day": "2026-11-23"}, "This ends before it begins."),
        ({"from-day": "2026-11-24", "until-day": "2029-01-01"}, "a year long at the most"),
        ({"from-day": "2027-03-14", "from-time": "02:30"}, "The clocks skip this time"),
        ({"from-day": "2027-11-07", "from-time": "01:30"}, "which of the two you mean"),
        ({"who": "1", "from-day": "2026-11-24"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_time_off_is_said(lena, studio, typed, sentence):
    answer = enter(lena, **{"who": studio.lena, **typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert db.session.scalars(select(TimeOff)).all() == []


def test_each_session_in_the_way_gets_its_choice_in_one_form(lena, studio, now):
    kept = book(studio.training, at(10), now(), visitor="a").id
    gone = book(studio.training, at(12), now(), visitor="b").id
    taught = plan_class(studio, now(), start_minute=15 * 60)[0]
    take(taught, now(), "Tom Wexler")
    now.forward(minutes=10)
    day = {"who": studio.lena, "from-day": "2026-11-24"}
    answer = enter(lena, **day)
    assert answer.status_code == 409
    assert db.session.scalars(select(TimeOff)).all() == []
    page = soup(answer)
    keys = {one["name"] for one in page.select("input[type=radio]")} - {"rest"}
    data = {one["name"]: one["value"] for one in page.select("form[action$=new] [type=hidden]")}
    chosen = {name: "keep" if f"_{kept}_" in name else "cancel" for name in keys
              if "class" not in name}  # fmt: skip
    # Not answered for all, nothing happens; the common answer is for what stood on the list.
    assert enter(lena, **{**data, **chosen}).status_code == 409
    new = book(studio.training, at(9), now(), visitor="c").id
    late = enter(lena, **{**data, **chosen, "rest": "cancel"})
    assert late.status_code == 409
    assert "Something stands in this time" in words(late)
    db.session.rollback()
    assert db.session.get_one(Booking, gone).status is Status.BOOKED
    data["shown"] = soup(late).select_one("[name=shown]")["value"]
    assert enter(lena, **{**data, **chosen, "rest": "cancel"}).status_code == 303
    db.session.rollback()
    states = [db.session.get_one(Booking, one).status for one in (kept, gone, new)]
    assert states == [Status.BOOKED, Status.CANCELLED, Status.CANCELLED]
    assert not db.session.get_one(ClassSession, taught).is_on
    told = db.session.scalars(
        select(OutgoingMail.about).where(OutgoingMail.kind == "cancelled_by_studio")
    ).all()
    assert {f"booking:{gone}", f"booking:{new}"} <= set(told)
    assert findings(now()) == []


def test_a_kept_session_that_is_cancelled_later_leaves_no_gap(client, studio, now):
    kept = book(studio.training, at(10), now()).id
    one = obstacles(studio.lena, now)[0]
    take_time_off(studio, now(), *TUESDAY, {one.key: Choice.KEEP})
    transact(changes.cancel, kept, GUEST, practice.current(), now())
    assert offered(client, "2026-11-24") == []
    with pytest.raises((NotOffered, SlotTaken)):
        hold(studio.training, at(10), "another", now())


def test_a_room_is_out_of_use_and_stays_so(client, studio, now):
    kept = book(studio.hour, at(10), now()).id
    one = obstacles(studio.room, now)[0]
    take_time_off(studio, now(), *TUESDAY, {one.key: Choice.KEEP}, who=studio.room)
    transact(changes.cancel, kept, GUEST, practice.current(), now())
    page = soup(client.get("/services/massage?day=2026-11-24"))
    assert page.select("button.time") == []
    assert "9:00 AM" in offered(client, "2026-11-24")


def wait_for_tuesday(studio, now) -> WaitlistEntry:
    from booking.bookings import waiting
    from booking.bookings.clients import Details, Party
    from booking.bookings.line import Wish

    option = find_option(studio.training)
    wish = Wish(option, studio.lena, 0b10, ("morning", "afternoon", "evening"), at(0).date())
    party = Party(Details("Ines Rocha", "ines@example.com"))
    return transact(waiting.join_times, wish, "w" * 20, party, None, practice.current(), now())


def test_what_is_cancelled_for_time_off_is_offered_to_nobody_who_waits(studio, now):
    for number, hour in enumerate(range(9, 17)):
        book(studio.training, at(hour), now(), visitor=str(number), practitioner=studio.lena,
             account="ada" if number % 2 else "bob", studio=studio)  # fmt: skip
    entry = wait_for_tuesday(studio, now).id
    found = obstacles(studio.lena, now)
    assert len(found) == 8
    take_time_off(studio, now(), *TUESDAY, {one.key: Choice.CANCEL for one in found})
    transact(times.offer_any, practice.current(), now())
    assert db.session.get_one(WaitlistEntry, entry).state is Waits.WAITING
    (absence,) = db.session.scalars(select(TimeOff.id)).all()
    transact(time_off.remove, absence, STAFF, now())
    transact(times.offer_any, practice.current(), now())
    db.session.rollback()
    assert db.session.get_one(WaitlistEntry, entry).state is Waits.OFFERED
    (offer,) = obstacles(studio.lena, now)
    assert offer.what is What.OFFER
    take_time_off(studio, now(), *TUESDAY, {offer.key: Choice.CANCEL})
    db.session.rollback()
    assert db.session.scalars(select(Offer.state)).all() == [OfferState.WITHDRAWN]
    assert findings(now()) == []


def test_somebody_who_is_booking_may_finish_or_loses_the_time(studio, now):
    held = hold(studio.training, at(10), "a", now()).token
    other = hold(studio.training, at(14), "b", now()).token
    one, two = obstacles(studio.lena, now)
    assert {one.what, two.what} == {What.HOLD}
    with pytest.raises(InTheWay):
        take_time_off(studio, now(), *TUESDAY, {one.key: Choice.KEEP})
    take_time_off(studio, now(), *TUESDAY, {one.key: Choice.KEEP, two.key: Choice.CANCEL})
    assert book_held(held, studio.training, now(), "a").status is Status.BOOKED
    with pytest.raises((SlotTaken, NotOffered)):
        book_held(other, studio.training, now(), "b")
    assert findings(now()) == []


def test_time_off_over_time_off_keeps_what_the_other_still_needs(studio, now):
    short = take_time_off(studio, now(), at(12), at(14))
    take_time_off(studio, now(), *TUESDAY)
    transact(time_off.remove, short, STAFF, now())
    taken = db.session.execute(select(TimeClaim.starts_at, TimeClaim.ends_at)).all()
    assert sum((end - start).total_seconds() for start, end in taken) == 8 * 3600
