"""Booking for a caller: who, what, when, in one short form; what is in the way is said."""

import pytest
from sqlalchemy import func, select

from booking import worker
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Audit, Person
from booking.bookings import changes, moves
from booking.bookings.models import Booking, Reminder, Status
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import OpeningHours
from booking.upkeep.check import findings
from tests.cast import at, book, hold, sign_in, take_time_off
from tests.web.pages import Pressed, press, soup, words

WALTER = {"client": "Walter Caller", "person": "new", "phone": "321 555 0163"}


def form(browser, query: str = "") -> Pressed:
    """The form as it is opened, with the options of its lists, ready to be sent."""
    page = soup(browser.get(f"/studio/book{query}"))
    opened = press(page.select_one("main"), "Book")
    for one in page.select("main select"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        opened.data[one["name"]] = chosen["value"]
    return opened


def say(browser, pressed: Pressed, **typed: str):
    return browser.post(pressed.action, data=pressed.data | typed)


def instant(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def typed(day: int, time: str, month: int = 11) -> dict[str, str]:
    return {"start": "typed", "day": f"2026-{month:02}-{day:02}", "time": time}


def bookings() -> list[Booking]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking).order_by(Booking.id)))


def mails() -> dict[str, OutgoingMail]:
    db.session.rollback()
    return {
        one.kind: one
        for one in db.session.scalars(select(OutgoingMail))
        if one.state is not MailState.VOID
    }


def test_who_calls_is_written_down_and_booked_in_one_go(lena, studio, now):
    opened = form(lena)
    first = soup(lena.get("/studio/book")).select_one("#offers input")["value"]
    answer = say(lena, opened, **WALTER, email="walter@example.com", start=first)
    assert (answer.status_code, answer.location) == (303, "/studio/day/2026-11-23?booked=1")
    page = words(lena.get(answer.location))
    assert "Booked for Walter Caller: Massage, Monday, November 23, 10:00 AM." in page
    assert "A mail goes to walter@example.com at 8:03 AM." in page
    [booking] = bookings()
    assert (booking.person.name, booking.person.phone) == ("Walter Caller", "+13215550163")
    assert (booking.practitioner_id, booking.booked_by_id) == (studio.lena, studio.accounts["lena"])
    # Her own doing is no news to her.
    assert set(mails()) == {"confirmed"}
    trail = db.session.scalars(select(Audit).where(Audit.subject == booking.about)).one()
    assert (trail.actor, trail.action) == (f"staff:{studio.accounts['lena']}", "booked")
    assert findings(now()) == []


def test_it_can_be_undone_for_three_minutes_and_pressed_again_is_one(lena, now):
    opened = form(lena)
    sent = {**WALTER, **typed(24, "10:00")}
    first, again = say(lena, opened, **sent), say(lena, opened, **sent)
    assert first.location == again.location
    assert db.session.scalar(select(func.count(Person.id)).where(Person.name.like("Walter%"))) == 1
    page = soup(lena.get(first.location))
    undone = say(lena, press(page, "Undo"))
    assert "Nothing was booked and nobody was told" in words(lena.get(undone.location))
    [booking] = bookings()
    assert booking.status is Status.UNDONE
    # The old form from the browser's history does not say "booked" of what is undone.
    answer = say(lena, opened, **sent)
    assert answer.status_code == 409
    fresh = say(lena, press(soup(answer).select_one("main"), "Book"), **sent,
                 option=opened.data["option"], weeks="0")  # fmt: skip
    assert fresh.status_code == 303
    now.forward(minutes=4)
    assert "Undo" not in words(lena.get(fresh.location))


def test_without_scripts_look_lists_who_may_be_meant_and_their_usual(lena, studio, now):
    book(studio.long, at(10), now(), account="ada", studio=studio, practitioner=studio.lena)
    opened = form(lena)
    answer = say(lena, opened, client="ada", press="look")
    page = soup(answer)
    assert page.select_one("[name=person][checked]")["value"] != "new"
    assert page.select_one("#option option[selected]")["value"] == str(studio.long)
    assert len(bookings()) == 1
    fragment = lena.get("/studio/book/clients?q=ada")
    assert "1 client found" in words(fragment)
    assert soup(fragment).select_one("[name=person][checked]")
    assert soup(lena.get("/studio/book/clients?q=nobody")).select("[checked]")[0]["value"] == "new"


def test_a_practitioner_books_their_own_clients_in_their_own_calendar(app, lena, studio, now):
    marcos = book(studio.hour, at(10), now(), practitioner=studio.marco).person_id
    hidden = say(lena, form(lena), client="x", person=str(marcos), **typed(25, "10:00"))
    assert hidden.status_code == 422
    assert "Please choose who it is." in words(hidden)
    other = say(lena, form(lena), **WALTER, **typed(25, "10:00"), practitioner=str(studio.marco))
    assert other.status_code == 404
    assert len(bookings()) == 1


def test_what_clients_are_not_offered_is_a_warning_and_counts_for_the_time_it_was_given_for(
    lena, now
):
    opened = form(lena)
    answer = say(lena, opened, **WALTER, **typed(28, "19:10"))
    assert answer.status_code == 422
    assert "It is not within the working hours of that day." in words(answer)
    assert bookings() == []
    again = press(soup(answer).select_one("main"), "Book")
    kept = {key: opened.data[key] for key in ("option", "weeks", "practitioner")}
    for day, status in ((29, 422), (28, 303)):
        again.data["warned"] = press(soup(answer).select_one("main"), "Book").data["warned"]
        sent = {**kept, **WALTER, **typed(day, "19:10"), "anyway": "y"}
        assert say(lena, again, **sent).status_code == status, day
    [booking] = bookings()
    assert booking.local_start.isoformat() == "2026-11-28T19:10:00"
    trail = db.session.scalars(select(Audit).where(Audit.subject == booking.about)).one()
    assert trail.details["despite"] == ["closed"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("client", "Grace Hill is booked"),
        ("time off", "time off: The dentist"),
        ("room", "Lena Hartmann is free then, but no room is."),
    ],
)
def test_a_taken_time_is_explained_with_the_nearest_free_ones(lena, studio, now, what, said):
    if what == "time off":
        take_time_off(studio, now(), at(10), at(12))
    else:
        who = studio.lena if what == "client" else studio.marco
        book(studio.hour, at(10), now(), practitioner=who)
    before = len(bookings())
    answer = say(lena, form(lena), **WALTER, **typed(24, "10:30"), note="Left hip")
    page = soup(answer)
    assert answer.status_code == 409
    assert said in words(answer)
    nearest = {one["value"] for one in page.select("#offers input")}
    assert instant(at(12, 0)) in nearest or instant(at(11, 30)) in nearest
    assert page.select_one("#note").get_text().strip() == "Left hip"
    assert page.select_one("#name")["value"] == "Walter Caller"
    assert len(bookings()) == before


def test_an_expired_hold_gives_way_to_a_caller_and_a_live_one_does_not(lena, studio, now):
    hold(studio.hour, at(10), "slow", now(), studio.lena)
    answer = say(lena, form(lena), **WALTER, **typed(24, "10:00"))
    assert "somebody is choosing this time just now" in words(answer)
    now.forward(minutes=11)
    assert say(lena, form(lena), **WALTER, **typed(24, "10:00")).status_code == 303


def test_silence_is_kept_through_booking_moving_reminding_and_cancelling(lena, studio, now):
    sent = {**WALTER, "email": "walter@example.com", "silent": "y", **typed(27, "10:00")}
    answer = say(lena, form(lena), **sent)
    assert "No mail is sent, as you wished." in words(lena.get(answer.location))
    [booking] = bookings()
    about = booking.id
    now.forward(minutes=4)
    terms = terms_of([find_option(booking.option_id)])[booking.option_id]
    staff = Actor("staff", studio.accounts["mara"])
    transact(moves.move, about, terms, at(14, day=27), staff, practice.current(), now())
    now.set(at(12, day=27))
    worker.turn()
    transact(changes.cancel, about, staff, practice.current(), now())
    assert {one.to_address for one in mails().values()} == {"lena@heronlane.example"}
    assert db.session.scalars(select(Reminder)).all() == []
    assert findings(now()) == []


def test_the_practitioner_hears_of_what_a_manager_books_and_of_changes_to_her_own(
    lena, mara, studio, now
):
    opened = form(mara, f"?practitioner={studio.lena}")
    say(mara, opened, **WALTER, **typed(24, "10:00"))
    assert set(mails()) == {"studio_new"}
    own = say(lena, form(lena), **WALTER, **typed(25, "10:00"))
    booking = int(own.location.rpartition("=")[2])
    now.forward(minutes=4)
    worker.turn()
    transact(changes.cancel, booking, Actor("client", 1), practice.current(), now())
    assert set(mails()) == {"studio_new", "studio_cancelled"}


def open_at_night(studio) -> None:
    for weekday in (5, 6):
        db.session.add(
            OpeningHours(
                practitioner_id=studio.lena, weekday=weekday, opens_minute=0, closes_minute=600
            )
        )


def test_a_typed_hour_that_comes_twice_is_asked_about_and_a_skipped_one_refused(lena, studio, now):
    now.set(at(12, day=20, month=10))
    sign_in(lena, studio.accounts["lena"], now())
    transact(open_at_night, studio)
    answer = say(lena, form(lena), **WALTER, **typed(1, "01:30"))
    assert answer.status_code == 422
    assert "This time comes twice that night. Which one?" in words(answer)
    assert say(lena, form(lena), **WALTER, **typed(1, "01:30"), which="2").status_code == 303
    assert bookings()[0].starts_at == at(1, 30, day=1)
    spring = {**typed(14, "02:30", month=3), "day": "2027-03-14"}
    refused = say(lena, form(lena), **WALTER, **spring)
    assert "The clocks skip this time on that day." in words(refused)
    assert len(bookings()) == 1


def test_the_form_says_what_is_missing_and_loses_nothing(lena):
    answer = say(lena, form(lena), client="", weeks="2", times="40", note="Stairs")
    said = words(answer)
    for problem in ("Please say who it is for.", "Please choose a time.", "from 2 to 26"):
        assert problem in said
    assert soup(answer).select_one("#note").get_text().strip() == "Stairs"
    assert bookings() == []


def test_it_opens_filled_in_by_its_address(lena, studio, now):
    ada = db.session.get_one(Account, studio.accounts["ada"]).persons[0].id
    page = soup(lena.get(f"/studio/book?person={ada}&option={studio.long}&at={instant(at(19))}"))
    assert page.select_one("[name=person][checked]")["value"] == str(ada)
    assert page.select_one("#option option[selected]")["value"] == str(studio.long)
    assert page.select_one("#day")["value"] == "2026-11-24"
    assert page.select_one("#time")["value"] == "19:00"
    assert lena.get("/studio/book?person=x&option=999&at=never").status_code == 200
