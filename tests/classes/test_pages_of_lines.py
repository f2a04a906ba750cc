"""The pages of those who wait: for a place, for a time."""

import pytest

from booking.bookings.links import make_link, waiting_link
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import OfferState, WaitlistEntry, Waits
from booking.database import db
from booking.upkeep.check import findings
from tests.cast_classes import take, wait
from tests.classes.test_pages import GUEST, count
from tests.web.pages import soup


def test_waiting_from_page_to_place(client, app, first, now):
    taken = take(first, now(), "Tom Wexler", "Ines Rocha").places[0]
    wanted = {key: GUEST[key] for key in ("attempt", "name", "email", "policy")}
    answer = client.post(f"/classes/book/{first}/wait", data=wanted)
    page = client.get(answer.location).text
    assert "first in line" in page
    client.post(f"/manage/{make_link(taken)}/cancel")
    assert "It is your turn." in client.get(answer.location).text
    booked = client.post(f"{answer.location}/take", data={"offer": 1})
    assert "It is booked." in client.get(booked.location).text
    again = client.post(f"{answer.location}/take", data={"offer": 1})
    assert again.location == booked.location
    assert findings(now()) == []


def test_declining_and_leaving_say_what_happened(client, first, now):
    taken = take(first, now(), "Tom Wexler", "Ines Rocha").places
    links = [waiting_link(wait(first, now(), name)) for name in ("Grace Hill", "Ruth Kamin")]
    client.post(f"/manage/{make_link(taken[0])}/cancel")
    page = client.post(
        f"/waiting/{links[0]}/decline", data={"offer": 1}, follow_redirects=True
    ).text
    assert "It goes to the next in line." in page
    page = client.post(f"/waiting/{links[1]}/leave", follow_redirects=True).text
    assert "You are no longer on the waiting list." in page
    db.session.rollback()
    assert {entry.state for entry in db.session.query(WaitlistEntry)} == {Waits.LEFT}
    late = client.post(f"/waiting/{links[0]}/take", data={"offer": 1})
    assert (late.status_code, "has ended" in late.text) == (409, True)


def test_an_expired_offer_cannot_be_taken(client, first, now):
    taken = take(first, now(), "Tom Wexler", "Ines Rocha").places
    link = waiting_link(wait(first, now(), "Grace Hill"))
    client.post(f"/manage/{make_link(taken[0])}/cancel")
    now.forward(minutes=30)
    assert client.post(f"/waiting/{link}/take", data={"offer": 1}).status_code == 409
    db.session.rollback()
    assert db.session.query(Booking).filter_by(status=Status.BOOKED).count() == 1
    assert {one.state for one in db.session.query(WaitlistEntry).one().offers} == {OfferState.OPEN}


def test_what_a_wish_finds_is_offered_to_hold_at_once(client, studio, now):
    data = {
        "attempt": GUEST["attempt"], "option": studio.hour, "practitioner": studio.lena,
        "until": "2026-12-04", "tuesday": "y", "name": "Grace", "email": "g@example.com",
        "policy": "y",
    }  # fmt: skip
    answer = client.post("/services/massage/tell-me", data=data)
    assert answer.status_code == 409
    times = soup(answer).select("button.time")
    assert len(times) == 4
    assert count(WaitlistEntry) == 0
    held = client.post("/book", data={"option": studio.hour, "start": times[0]["value"],
                                      "practitioner": studio.lena})  # fmt: skip
    assert held.status_code == 303


@pytest.mark.parametrize(
    "until", ["2026-11-22", "2028-01-01", "soon", "", "0001-01-01", "10000-1-1"]
)
def test_a_wish_needs_a_date_that_can_be_booked(client, studio, now, until):
    data = {
        "attempt": GUEST["attempt"], "option": studio.hour, "practitioner": 0, "until": until,
        "sunday": "y", "name": "Grace", "email": "g@example.com", "policy": "y",
    }  # fmt: skip
    assert client.post("/services/massage/tell-me", data=data).status_code == 422
    assert count(WaitlistEntry) == 0
