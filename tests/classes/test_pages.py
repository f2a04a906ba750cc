"""The pages of classes: found, filtered, booked by guests and families, waited for, kept safe."""

from datetime import date

import pytest

from booking.accounts import people
from booking.accounts.models import Account, Person
from booking.bookings.links import enrolment_link, make_link
from booking.bookings.models import Booking, Enrolment, Status
from booking.classes.models import ClassSession, Level
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from tests.cast import at, sign_in
from tests.cast_classes import plan_class, take, wait
from tests.web.pages import soup

GUEST = {
    "attempt": "a-token-of-this-very-page", "kind": "drop_in", "name": "Grace Hill",
    "email": "grace@example.com", "policy": "y",
}  # fmt: skip


def rows(client, path: str) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in soup(client.get(path)).select(".class")]


def count(model: type) -> int:
    db.session.rollback()
    return db.session.query(model).count()


def test_the_timetable_says_what_when_with_whom_and_how_many_places_are_left(client, first, now):
    take(first, now(), "Grace Hill")
    (row,) = rows(client, "/classes")
    for words in (
        "6:00",
        "PM",
        "60 minutes",
        "Gentle yoga",
        "Lena Hartmann",
        "Hall",
        "1 place left",
    ):
        assert words in row


def test_a_full_class_says_how_many_wait(client, first, now):
    take(first, now(), "Grace Hill", "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    (row,) = rows(client, "/classes")
    assert "full, 1 waiting" in row
    assert "Wait for a place" in row


def test_the_timetable_is_filtered_by_kind_teacher_and_level(client, studio, first, now):
    plan_class(studio, now(), name="Hard yoga", weekday=2, first_on=date(2026, 11, 25),
               level=Level.ADVANCED, practitioner_id=studio.marco)  # fmt: skip
    kind = db.session.get_one(ClassSession, first).series.service.category_id
    assert len(rows(client, f"/classes?kind={kind}")) == 2
    assert len(rows(client, f"/classes?teacher={studio.marco}")) == 1
    assert len(rows(client, "/classes?level=advanced")) == 1
    assert rows(client, "/classes?kind=1") == []


@pytest.mark.parametrize(
    "query", ["week=never", "week=9999-12-31", "week=1", "kind=x", "level=high", "teacher=-1",
              "kind=99999999999999999999", "week=2026-11-24&week=2026-12-01"]
)  # fmt: skip
def test_a_strange_address_shows_a_timetable_all_the_same(client, first, query):
    assert client.get(f"/classes?{query}").status_code == 200


def test_weeks_lead_on_and_back(client, first):
    page = soup(client.get("/classes"))
    following = page.select_one(".weeks a")["href"]
    assert len(rows(client, following)) == 1
    assert "Week before" in client.get(following).text


def test_a_class_of_today_that_has_begun_is_shown_and_not_offered(client, first, now):
    now.set(at(18, 5))
    (row,) = [one for one in rows(client, "/classes") if "has begun" in one]
    assert "Book" not in row
    assert "has begun" in client.get(f"/classes/book/{first}").text


def test_a_guest_books_two_places_and_lands_on_what_was_booked(client, first):
    answer = client.post(f"/classes/book/{first}", data={**GUEST, "companion_1": "Tom Wexler"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Grace Hill" in page
    assert "Tom Wexler" in page
    assert count(Booking) == 2
    again = client.post(f"/classes/book/{first}", data={**GUEST, "companion_1": "Tom Wexler"})
    assert again.location == answer.location
    assert count(Booking) == 2


def test_a_single_place_lands_on_its_booking(client, first):
    answer = client.post(f"/classes/book/{first}", data=GUEST)
    assert "/manage/" in answer.location
    page = client.get(answer.location).text
    assert "It is booked." in page
    assert "/move" not in page
    assert client.get(f"{answer.location}/move").status_code == 422
    assert "cannot be moved" in client.get(f"{answer.location}/move").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, first):
    wrong = {
        **GUEST,
        "email": "grace at example",
        "policy": "",
        "companion_1": "www.evil.example/x",
    }
    answer = client.post(f"/classes/book/{first}", data=wrong)
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("#name")["value"] == "Grace Hill"
    assert page.select_one("details").has_attr("open")
    assert len(page.select(".field .error")) == 3
    assert count(Booking) == 0


def test_a_family_books_for_those_it_ticks(client, studio, first, now):
    def add_child() -> int:
        ada = db.session.get_one(Account, studio.accounts["ada"])
        return people.add(ada, "Cleo", "", is_minor=True, now=now()).id

    child = transact(add_child)
    sign_in(client, studio.accounts["ada"], now())
    token = {"attempt": GUEST["attempt"], "kind": "drop_in", "policy": "y"}
    nobody = client.post(f"/classes/book/{first}", data=token)
    assert (nobody.status_code, "Please choose who comes." in nobody.text) == (422, True)
    client.post(f"/classes/book/{first}", data={**token, f"who_{child}": "y"})
    (place,) = db.session.query(Booking)
    assert (place.person_id, place.booked_by_id) == (child, studio.accounts["ada"])


def test_nobody_books_for_other_people_s_people(client, studio, first, now):
    bob = people.own_person(db.session.get_one(Account, studio.accounts["bob"])).id
    sign_in(client, studio.accounts["ada"], now())
    data = {"attempt": GUEST["attempt"], "kind": "drop_in", "policy": "y", f"who_{bob}": "y"}
    assert client.post(f"/classes/book/{first}", data=data).status_code == 422
    assert count(Booking) == 0


def test_a_class_that_has_filled_meanwhile_offers_the_line(client, first, now):
    take(first, now(), "Tom Wexler", "Ines Rocha")
    answer = client.post(f"/classes/book/{first}", data=GUEST)
    assert answer.status_code == 409
    assert "Put me on the list" in answer.text
    assert "not enough places" in answer.text


def test_the_only_places_left_are_fewer_than_wanted(client, first, now):
    take(first, now(), "Ines Rocha")
    answer = client.post(f"/classes/book/{first}", data={**GUEST, "companion_1": "Tom Wexler"})
    assert answer.status_code == 409
    page = soup(answer)
    assert page.select_one("#companion_1")["value"] == "Tom Wexler"
    assert page.select_one("button[data-once]").get_text(strip=True) == "Book"


def test_undoing_what_was_booked_at_once(client, first, now):
    made = take(first, now(), "Tom Wexler", "Ines Rocha")
    link = enrolment_link(made)
    answer = client.post(f"/places/{link}/undo", data={"revision": 1})
    assert answer.location == "/classes/gentle-yoga"
    db.session.rollback()
    assert {one.status for one in db.session.query(Booking)} == {Status.UNDONE}
    assert client.post(f"/places/{link}/undo", data={"revision": 1}).status_code == 409


def test_a_term_by_its_page(client, studio, now):
    plan_class(studio, now(), term_cents=1500, last_on=date(2026, 12, 15))
    page = client.get("/classes/gentle-yoga").text
    assert "4 classes" in page
    assert "$60" in page
    data = {key: GUEST[key] for key in ("attempt", "name", "email", "policy")}
    answer = client.post("/classes/gentle-yoga/term", data=data)
    assert "/places/" in answer.location
    assert count(Booking) == 4
    assert client.get("/classes/no-such-class/term").status_code == 404


def test_a_series_without_a_term_has_no_term_page(client, first):
    assert client.get("/classes/gentle-yoga/term").status_code == 404


@pytest.mark.parametrize("token", ["", "short", "x" * 70, "white space in it", "é" * 20])
def test_a_token_that_no_page_of_ours_has_is_refused(client, first, token):
    assert (
        client.post(f"/classes/book/{first}", data={**GUEST, "attempt": token}).status_code == 422
    )
    assert count(Enrolment) == 0


def test_my_bookings_show_places_and_lines(client, studio, first, now):
    from booking.bookings.clients import Details, Party

    take(first, now(), account="ada", studio=studio, party=Party(Details("", "")))
    take(first, now(), "Tom Wexler")
    wait(first, now(), "Grace Hill")

    def come_under() -> None:
        grace = db.session.query(Person).filter_by(name="Grace Hill").one()
        grace.account_id = studio.accounts["ada"]

    transact(come_under)
    sign_in(client, studio.accounts["ada"], now())
    page = client.get("/my/bookings").text
    assert "Gentle yoga, 60 minutes" in page
    assert "Waiting lists" in page
    assert "You are the first in line." in page
    assert "/move" not in page


def test_an_entry_for_the_calendar(client, first, now):
    place = take(first, now(), "Grace Hill").places[0]
    text = client.get(f"/manage/{make_link(place)}/calendar.ics").text
    assert "SUMMARY:Gentle yoga" in text
    assert "20261124T180000" in text


def test_a_guest_learns_nothing_of_an_address_s_owner(client, studio, now):
    """Who types Ada's address gets a trial place, whatever Ada has had: the roster shows it."""
    ids = plan_class(studio, now(), trial_cents=900)
    as_ada = {**GUEST, "email": "ada@example.com", "kind": "trial"}
    for number, session_id in enumerate(ids[:2]):
        data = {**as_ada, "attempt": f"a-token-of-this-page-{number}"}
        assert client.post(f"/classes/book/{session_id}", data=data).status_code == 303
    assert {one.price_cents for one in db.session.query(Booking)} == {900}


def test_a_mail_says_who_comes_and_nothing_else(client, first, now):
    note = {**GUEST, "note": "My sore hip.", "companion_1": "Tom Wexler"}
    client.post(f"/classes/book/{first}", data=note)
    mails = db.session.query(OutgoingMail).all()
    assert mails
    assert not [mail for mail in mails if "sore hip" in mail.body_text + mail.body_html]
