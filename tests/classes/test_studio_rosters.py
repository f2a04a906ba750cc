"""Who comes to a class, as the studio sees it: named, marked, given a place at the door."""

from datetime import datetime

from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.classes.models import ClassSession
from booking.mail.models import MailState, OutgoingMail
from booking.upkeep.check import findings
from tests.cast import at, sign_in
from tests.cast_classes import plan_class, take, wait
from tests.rows import fresh
from tests.web.pages import press, send, soup, words


def come_back(browser, studio, now, when: datetime) -> None:
    """Let time pass; who was idle for long signs in again."""
    now.set(when)
    sign_in(browser, studio.accounts["lena"], now())


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


def test_the_day_shows_a_class_once_with_its_places(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    page = lena.get("/studio/day/2026-11-24")
    assert len(soup(page).select(".session")) == 1
    assert "2 of 2 places 1 waiting" in words(page)


def test_a_walk_in_sent_twice_is_one_person(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}"))
    form = press(page, "Give a place")
    for _press in range(2):
        assert send(lena, form, regular="0", name="Hugo Wills").status_code == 303
    assert [one.name for one in fresh(Person)].count("Hugo Wills") == 1
