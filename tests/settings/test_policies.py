"""The rules of time: what clients will read is shown first, and what is booked keeps its terms."""

from datetime import date

import pytest

from booking.bookings.models import Booking
from booking.database import db
from booking.practice import queries as practice
from tests.cast import at, book
from tests.web.pages import soup, words

PAGE = "/studio/settings/policies"


def fresh():
    db.session.remove()
    return practice.current()


def test_the_preview_says_what_the_client_will_read_and_saves_nothing(mara, typed):
    assert "Free to cancel until Wednesday, December 2, 10:00 AM." in words(mara.get(PAGE))
    data = typed(mara, PAGE, cancel=3, cancel_unit="days", move=90, move_unit="minutes",
                 remind_1=2, remind_1_unit="days", remind_2=12, remind_2_unit="hours")  # fmt: skip
    answer = mara.post(PAGE, data=data | {"do": "preview"})
    said = words(answer)
    assert answer.status_code == 200
    assert "Free to cancel until Monday, November 30, 10:00 AM." in said
    assert "Can be moved until Thursday, December 3, 8:30 AM" in said
    # Twelve hours before would be at night: it comes half an hour before the quiet hours.
    assert "Tuesday, December 1, 10:00 AM Wednesday, December 2, 8:30 PM" in said
    assert soup(answer).select_one("[name=cancel]")["value"] == "3"
    assert fresh().cancel_minutes == 24 * 60
    data["seen"] = soup(answer).select_one("[name=seen]")["value"]
    assert mara.post(PAGE, data=data).status_code == 303
    studio = fresh()
    assert (studio.cancel_minutes, studio.move_minutes) == (3 * 24 * 60, 90)
    assert studio.reminder_leads == [2 * 24 * 60, 12 * 60]


def test_another_deadline_is_another_policy_and_binds_nobody_before(mara, studio, now, typed):
    booking = book(studio.hour, at(10, day=27), now())
    known = (booking.id, booking.cancel_until, booking.policy_version)
    mara.post(PAGE, data=typed(mara, PAGE, cancel=2, cancel_unit="days"))
    row = fresh()
    assert (row.policy_version, row.policy_on) == (2, date(2026, 11, 23))
    kept = db.session.get_one(Booking, known[0])
    assert (kept.id, kept.cancel_until, kept.policy_version) == known
    mara.post(PAGE, data=typed(mara, PAGE, notice=5, furthest_days=90))
    assert fresh().policy_version == 2
    assert fresh().notice_minutes == 300
    after = book(studio.hour, at(14, day=30), now(), visitor="later")
    assert (after.cancel_until, after.policy_version) == (at(14, day=28), 2)


@pytest.mark.parametrize(
    "wrong",
    [{"cancel": 61, "cancel_unit": "days"}, {"cancel": "-1"}, {"remind_1": "soon"},
     {"quiet_from": ""}, {"furthest_days": 731}, {"grid_minutes": 7}, {"move_unit": "weeks"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(mara, typed, wrong):
    answer = mara.post(PAGE, data=typed(mara, PAGE, hold_minutes=20, **wrong))
    assert answer.status_code == 422
    assert soup(answer).select_one("[role=alert]")
    assert soup(answer).select_one("[name=hold_minutes]")["value"] == "20"
    assert fresh().hold_minutes == 10


def test_reminders_may_all_be_taken_away(mara, typed):
    data = typed(mara, PAGE, remind_1="", remind_2="", remind_3="")
    assert mara.post(PAGE, data=data).status_code == 303
    assert fresh().reminder_leads == []
