"""The studio's side of classes: planned, marked, changed, called off, written to."""

from datetime import date, datetime

import pytest

from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db
from booking.mail.models import MailState, OutgoingMail
from booking.practice.models import Practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.cast_classes import plan_class, take, wait
from tests.web.pages import press, send, soup, words

PLAN = {
    "name": "Pilates on the mat", "service": 3, "room": 0, "first_on": "2026-12-02",
    "start": "18:30", "minutes": 55, "capacity": 8, "price": "22.50", "level": "all",
    "waitlist_mode": "offer",
}  # fmt: skip


@pytest.fixture
def first(studio, now) -> int:
    return plan_class(studio, now(), last_on=date(2026, 12, 15))[0]


@pytest.fixture
def lena(client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    return client


@pytest.fixture
def mara(app, studio, now):
    browser = app.test_client()
    sign_in(browser, studio.accounts["mara"], now())
    return browser


def come_back(browser, studio, now, when: datetime) -> None:
    """Let time pass; who was idle for long signs in again."""
    now.set(when)
    sign_in(browser, studio.accounts["lena"], now())


def fresh(model: type) -> list:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(model).order_by(model.id).all()


def test_a_teacher_plans_a_class_of_her_own(lena, studio, first):
    plan = PLAN | {"practitioner": studio.lena, "term": "18", "last_on": "2026-12-16"}
    answer = lena.post("/studio/classes/new", data=plan)
    assert answer.status_code == 303, words(answer)
    made = fresh(ClassSeries)[-1]
    assert (made.weekday, made.start_minute, made.price_cents) == (2, 18 * 60 + 30, 2250)
    assert (made.term_cents, made.trial_cents) == (1800, None)
    page = words(lena.get(answer.location))
    assert page.count("of 8 places") == 3


def test_a_teacher_plans_for_nobody_else(lena, studio, first):
    answer = lena.post("/studio/classes/new", data=PLAN | {"practitioner": studio.marco})
    assert answer.status_code == 422
    assert len(fresh(ClassSeries)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Please type a name."),
        ({"first_on": ""}, "Please choose the first date."),
        ({"first_on": "9999-12-30"}, "within the coming years"),
        ({"last_on": "2026-11-01"}, "No class would take place"),
        ({"start": "25:00"}, "Not a valid time"),
        ({"minutes": "4"}, "whole number from 5 to 480"),
        ({"capacity": "0"}, "whole number from 1 to 500"),
        ({"capacity": "99999999999999999999"}, "whole number from 1 to 500"),
        ({"price": "-1"}, "price from 0 to 100,000"),
        ({"price": "NaN"}, "price"),
        ({"price": "1e999999"}, "price"),
        ({"skipped": "24.12.2026"}, "is no date"),
        ({"term": "18"}, "needs a last date"),
        ({"service": "999"}, "Not a valid choice"),
        ({"level": "expert"}, "Not a valid choice"),
        ({"about": "\0"}, "cannot store"),
    ],
)
def test_a_plan_that_is_wrong_says_so_and_keeps_what_was_typed(mara, studio, first, wrong, said):
    plan = PLAN | {"practitioner": studio.marco} | wrong
    answer = mara.post("/studio/classes/new", data=plan)
    assert answer.status_code == 422
    assert said in words(answer)
    if "name" not in wrong:
        assert soup(answer).select_one("#name")["value"] == "Pilates on the mat"
    assert len(fresh(ClassSeries)) == 1


def test_the_roster_names_who_comes_and_marks_what_matters(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    page = words(lena.get(f"/studio/classes/{first}"))
    for said in ("Grace Hill", "Tom Wexler", "new", "2 of 2 places", "Ines Rocha"):
        assert said in page


def test_a_second_trial_of_one_address_is_marked(lena, studio, now):
    from booking.bookings.models import PlaceKind

    ids = plan_class(studio, now(), trial_cents=900)
    take(ids[0], now(), "Grace Hill", kind=PlaceKind.TRIAL)
    come_back(lena, studio, now, at(20))
    take(ids[1], now(), "Grace Hilly", kind=PlaceKind.TRIAL)
    assert "had a trial before" not in words(lena.get(f"/studio/classes/{ids[0]}"))
    assert "had a trial before" in words(lena.get(f"/studio/classes/{ids[1]}"))


def test_all_arrive_in_one_press_and_one_did_not(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    come_back(lena, studio, now, at(18, 5))
    page = soup(lena.get(f"/studio/classes/{first}"))
    send(lena, press(page, "No-show Tom Wexler"))
    send(lena, press(soup(lena.get(f"/studio/classes/{first}")), "Arrived"))
    assert [one.status for one in fresh(Booking)] == [Status.ARRIVED, Status.NO_SHOW]
    send(lena, press(soup(lena.get(f"/studio/classes/{first}")), "Take back"))
    assert Status.BOOKED in {one.status for one in fresh(Booking)}


def test_the_rest_is_marked_at_once(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    come_back(lena, studio, now, at(18, 5))
    page = soup(lena.get(f"/studio/classes/{first}"))
    send(lena, press(page, "All others arrived"))
    assert {one.status for one in fresh(Booking)} == {Status.ARRIVED}


def test_nobody_is_marked_before_the_day(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    answer = lena.post(f"/studio/classes/{first}/mark", data={"status": "no_show"})
    assert answer.status_code == 303
    assert fresh(Booking)[0].status is Status.BOOKED


def test_marking_somebody_of_another_class_is_not_there(lena, studio, now, first):
    later = fresh(ClassSession)[1].id
    other = take(later, now(), "Grace Hill").places[0].id
    come_back(lena, studio, now, at(18, 5))
    data = {"status": "arrived", "booking": other}
    assert lena.post(f"/studio/classes/{first}/mark", data=data).status_code == 404


def walk_in(browser, session_id: int, **typed):
    page = soup(browser.get(f"/studio/classes/{session_id}"))
    return send(browser, press(page, "Give a place"), **typed)


def test_somebody_at_the_door_gets_a_place(lena, studio, now, first):
    assert walk_in(lena, first, regular="0").status_code == 422
    assert walk_in(lena, first, regular="0", name="Hugo Wills").status_code == 303
    assert fresh(Booking)[0].person.name == "Hugo Wills"
    assert not [one for one in fresh(OutgoingMail) if one.state is not MailState.VOID]
    assert findings(now()) == []


def test_a_full_class_takes_one_more_only_on_purpose(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    assert walk_in(lena, first, regular="0", name="Hugo").status_code == 409
    assert walk_in(lena, first, regular="0", name="Hugo", may_overbook="y").status_code == 303
    assert "1 overbooked" in words(lena.get(f"/studio/classes/{first}"))
    assert findings(now()) == []


def test_who_came_before_is_offered_by_name(lena, studio, now, first):
    regular = take(first, now(), "Grace Hill").places[0].person_id
    come_back(lena, studio, now, at(20))
    later = fresh(ClassSession)[1].id
    assert "Grace Hill" in lena.get(f"/studio/classes/{later}").text
    assert walk_in(lena, later, regular=str(regular)).status_code == 303
    assert {one.person_id for one in fresh(Booking)} == {regular}
    assert walk_in(lena, later, regular="1").status_code == 422


def change(browser, session_id: int, **typed):
    page = soup(browser.get(f"/studio/classes/{session_id}/change"))
    form = press(page, "Save")
    for select in page.select("form select"):
        chosen = select.select_one("option[selected]")
        form.data[select["name"]] = chosen["value"]
    return send(browser, form, **typed)


def test_a_class_moves_by_a_form(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    assert change(lena, first, start="19:00").status_code == 303
    assert fresh(ClassSession)[0].starts_at == at(19)
    assert fresh(Booking)[0].starts_at == at(19)


def test_all_that_follow_move_by_the_same_form(lena, studio, now, first):
    assert change(lena, first, start="19:00", scope="following").status_code == 303
    assert {one.local_start.hour for one in fresh(ClassSession)} == {19}


def test_a_form_sent_as_it_was_changes_nothing(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    before = len(fresh(OutgoingMail))
    assert change(lena, first).status_code == 303
    assert len(fresh(OutgoingMail)) == before
    assert fresh(Booking)[0].revision == 1


def test_a_move_into_a_massage_is_refused_with_the_date(lena, studio, now, first):
    book(studio.hour, at(16), now(), practitioner=studio.lena)
    answer = change(lena, first, start="16:00")
    assert answer.status_code == 409
    assert "Tue, Nov 24" in words(answer)
    assert soup(answer).select_one("#start")["value"] == "16:00"


def test_fewer_places_than_are_taken_need_a_word(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    answer = change(lena, first, capacity="1")
    assert (answer.status_code, "2 places are taken" in words(answer)) == (409, True)
    assert change(lena, first, capacity="1", may_overbook="y").status_code == 303
    assert fresh(ClassSession)[0].overbooked == 1


def test_a_class_is_called_off_with_everything_after_it(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}/cancel"))
    answer = send(lena, press(page, "Cancel the class"), scope="following")
    assert answer.status_code == 303
    assert {one.state for one in fresh(ClassSession)} == {SessionState.CANCELLED}
    assert "cancelled" in words(lena.get("/studio/classes"))


def test_a_message_goes_to_each_alone_and_once(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    take(first, now(), "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    page = soup(lena.get(f"/studio/classes/{first}/write"))
    form = press(page, "Send")
    for _press in range(2):
        answer = send(lena, form, subject="Bring socks", text="It is cold.", waiting="y")
        assert answer.status_code == 303
    mails = [one for one in fresh(OutgoingMail) if one.kind == "class_message"]
    assert sorted(one.to_address for one in mails) == [
        "grace@example.com", "ines@example.com", "tom@example.com",
    ]  # fmt: skip
    assert not [one for one in mails if one.body_text.count("@example.com")]


def test_an_empty_message_is_not_sent(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}/write"))
    assert send(lena, press(page, "Send"), subject="", text="").status_code == 422


def test_the_day_shows_a_class_once_with_its_places(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    page = lena.get("/studio/day/2026-11-24")
    assert len(soup(page).select(".session")) == 1
    assert "2 of 2 places 1 waiting" in words(page)


def test_rules_are_changed_by_the_manager(mara, lena, now, first):
    page = soup(mara.get("/studio/classes/rules"))
    answer = send(mara, press(page, "Save"), cancel_hours="6", offer_minutes="20")
    assert answer.status_code == 303
    rules = fresh(Practice)[0]
    assert (rules.class_cancel_minutes, rules.offer_minutes, rules.policy_version) == (360, 20, 2)
    assert lena.get("/studio/classes/rules").status_code == 403


def test_a_teacher_sees_only_her_own_classes(lena, studio, now, first):
    plan_class(studio, now(), name="Marco's own", practitioner_id=studio.marco, weekday=2,
               first_on=date(2026, 11, 25))  # fmt: skip
    page = words(lena.get("/studio/classes"))
    assert "Gentle yoga" in page
    assert "Marco's own" not in page


def test_a_substitute_changes_and_calls_off_this_one_alone(app, lena, studio, now, first):
    assert change(lena, first, practitioner=str(studio.lena)).status_code == 303
    manager = app.test_client()
    sign_in(manager, studio.accounts["mara"], now())
    assert change(manager, first, practitioner=str(studio.marco)).status_code == 303
    marco = app.test_client()
    sign_in(marco, studio.accounts["marco"], now())
    answer = marco.post(f"/studio/classes/{first}/cancel", data={"scope": "following"})
    assert answer.status_code == 422
    assert {one.state for one in fresh(ClassSession)} == {SessionState.PLANNED}
    assert marco.post(f"/studio/classes/{first}/cancel", data={"scope": "this"}).status_code == 303


def test_a_walk_in_sent_twice_is_one_person(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}"))
    form = press(page, "Give a place")
    for _press in range(2):
        assert send(lena, form, regular="0", name="Hugo Wills").status_code == 303
    assert [one.name for one in fresh(Person)].count("Hugo Wills") == 1


def test_a_plan_sent_twice_is_one_series(lena, studio, first):
    for _press in range(2):
        lena.post("/studio/classes/new", data=PLAN | {"practitioner": studio.lena})
    assert len(fresh(ClassSeries)) == 2


def test_a_class_that_grows_longer_is_told(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    now.forward(minutes=4)
    turn()
    assert change(lena, first, minutes="90").status_code == 303
    (mail,) = [one for one in fresh(OutgoingMail) if one.kind == "changed"]
    assert "90 minutes" in mail.body_text
