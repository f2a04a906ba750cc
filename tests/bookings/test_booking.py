"""Booking through operations: what follows from it, and what must not."""

import pytest
from sqlalchemy import func, select

from booking.accounts.models import Audit, Person
from booking.bookings.clients import Details
from booking.bookings.models import Booking, Reminder, Status
from booking.database import db
from booking.domain.errors import HoldUnknown, NotOffered, SlotTaken, TooManyOpen
from booking.mail.models import OutgoingMail
from booking.scheduling.models import Claim, ClaimKind, TimeClaim
from booking.upkeep.check import findings
from tests.cast import GUEST, at, book, book_held, hold


def test_a_booking_takes_time_of_practitioner_and_room_with_turnover(studio, now):
    booking = book(studio.hour, at(10), now())
    times = db.session.scalars(
        select(TimeClaim).where(TimeClaim.claim_id == booking.claim_id).order_by(TimeClaim.id)
    ).all()
    assert {time.resource_id for time in times} == {booking.practitioner_id, studio.room}
    assert {(time.starts_at, time.ends_at) for time in times} == {(at(10), at(11, 15))}


def test_a_booking_copies_what_was_agreed(studio, now):
    booking = book(studio.long, at(10), now())
    assert (booking.price_cents, booking.currency, booking.service_name) == (
        13550,
        "USD",
        "Massage",
    )
    assert booking.local_start.isoformat() == "2026-11-24T10:00:00"
    assert booking.zone_name == "America/New_York"
    assert booking.cancel_until == at(10, day=23)
    assert booking.move_until == at(22, day=23)


def test_booking_plans_mails_and_reminders_in_the_same_transaction(studio, now):
    booking = book(studio.hour, at(10, day=27), now())
    mails = {mail.kind: mail for mail in db.session.scalars(select(OutgoingMail))}
    assert set(mails) == {"confirmed", "studio_new"}
    assert mails["confirmed"].to_address == GUEST.email
    assert mails["confirmed"].due_at == booking.undo_until
    assert mails["confirmed"].dedupe_key == f"booking-{booking.id}-r1-confirmed"
    due = db.session.scalars(select(Reminder.due_at).order_by(Reminder.due_at)).all()
    # 3 hours before 10:00 is 7:00, within the quiet hours: pulled to 20:30 the evening before.
    assert due == [at(10, day=25), at(20, 30, day=26)]
    assert findings(now()) == []


def test_the_same_token_books_once(studio, now):
    held = hold(studio.hour, at(10), "v", now())
    token = held.token
    first = book_held(token, studio.hour, now(), "v").id
    second = book_held(token, studio.hour, now(), "v").id
    assert first == second
    assert db.session.scalar(select(func.count(Booking.id))) == 1
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 2


def test_another_visitor_cannot_use_a_token(studio, now):
    token = hold(studio.hour, at(10), "v", now()).token
    with pytest.raises(HoldUnknown):
        book_held(token, studio.hour, now(), "w")
    assert db.session.scalar(select(func.count(Booking.id))) == 0


def test_a_time_that_is_taken_is_refused(studio, now):
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(10, 30), "other", now(), studio.lena)


def test_one_room_for_two_practitioners_takes_one_of_them(studio, now):
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(10), "other", now(), studio.marco)


def test_turnover_keeps_the_next_one_off(studio, now):
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(11), "other", now(), studio.lena)
    assert hold(studio.hour, at(11, 30), "other", now(), studio.lena).starts_at == at(11, 30)


@pytest.mark.parametrize(
    "start",
    [at(8), at(16, 30), at(10, 10), at(10, day=28), at(10, month=1, day=5), at(9, day=23)],
    ids=["before opening", "past closing", "off the grid", "a Saturday", "past", "no notice"],
)
def test_a_time_that_is_not_offered_is_refused(studio, now, start):
    now.set(at(8, day=23))
    with pytest.raises(NotOffered):
        hold(studio.hour, start, "v", now())
    assert db.session.scalar(select(func.count(Claim.id))) == 0


def test_anyone_means_who_has_least_that_day(studio, now):
    book(studio.training, at(9), now(), visitor="a")
    assert hold(studio.hour, at(14), "b", now()).practitioner_id == studio.marco


def test_with_nothing_booked_anyone_means_the_first_in_the_list(studio, now):
    assert hold(studio.hour, at(14), "b", now()).practitioner_id == studio.lena


def test_an_expired_hold_gives_way(studio, now):
    hold(studio.hour, at(10), "slow", now(), studio.lena)
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(10), "fast", now(), studio.lena)
    now.forward(minutes=10)
    assert hold(studio.hour, at(10), "fast", now(), studio.lena).claim_id


def test_an_expired_hold_that_nobody_took_can_still_be_booked(studio, now):
    held = hold(studio.hour, at(10), "slow", now(), studio.lena)
    token = held.token
    now.forward(minutes=30)
    booking = book_held(token, studio.hour, now(), "slow")
    assert booking.status is Status.BOOKED


def test_an_expired_hold_that_was_taken_cannot(studio, now):
    token = hold(studio.hour, at(10), "slow", now(), studio.lena).token
    now.forward(minutes=30)
    book(studio.hour, at(10, 30), now(), practitioner=studio.lena, visitor="fast")
    with pytest.raises(SlotTaken):
        book_held(token, studio.hour, now(), "slow")
    assert db.session.scalar(select(func.count(Booking.id))) == 1
    assert findings(now()) == []


def test_a_visitor_has_one_live_hold(studio, now):
    hold(studio.hour, at(10), "v", now())
    hold(studio.hour, at(14), "v", now())
    holds = db.session.scalars(select(Claim).where(Claim.kind == ClaimKind.HOLD)).all()
    assert len(holds) == 1


def test_a_guest_with_an_account_holders_address_touches_nobody(studio, now):
    ada = db.session.scalar(select(Person).where(Person.email == "ada@example.com"))
    before = (ada.id, ada.name, ada.phone, ada.account_id)
    mallory = Details("Mallory", "ada@example.com", "+13215550199")
    booking = book(studio.hour, at(10), now(), details=mallory)
    assert booking.person_id != before[0]
    assert booking.person.account_id is None
    db.session.expire_all()
    ada = db.session.get(Person, before[0])
    assert (ada.id, ada.name, ada.phone, ada.account_id) == before


def test_a_signed_in_client_books_as_their_own_person(studio, now):
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    assert booking.person.account_id == studio.accounts["ada"]
    assert booking.booked_by_id == studio.accounts["ada"]
    assert db.session.scalar(select(func.count(Person.id))) == 2


def test_a_guest_address_has_a_few_open_bookings_at_most(studio, now):
    for number, day in enumerate((24, 25, 26, 27, 30)):
        book(studio.hour, at(10, day=day), now(), visitor=f"v{number}")
    with pytest.raises(TooManyOpen):
        book(studio.hour, at(13), now(), visitor="again")


def test_each_change_leaves_an_audit_row_without_personal_values(studio, now):
    booking = book(studio.hour, at(10), now())
    rows = db.session.scalars(select(Audit).where(Audit.subject == booking.about)).all()
    assert [(row.actor, row.action, row.at) for row in rows] == [("guest", "booked", now())]
    assert "Grace" not in str(rows[0].details)
    assert "grace" not in str(rows[0].details)


def test_a_longer_option_is_booked_when_it_fits(studio, now):
    token = hold(studio.hour, at(10), "v", now(), studio.lena).token
    booking = book_held(token, studio.long, now(), "v")
    assert booking.minutes == 90
    assert booking.price_cents == 13550
    assert findings(now()) == []


def test_a_longer_option_that_no_longer_fits_is_refused_and_the_hold_stays(studio, now):
    token = hold(studio.hour, at(10), "v", now(), studio.lena).token
    book(studio.hour, at(11, 30), now(), practitioner=studio.lena, visitor="w")
    with pytest.raises(SlotTaken):
        book_held(token, studio.long, now(), "v")
    assert book_held(token, studio.hour, now(), "v").minutes == 60


def test_an_old_hold_gives_no_right_to_book_without_notice(studio, now):
    token = hold(studio.hour, at(12, day=23), "v", now(), studio.lena).token
    now.set(at(11, 30, day=23))
    with pytest.raises(NotOffered):
        book_held(token, studio.hour, now(), "v")
    assert db.session.scalar(select(func.count(Booking.id))) == 0
