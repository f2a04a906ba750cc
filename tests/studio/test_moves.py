"""Moving by staff: any time but never over another, told or not, and taken back within minutes."""

import pytest
from sqlalchemy import select

from booking.accounts.audit import GUEST, Actor
from booking.bookings import changes, staff_moves
from booking.bookings.models import Booking
from booking.bookings.staff_moves import Where
from booking.catalog.models import Practitioner
from booking.database import db, transact
from booking.domain.errors import UndoTooLate
from booking.domain.objections import Objection
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import TimeClaim
from booking.studio.book_for_words import short_words
from booking.studio.obstacle_words import objection_words
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words

DAY = "2026-11-25"


@pytest.fixture
def booking(studio, now) -> int:
    """An hour of Lena's on Wednesday at eleven."""
    return book(studio.hour, at(11, day=25), now(), practitioner=studio.lena).id


def told(now) -> None:
    """Let the confirmation leave, and time for undoing pass."""
    now.forward(minutes=4)
    turn()


def move(browser, booking_id: int, **typed: str):
    pressed = press(soup(browser.get(f"/studio/bookings/{booking_id}/move")), "Move it")
    fields = soup(browser.get(f"/studio/bookings/{booking_id}/move")).find_all("select")
    chosen = {one["name"]: one.find("option", selected=True)["value"] for one in fields}
    return send(browser, pressed, **chosen, **typed)


def mails(booking_id: int, *states: MailState) -> list[str]:
    db.session.rollback()
    about = OutgoingMail.about == f"booking:{booking_id}"
    found = select(OutgoingMail.kind).where(about, OutgoingMail.state.in_(states))
    return list(db.session.scalars(found.order_by(OutgoingMail.id)))


def now_at(booking_id: int) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booking_id)


def test_told_the_client_hears_of_it_when_it_can_no_longer_be_undone(lena, studio, booking, now):
    told(now)
    answer = move(lena, booking, day=DAY, time="14:10", tell="yes")
    assert answer.location == f"/studio/day/{DAY}?did={booking}"
    assert now_at(booking).starts_at == at(14, 10, day=25)
    assert mails(booking, MailState.WAITING) == ["changed"]
    turn()
    assert mails(booking, MailState.WAITING) == ["changed"]
    told(now)
    assert mails(booking, MailState.SENT) == ["confirmed", "studio_new", "changed"]


def test_not_told_there_is_no_mail_but_a_confirmation_that_has_not_left_says_the_new_time(
    lena, studio, booking, now
):
    move(lena, booking, day=DAY, time="14:00", tell="no")
    told(now)
    assert mails(booking, MailState.SENT) == ["confirmed"]
    sent = db.session.scalar(select(OutgoingMail.body_text).where(OutgoingMail.kind == "confirmed",
        OutgoingMail.state == MailState.SENT))  # fmt: skip
    assert "2:00" in sent
    move(lena, booking, day=DAY, time="15:00", tell="no")
    told(now)
    assert mails(booking, MailState.SENT) == ["confirmed"]
    now.set(at(14, 50, day=23))
    turn()
    now.set(at(15, 10, day=23))
    turn()
    reminder = db.session.scalar(
        select(OutgoingMail.body_text).where(OutgoingMail.kind == "reminder")
    )
    assert "3:00" in reminder


def test_a_move_and_a_new_length_are_taken_back_together_and_nobody_has_heard(
    lena, studio, booking, now
):
    told(now)
    answer = move(lena, booking, day=DAY, time="13:00", minutes="90", tell="yes")
    assert (now_at(booking).starts_at, now_at(booking).minutes) == (at(13, day=25), 90)
    claims = select(TimeClaim.ends_at).where(TimeClaim.claim_id == now_at(booking).claim_id)
    assert set(db.session.scalars(claims)) == {at(14, 45, day=25)}
    page = lena.get(answer.location)
    assert "this move can be taken back" in words(page)
    send(lena, press(soup(page), "Undo"))
    assert (now_at(booking).starts_at, now_at(booking).minutes) == (at(11, day=25), 60)
    told(now)
    assert "changed" not in mails(booking, MailState.SENT)
    assert "this move can be taken back" not in words(lena.get(answer.location))


def test_after_the_minutes_a_move_stays_and_its_old_time_is_free(lena, studio, booking, now):
    answer = move(lena, booking, day=DAY, time="13:00", tell="no")
    pressed = press(soup(lena.get(answer.location)), "Undo")
    now.forward(minutes=3, seconds=1)
    answer = send(lena, pressed)
    assert "The time for undoing has passed." in words(lena.get(answer.location))
    assert now_at(booking).starts_at == at(13, day=25)
    book(studio.hour, at(11, day=25), now(), practitioner=studio.lena, visitor="other")


def test_a_client_does_not_undo_what_the_studio_moved_nor_the_studio_the_client_s(
    lena, studio, client, booking, now
):
    actor, wanted = Actor("staff", 1), Where(at(13, day=25), 60, studio.lena, studio.room)
    transact(staff_moves.move, booking, wanted, False, actor, practice.current(), now())
    with pytest.raises(UndoTooLate):
        transact(changes.undo, booking, 2, GUEST, practice.current(), now())
    db.session.get_one(Booking, booking).moves[0].by_staff = False
    db.session.commit()
    with pytest.raises(UndoTooLate):
        transact(changes.undo, booking, 2, actor, practice.current(), now())


def test_an_overlap_is_refused_and_it_is_said_what_stands_there(app, lena, studio, booking, now):
    book(studio.hour, at(14, day=25), now(), practitioner=studio.marco, visitor="m",
         account="bob", studio=studio)  # fmt: skip
    answer = move(lena, booking, day=DAY, time="14:30", tell="no")
    assert answer.status_code == 409
    said = words(answer)
    assert "another session from 2:00 PM until 3:15 PM, turnover included (Quiet room)" in said
    assert "Bob" not in said
    assert soup(answer).find("input", {"name": "time"})["value"] == "14:30"
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    assert "Bob from 2:00 PM" in words(move(mara, booking, day=DAY, time="14:30", tell="no"))
    assert now_at(booking).starts_at == at(11, day=25)


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        (DAY, "19:00", "not within the working hours"),
        ("2026-11-23", "09:00", "sooner than the notice"),
        ("2027-06-01", "10:00", "further ahead than clients may book"),
        ("2026-11-23", "07:00", "begun already"),
    ],
)
def test_hours_and_notice_are_a_warning_that_a_second_press_passes(
    lena, booking, now, day, time, sentence
):
    answer = move(lena, booking, day=day, time=time, tell="no")
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert now_at(booking).starts_at == at(11, day=25)
    assert move(lena, booking, day=day, time=time, tell="no", anyway="y").status_code == 303
    assert now_at(booking).starts_at.isoformat()[:10] in {day, "2026-11-26"}


def test_whether_the_client_is_told_has_to_be_said(lena, booking):
    answer = move(lena, booking, day=DAY, time="14:00")
    assert answer.status_code == 422
    assert "Please say whether the client is told by mail." in words(answer)


def test_the_hour_that_comes_twice_is_asked_about_and_the_one_that_is_skipped_refused(
    lena, booking, now
):
    night = {"tell": "no", "anyway": "y"}
    asked = move(lena, booking, day="2027-11-07", time="01:30", **night)
    assert "This time comes twice that night." in words(asked)
    move(lena, booking, day="2027-11-07", time="01:30", which="2", **night)
    assert now_at(booking).starts_at.isoformat() == "2027-11-07T06:30:00+00:00"
    refused = move(lena, booking, day="2027-03-14", time="02:30", **night)
    assert "The clocks skip this time on that day." in words(refused)


def test_of_two_who_move_the_same_the_second_sees_what_the_first_did(
    app, lena, studio, booking, now
):
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    page = soup(mara.get(f"/studio/bookings/{booking}/move"))
    theirs = press(page, "Move it")
    move(lena, booking, day=DAY, time="13:00", tell="no")
    typed = {"time": "15:00", "practitioner": str(studio.lena), "room": str(studio.room)}
    answer = send(mara, theirs, **typed, tell="no")
    assert answer.status_code == 409
    assert "somebody else saved something else" in words(answer)
    assert now_at(booking).starts_at == at(13, day=25)


def test_a_drop_ends_on_the_form_filled_in_with_the_new_place(lena, studio, booking, now):
    path = f"/studio/bookings/{booking}/move?at=2026-11-26T15:15Z&minutes=45&back=week"
    page = soup(lena.get(path))
    shown = {one["name"]: one.get("value") for one in page.select(".sheet input[name]")}
    assert (shown["day"], shown["time"], shown["minutes"]) == ("2026-11-26", "10:15", "45")
    assert not page.select("input[name=tell][checked]")
    chosen = {"practitioner": str(studio.lena), "room": str(studio.room), "tell": "no"}
    answer = send(lena, press(page, "Move it"), **chosen)
    assert answer.location.startswith("/studio/week/2026-11-26?")
    assert (now_at(booking).starts_at, now_at(booking).minutes) == (at(10, 15, day=26), 45)


def test_the_practitioner_needs_no_mail_of_their_own_doing_but_of_what_follows_it(
    app, lena, studio, booking, now
):
    told(now)
    move(lena, booking, day=DAY, time="14:00", tell="no")
    told(now)
    assert mails(booking, MailState.SENT) == ["confirmed", "studio_new"]
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    move(mara, booking, day=DAY, time="11:00", tell="no")  # Back where the first mail said.
    told(now)
    assert mails(booking, MailState.SENT) == ["confirmed", "studio_new", "studio_moved"]


def test_a_day_that_is_full_is_a_warning_and_no_more(lena, studio, booking, now):
    def one_a_day() -> None:
        db.session.get_one(Practitioner, studio.lena).day_sessions = 1

    transact(one_a_day)
    book(studio.hour, at(9, day=26), now(), practitioner=studio.lena, visitor="other")
    answer = move(lena, booking, day="2026-11-26", time="14:00", tell="no")
    assert answer.status_code == 422
    assert "The day or the week is full" in words(answer)
    assert now_at(booking).starts_at == at(11, day=25)


@pytest.mark.parametrize("objection", Objection)
def test_all_that_may_speak_against_a_time_has_its_words(app, objection):
    with app.test_request_context():
        assert objection_words(objection).endswith(".")
        assert short_words(objection)
