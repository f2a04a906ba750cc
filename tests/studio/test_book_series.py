"""A series for a caller: each date is listed first; all that is ticked is booked, or nothing."""

from datetime import date

from sqlalchemy import func, select

from booking import worker
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings import changes, moves
from booking.bookings.models import BookingRepeat, Status
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.domain.availability import Spell
from booking.domain.repeats import Clock, occurrences
from booking.domain.zones import load_zone
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.scheduling.models import HoursException
from booking.upkeep.check import findings
from tests.cast import at, book, sign_in, take_time_off
from tests.cast_classes import plan_class
from tests.studio.test_book_for import bookings, form, say, typed
from tests.web.pages import press, soup, words

WALTER = {
    "client": "Walter Caller", "person": "new", "email": "walter@example.com", "note": "Left hip",
}  # fmt: skip
STAFF = Actor("staff", 5)


def listed(browser, weeks: int, times: int, day: int = 24, **more: str):
    """The list of dates that the form leads to."""
    sent = {**WALTER, **typed(day, "10:00"), "weeks": str(weeks), "times": str(times), **more}
    return say(browser, form(browser), **sent)


def send_list(browser, page, **ticks: str):
    """Press on the list of dates as it is shown, with what is chosen in its selects."""
    pressed = press(page.select_one("main"), "Book what is ticked")
    for one in page.select("main select"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        pressed.data[one["name"]] = chosen["value"]
    return say(browser, pressed, **ticks)


def lines(page) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.select(".series-dates > li")]


def ticks(page) -> list[bool]:
    return [one.has_attr("checked") for one in page.select(".series-dates [type=checkbox]")]


def stand_in_the_way(studio, now) -> None:
    """A client on the first date but one, a day off, a class, and no room."""
    book(studio.hour, at(10, 30, day=1, month=12), now(), practitioner=studio.lena)
    take_time_off(studio, now(), at(9, day=8, month=12), at(17, day=8, month=12))
    plan_class(studio, now(), name="Morning yoga", start_minute=600, first_on=date(2026, 12, 15),
               last_on=date(2026, 12, 15))  # fmt: skip
    book(studio.hour, at(10, day=22, month=12), now(), practitioner=studio.marco, visitor="w")

    def close() -> None:
        db.session.add(HoursException(practitioner_id=studio.lena, on_date=date(2026, 12, 29)))

    transact(close)


def test_each_date_is_listed_with_what_it_is_and_nothing_is_booked_yet(lena, studio, now):
    stand_in_the_way(studio, now)
    before = len(bookings())
    page = soup(listed(lena, 1, 6))
    for line, said in zip(
        lines(page),
        [
            "Tuesday, November 24 10:00 AM free",
            "Tuesday, December 1 taken: Grace Hill is booked",
            "Tuesday, December 8 taken: time off: The dentist · nothing else is free that day",
            "Tuesday, December 15 taken: the class “Morning yoga”",
            "Tuesday, December 22 no room is free",
            "Tuesday, December 29 10:00 AM free, but outside the working hours",
        ],
        strict=True,
    ):
        assert line.startswith(said)
    # What is taken can be had at another time, but not unasked.
    assert ticks(page) == [True, False, False, False, False]
    nearest = [one.get_text() for one in page.select("#at_1 option")]
    assert nearest == ["9:00\u202fAM", "12:00\u202fPM", "12:30\u202fPM", "1:00\u202fPM"]
    assert len(bookings()) == before


def test_what_is_ticked_is_booked_at_once_and_told_by_one_mail(lena, studio, now):
    stand_in_the_way(studio, now)
    page = soup(listed(lena, 1, 6))
    answer = send_list(lena, page, take_1="y", at_1="2026-12-01T17:00Z", take_5="y")
    assert answer.status_code == 303
    mine = [one for one in bookings() if one.repeat_id]
    assert [f"{one.local_start:%m-%d %H:%M}" for one in mine] == [
        "11-24 10:00", "12-01 12:00", "12-29 10:00",
    ]  # fmt: skip
    assert {one.note for one in mine} == {"Left hip"}
    assert [(one.repeat_number, one.repeat.weeks, one.repeat.times) for one in mine] == [
        (1, 1, 3), (2, 1, 3), (3, 1, 3),
    ]  # fmt: skip
    assert "Booked for Walter Caller: 3 sessions" in words(lena.get(answer.location))
    assert "1 of 3, every week" in words(lena.get("/studio/day/2026-11-24"))
    [mail] = told("walter@example.com")
    assert mail.kind == "dates"
    assert mail.body_text.count("/manage/") == 3
    assert mail.calendar_text.count("BEGIN:VEVENT") == 3
    assert findings(now()) == []
    again = send_list(lena, page, take_1="y", at_1="2026-12-01T17:00Z", take_5="y")
    assert again.location == answer.location
    assert db.session.scalar(select(func.count(BookingRepeat.id))) == 1


def told(address: str) -> list[OutgoingMail]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.to_address == address, OutgoingMail.state != MailState.VOID)
            .order_by(OutgoingMail.id)
        )
    )


def test_what_is_no_longer_as_it_was_listed_is_said_and_none_is_booked(lena, studio, now):
    page = soup(listed(lena, 1, 3))
    book(studio.hour, at(10, day=1, month=12), now(), practitioner=studio.lena)

    def close() -> None:
        db.session.add(
            HoursException(
                practitioner_id=studio.lena, on_date=date(2026, 12, 8),
                **dict(zip(("opens_minute", "closes_minute"), Spell(720, 900), strict=True)),
            )
        )  # fmt: skip

    transact(close)
    answer = send_list(lena, page)
    assert answer.status_code == 409
    assert "Meanwhile it has become otherwise on Tue, Dec 1, Tue, Dec 8." in words(answer)
    assert [one.repeat_id for one in bookings()] == [None]
    assert db.session.scalars(select(Person.name).where(Person.name.like("Walter%"))).all() == []
    fresh = soup(answer)
    assert ticks(fresh) == [True, False, True]
    assert send_list(lena, fresh).status_code == 303
    assert [one.local_start.day for one in bookings() if one.repeat_id] == [24, 8]


def repeated(lena, times: int = 3) -> list[int]:
    assert send_list(lena, soup(listed(lena, 2, times))).status_code == 303
    return [one.id for one in bookings()]


def test_undo_takes_the_whole_series_back_and_nobody_is_told(lena, now):
    ids = repeated(lena)
    page = soup(lena.get(f"/studio/day/2026-11-24?booked={ids[0]}"))
    say(lena, press(page, "Undo"))
    assert {one.status for one in bookings()} == {Status.UNDONE}
    now.forward(minutes=4)
    worker.turn()
    assert told("walter@example.com") == []
    assert findings(now()) == []


def test_the_mail_tells_the_rest_of_what_changes_before_it_leaves(lena, studio, now):
    first, second, third = repeated(lena)
    transact(changes.cancel, first, STAFF, practice.current(), now())
    transact(move, second, studio, now)
    now.forward(minutes=4)
    worker.turn()
    kinds = {one.kind: one for one in told("walter@example.com")}
    assert set(kinds) == {"dates", "cancelled_by_studio", "confirmed"}
    assert kinds["dates"].body_text.count("/manage/") == 1
    assert kinds["confirmed"].about == f"booking:{second}"
    assert findings(now()) == []
    transact(changes.cancel, third, Actor("client", 1), practice.current(), now())
    transact(changes.cancel, second, Actor("client", 1), practice.current(), now())
    assert [one.kind for one in told("walter@example.com")].count("cancelled") == 2


def test_a_session_of_a_told_series_moves_as_any_other(lena, studio, now):
    _first, second, _third = repeated(lena)
    now.forward(minutes=4)
    worker.turn()
    transact(move, second, studio, now)
    now.forward(minutes=4)
    worker.turn()
    dates, changed = told("walter@example.com")
    assert (dates.kind, changed.kind) == ("dates", "changed")
    assert "Tuesday, December 8, 10:00" in changed.body_text.replace("\u202f", " ")


def move(booking_id: int, studio, now) -> None:
    terms = terms_of([find_option(studio.hour)])[studio.hour].only(studio.lena)
    start = at(14, day=8, month=12)
    moves.move(booking_id, terms, start, Actor("client", 1), practice.current(), now())


def test_a_manager_s_series_reaches_the_practitioner_in_one_mail(app, studio, now):
    mara = app.test_client()
    sign_in(mara, studio.accounts["mara"], now())
    send_list(mara, soup(listed(mara, 8, 2, practitioner=str(studio.lena))))
    [mail] = told("lena@heronlane.example")
    assert mail.kind == "studio_dates"
    assert mail.body_text.count("10:00") == 2


def test_the_wall_time_stays_over_both_changes_of_the_clocks():
    zone = load_zone("America/New_York")
    spring = list(occurrences(at(2, 30, day=1, month=3), 1, 3, zone))
    assert [one.clock for one in spring] == [Clock.PLAIN, Clock.SKIPPED, Clock.PLAIN]
    assert [f"{one.starts_at.astimezone(zone):%m-%d %H:%M}" for one in spring] == [
        "03-01 02:30", "03-08 03:00", "03-15 02:30",
    ]  # fmt: skip
    autumn = list(occurrences(at(0, 30, day=25, month=10), 1, 3, zone))
    assert [one.clock for one in autumn] == [Clock.PLAIN, Clock.TWICE, Clock.PLAIN]
    assert [f"{one.starts_at.astimezone(zone):%m-%d %H:%M %Z}" for one in autumn] == [
        "10-25 01:30 EDT", "11-01 01:30 EDT", "11-08 01:30 EST",
    ]  # fmt: skip
    # The first is what was said, also where it is the second of two.
    assert next(occurrences(at(1, 30, day=1), 1, 2, zone)).starts_at == at(1, 30, day=1)


def test_a_series_over_the_change_of_the_clocks_says_so_on_its_date(lena, studio, now):
    sent = {**WALTER, "weeks": "1", "times": "2", "start": "typed", "time": "02:30"}
    page = say(lena, form(lena), **sent, day="2027-03-07")
    assert "the clocks go forward: it would begin at 3:00 AM" in words(page)
