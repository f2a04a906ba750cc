"""The therapist's day: who comes, and one press for what happened."""

import pytest
from sqlalchemy import select

from booking.bookings.models import Booking, Status
from booking.database import db
from booking.mail.models import OutgoingMail
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words


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


def test_on_top_stands_what_is_now_and_what_is_next_and_between_them_what_is_free(
    lena, studio, now
):
    book(studio.training, at(11, day=23), now(), visitor="a", account="ada", studio=studio)
    book(studio.hour, at(13, day=23), now(), visitor="b", practitioner=studio.lena)
    now.set(at(11, 32, day=23))
    sign_in(lena, studio.accounts["lena"], now())
    page = words(lena.get("/studio/"))
    assert "Now: Ada until 12:00 PM Next: Grace Hill at 1:00 PM, in 1 hour 28 minutes" in page
    assert "12:00 PM 1 hour free" in page
    assert "2:15 PM 2 hours 45 minutes free" in page
    assert "9:00 AM" not in page
    assert "Next:" not in words(lena.get("/studio/day/2026-11-24"))


def test_who_is_new_and_what_was_last_time_is_said_to_who_may_know(app, lena, studio, now):
    """Ada came to Lena on Monday; on Tuesday she comes to Lena, on Wednesday to Marco."""
    ada = {"account": "ada", "studio": studio}
    first = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena, **ada).id
    book(studio.hour, at(11), now(), practitioner=studio.lena, visitor="b", **ada)
    book(studio.hour, at(11, day=25), now(), practitioner=studio.marco, visitor="c", **ada)
    assert "first visit" in words(lena.get("/studio/day/2026-11-23"))
    page = soup(lena.get(f"/studio/bookings/{first}"))
    send(lena, press(page, "Save"), done="The left hip, slowly.")
    now.set(at(8))
    sign_in(lena, studio.accounts["lena"], now())
    tuesday = words(lena.get("/studio/day/2026-11-24"))
    assert "Last time November 23, 2026 , Massage The left hip, slowly." in tuesday
    assert "first visit" not in tuesday
    for name, is_told in (("marco", False), ("mara", True)):
        browser = app.test_client()
        sign_in(browser, studio.accounts[name], now())
        assert ("The left hip" in words(browser.get("/studio/day/2026-11-25"))) is is_told


def test_of_two_who_write_down_what_was_done_nothing_is_lost(app, lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    page = soup(mara.get(f"/studio/bookings/{booking}"))
    send(lena, press(soup(lena.get(f"/studio/bookings/{booking}")), "Save"), done="The hip.")
    answer = send(mara, press(page, "Save"), done="The knee.")
    assert answer.status_code == 409
    assert ("The hip." in words(answer), "The knee." in words(answer)) == (True, True)
    send(mara, press(soup(answer), "Save"), done="The hip and the knee.")
    assert "The hip and the knee." in words(lena.get(f"/studio/bookings/{booking}"))


def test_what_was_done_goes_with_the_client_who_closes_their_account(app, lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena, account="ada",
                   studio=studio).id  # fmt: skip
    page = soup(lena.get(f"/studio/bookings/{booking}"))
    send(lena, press(page, "Save"), done="The left hip, slowly.")
    now.set(at(13, day=23))
    ada = app.test_client()
    sign_in(ada, studio.accounts["ada"], now())
    assert "The left hip" not in words(ada.get("/my/bookings"))
    assert ada.post("/account/close", data={"sure": "y"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Booking, booking).done == ""


def mails_about(booking_id: int) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(OutgoingMail.kind, OutgoingMail.state)
        .where(OutgoingMail.about == f"booking:{booking_id}")
        .order_by(OutgoingMail.id)
    )
    return [(kind, state.value) for kind, state in rows]


def test_a_late_cancel_is_one_press_told_to_nobody_and_can_be_taken_back(lena, studio, now):
    booking = book(studio.hour, at(11, day=23), now(), practitioner=studio.lena).id
    answer = send(lena, press(soup(lena.get("/studio/")), "Late cancel"))
    assert status(booking) is Status.LATE_CANCELLED
    page = lena.get(answer.location)
    assert "this can be taken back" in words(page)
    send(lena, press(soup(page), "Undo"))
    assert status(booking) is Status.BOOKED
    now.forward(minutes=4)
    turn()
    # To Lena her own doing is no news.
    assert [kind for kind, state in mails_about(booking) if state == "sent"] == ["confirmed"]


def test_what_is_in_time_is_not_late_and_after_the_minutes_it_stays(lena, studio, now):
    booking = book(studio.hour, at(14, day=25), now(), practitioner=studio.lena).id
    with pytest.raises(AssertionError, match="no button"):
        press(soup(lena.get("/studio/day/2026-11-25")), "Late cancel")
    answer = lena.post(f"/studio/bookings/{booking}/late")
    assert "so this is not late" in words(lena.get(answer.location))
    assert status(booking) is Status.BOOKED
    send(lena, press(soup(lena.get(f"/studio/bookings/{booking}/cancel")), "Cancel the session"))
    undo = press(soup(lena.get("/studio/day/2026-11-25")), "Undo")
    assert mails_about(booking)[-1] == ("cancelled_by_studio", "waiting")
    now.forward(minutes=3, seconds=1)
    turn()
    assert mails_about(booking)[-1] == ("cancelled_by_studio", "sent")
    answer = send(lena, undo)
    assert "The time for undoing has passed." in words(lena.get(answer.location))
    assert status(booking) is Status.CANCELLED


def test_what_was_cancelled_does_not_come_back_over_somebody_else(lena, studio, now):
    booking = book(studio.hour, at(14, day=25), now(), practitioner=studio.lena).id
    send(lena, press(soup(lena.get(f"/studio/bookings/{booking}/cancel")), "Cancel the session"))
    undo = press(soup(lena.get("/studio/day/2026-11-25")), "Undo")
    book(studio.hour, at(14, 30, day=25), now(), practitioner=studio.lena, visitor="b",
         account="bob", studio=studio)  # fmt: skip
    answer = send(lena, undo)
    assert "That time is taken: Bob from 2:30 PM until 3:45 PM" in words(lena.get(answer.location))
    assert status(booking) is Status.CANCELLED
