"""Booking as a person does it: by the buttons of the pages, from both ends."""

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from booking.bookings.models import Booking, Status
from booking.database import db
from tests.cast import at, book, hold, sign_in
from tests.web.pages import press, send, soup, words

TYPED = {"name": "Grace Hill", "email": "grace@example.com", "phone": "321 555 0101", "policy": "y"}


@pytest.fixture
def details(client, studio):
    """The address of the details page, a time held through the service page."""
    page = soup(client.get("/services/massage?day=2026-11-24"))
    answer = send(client, press(page, "10:00 AM"))
    assert answer.status_code == 303
    return answer.location


def only_booking() -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking)).one()


def fill(client, details, **typed):
    form = press(soup(client.get(details)), "Book this session")
    return send(client, form, **{**TYPED, **typed})


def test_a_guest_books_in_three_screens(client, studio, details):
    page = client.get(details)
    assert "Free to cancel until Monday, November 23, 10:00 AM" in words(page)
    assert "Held for you until 8:10 AM" in words(page)
    answer = fill(client, details)
    assert answer.status_code == 303
    done = client.get(answer.location)
    assert "It is booked." in words(done)
    assert "Tuesday, November 24, 10:00 AM to 11:00 AM" in words(done)
    booking = only_booking()
    assert booking.status is Status.BOOKED
    assert booking.person.phone == "+13215550101"


def test_the_same_form_sent_twice_books_once(client, studio, details):
    form = press(soup(client.get(details)), "Book this session")
    first = send(client, form, **TYPED)
    second = send(client, form, **TYPED)
    assert first.location == second.location
    assert only_booking()


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, studio, details):
    answer = fill(client, details, name="", email="not an address", phone="call me")
    assert answer.status_code == 422
    page = soup(answer)
    assert page.find(id="name")["aria-invalid"] == "true"
    assert page.find(id=page.find(id="email")["aria-describedby"].split()[-1])
    assert page.find(id="email")["value"] == "not an address"
    assert page.find(id="phone")["value"] == "call me"
    assert "Please tell us your name." in words(answer)
    assert db.session.scalar(select(func.count(Booking.id))) == 0


def test_the_policy_must_be_agreed_to(client, studio, details):
    assert fill(client, details, policy="").status_code == 422


def test_a_longer_option_can_be_chosen_with_the_details(client, studio, details):
    page = words(client.get(details))
    assert "90 minutes $135.50" in page
    fill(client, details, option=str(studio.long))
    assert only_booking().minutes == 90


def test_a_longer_option_is_not_offered_where_it_does_not_fit(client, studio, now):
    book(studio.hour, at(11, 30), now(), visitor="other", practitioner=studio.lena)
    page = soup(client.get(f"/services/massage?day=2026-11-24&with={studio.lena}"))
    answer = send(client, press(page, "10:00 AM"))
    assert "90 minutes" not in words(client.get(answer.location))


def test_a_time_just_taken_answers_409_with_the_nearest_times(client, studio, now):
    page = soup(client.get("/services/massage?day=2026-11-24"))
    hold(studio.hour, at(10), "faster", now())
    answer = send(client, press(page, "10:00 AM"))
    assert answer.status_code == 409
    assert "Someone was a moment faster" in words(answer)
    assert press(soup(answer), "Tue, Nov 24, 11:30 AM")


def test_what_was_typed_outlives_a_time_that_was_lost(client, studio, details, now):
    form = press(soup(client.get(details)), "Book this session")
    now.forward(minutes=11)
    book(studio.hour, at(10), now(), visitor="faster")
    lost = send(client, form, **TYPED, note="Left knee.")
    assert lost.status_code == 409
    again = send(client, press(soup(lost), "Tue, Nov 24, 11:30 AM"))
    page = soup(client.get(again.location))
    assert page.find(id="name")["value"] == "Grace Hill"
    assert page.find(id="note").get_text().strip() == "Left knee."
    assert db.session.scalar(select(func.count(Booking.id))) == 1


def test_another_visitor_cannot_open_the_details(app, client, studio, details):
    stranger = app.test_client()
    missing = stranger.get("/book/nothing-here")
    theirs = stranger.get(details)
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert stranger.post(details, data=TYPED).status_code == 404


def test_letting_go_frees_the_time(client, studio, details, now):
    send(client, press(soup(client.get(details)), "Choose another time"))
    assert hold(studio.hour, at(10), "other", now(), studio.lena)


@pytest.mark.parametrize(
    "data",
    [{}, {"option": "x"}, {"start": "tomorrow"}, {"start": "2026-11-24T10:00", "option": "1"}],
)
def test_a_press_that_no_button_makes_is_malformed(client, studio, data):
    assert client.post("/book", data=data).status_code == 400


def test_an_unknown_option_is_not_found(client, studio):
    data = {"option": "999", "start": "2026-11-24T15:00Z"}
    assert client.post("/book", data=data).status_code == 404


def test_a_time_outside_the_hours_is_refused_with_a_sentence(client, studio):
    data = {"option": str(studio.hour), "start": "2026-11-24T04:00Z"}
    answer = client.post("/book", data=data)
    assert answer.status_code == 422
    assert "This time is not offered" in words(answer)


def test_undo_on_the_done_page(client, studio, details):
    done = client.get(fill(client, details).location)
    answer = send(client, press(soup(done), "Undo"))
    assert "Undone. Nothing was booked and nobody was told." in words(client.get(answer.location))
    assert only_booking().status is Status.UNDONE


def test_moving_and_cancelling_by_the_link(client, studio, details, now):
    link = fill(client, details).location
    now.forward(minutes=5)
    page = soup(client.get(f"{link}/move?day=2026-11-25"))
    moved = send(client, press(page, "2:00 PM"))
    assert "Wednesday, November 25, 2:00 PM" in words(client.get(moved.location))
    asked = client.get(f"{moved.location}/cancel")
    assert "free of charge until Tuesday, November 24, 2:00 PM" in words(asked)
    off = send(client, press(soup(asked), "Cancel the session"))
    assert "Cancelled." in words(client.get(off.location))
    assert only_booking().status is Status.CANCELLED


def test_a_late_cancel_says_so_before_and_after(client, studio, details, now):
    link = fill(client, details).location
    now.set(at(8))
    asked = client.get(f"{link}/cancel")
    assert "Cancelling now counts as late" in words(asked)
    off = send(client, press(soup(asked), "Cancel late"))
    assert "Cancelled late." in words(client.get(off.location))


def test_a_link_opens_one_booking_and_a_changed_one_none(client, studio, details):
    link = fill(client, details).location
    assert client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404


def test_the_calendar_file_holds_only_what_a_calendar_may_know(client, studio, details):
    link = fill(client, details, note="Left knee.").location
    answer = client.get(f"{link}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "Massage, with Lena Hartmann"
    assert event.decoded("dtstart") == at(10)
    text = answer.get_data(as_text=True)
    assert not any(secret in text for secret in ("Grace", "grace", "0101", "knee"))


def test_a_signed_in_client_is_asked_neither_for_address_nor_twice_for_the_policy(
    client, studio, now
):
    book(studio.hour, at(10, day=25), now(), account="ada", studio=studio, visitor="before")
    sign_in(client, studio.accounts["ada"], now())
    page = soup(client.get("/services/massage?day=2026-11-24"))
    answer = send(client, press(page, "10:00 AM"))
    details = soup(client.get(answer.location))
    assert details.find(id="email") is None
    assert details.find(id="policy") is None
    assert details.find(id="name") is None
    assert "For Ada" in details.get_text()
    send(client, press(details, "Book this session"))
    mine = words(client.get("/my/bookings"))
    assert "Tuesday, November 24, 10:00 AM" in mine
    assert "Wednesday, November 25, 10:00 AM" in mine


def test_my_bookings_are_mine(client, studio, now):
    book(studio.hour, at(10), now(), account="bob", studio=studio)
    sign_in(client, studio.accounts["ada"], now())
    assert "Nothing is booked." in words(client.get("/my/bookings"))


def test_i_will_be_there(client, studio, details, now):
    link = fill(client, details).location
    now.forward(minutes=5)
    answer = send(client, press(soup(client.get(link)), "I’ll be there"))
    assert "you will be there" in words(client.get(answer.location))
    assert only_booking().acknowledged_at == now()
