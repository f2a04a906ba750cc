"""The therapist's day: who comes, and one press for what happened."""

import pytest
from sqlalchemy import select

from booking.bookings.models import Booking, Status
from booking.database import db
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words


@pytest.fixture
def lena(client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    return client


def status(booking_id: int) -> Status:
    db.session.rollback()
    return db.session.scalar(select(Booking.status).where(Booking.id == booking_id))


def test_today_lists_who_comes_in_order(lena, studio, now):
    book(studio.training, at(14, day=23), now(), visitor="a", practitioner=studio.lena)
    book(studio.hour, at(11, day=23), now(), visitor="b", practitioner=studio.lena)
    page = words(lena.get("/studio/"))
    assert "Today, Monday, November 23" in page
    assert "2 sessions" in page
    assert page.index("11:00 AM") < page.index("2:00 PM")
    assert "Mind the left knee." in page


def test_a_practitioner_sees_their_own_and_a_manager_all(app, lena, studio, now):
    book(studio.hour, at(11, day=23), now(), practitioner=studio.marco)
    assert "Nobody is booked" in words(lena.get("/studio/"))
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    assert "Marco Reyes" in words(mara.get("/studio/"))


def test_arrived_is_one_press_and_can_be_taken_back(lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    answer = send(lena, press(soup(lena.get("/studio/")), "Arrived"))
    assert answer.location == "/studio/day/2026-11-23"
    assert status(booking) is Status.ARRIVED
    send(lena, press(soup(lena.get(answer.location)), "Take back"))
    assert status(booking) is Status.BOOKED


def test_no_show_is_offered_once_the_session_has_begun(lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    with pytest.raises(AssertionError, match="no button"):
        press(soup(lena.get("/studio/")), "No-show")
    now.set(at(11, day=23))
    sign_in(lena, studio.accounts["lena"], now())
    send(lena, press(soup(lena.get("/studio/")), "No-show"))
    assert status(booking) is Status.NO_SHOW


def test_cancelling_asks_first_and_says_whether_the_client_is_told(lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    asked = lena.get(f"/studio/bookings/{booking}/cancel")
    assert "They are told by mail" in words(asked)
    answer = send(lena, press(soup(asked), "Cancel the session"))
    assert "Cancelled: Grace Hill. They are told by mail." in words(lena.get(answer.location))
    assert status(booking) is Status.CANCELLED


def test_a_mark_that_is_none_is_malformed(lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    for value in ("cancelled", "x", ""):
        answer = lena.post(f"/studio/bookings/{booking}/mark", data={"status": value})
        assert answer.status_code == 400
    assert status(booking) is Status.BOOKED


@pytest.mark.parametrize("day", ["2026-02-30", "x", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(lena, day):
    assert lena.get(f"/studio/day/{day}").status_code == 404


def test_without_a_mail_server_the_studio_is_told_where_mails_go(lena, studio):
    assert "No mail server is set up" in words(lena.get("/studio/"))


def test_the_sidebar_stands_on_clients_pages_and_not_in_the_studio(lena, studio):
    assert "Worth knowing" not in words(lena.get("/studio/"))
    assert "Worth knowing" in words(lena.get("/about"))


def test_the_day_of_the_studio_is_the_day_on_its_wall(lena, studio, now):
    now.set(at(23, 30, day=23))
    sign_in(lena, studio.accounts["lena"], now())
    assert "Monday, November 23" in words(lena.get("/studio/"))
