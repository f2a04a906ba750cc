"""Classes as the studio plans them: what a plan needs, for whom one plans, which rules hold."""

from datetime import date

import pytest

from booking.classes.models import ClassSeries
from booking.practice.models import Practice
from tests.cast_classes import plan_class
from tests.rows import fresh
from tests.web.pages import press, send, soup, words

PLAN = {
    "name": "Pilates on the mat", "service": 3, "room": 0, "first_on": "2026-12-02",
    "start": "18:30", "minutes": 55, "capacity": 8, "price": "22.50", "level": "all",
    "waitlist_mode": "offer",
}  # fmt: skip


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


def test_rules_are_changed_by_the_manager(mara, lena, now, first):
    page = soup(mara.get("/studio/classes/rules"))
    answer = send(mara, press(page, "Save"), cancel_hours="6", offer_minutes="20")
    assert answer.status_code == 303
    overtaken = send(mara, press(page, "Save"), weeks="9")
    assert overtaken.status_code == 409
    assert "Meanwhile changed by somebody else to: 6" in words(overtaken)
    rules = fresh(Practice)[0]
    assert (rules.class_cancel_minutes, rules.offer_minutes, rules.policy_version) == (360, 20, 2)
    assert lena.get("/studio/classes/rules").status_code == 403


def test_a_teacher_sees_only_her_own_classes(lena, studio, now, first):
    plan_class(studio, now(), name="Marco's own", practitioner_id=studio.marco, weekday=2,
               first_on=date(2026, 11, 25))  # fmt: skip
    page = words(lena.get("/studio/classes"))
    assert "Gentle yoga" in page
    assert "Marco's own" not in page


def test_a_plan_sent_twice_is_one_series(lena, studio, first):
    for _press in range(2):
        lena.post("/studio/classes/new", data=PLAN | {"practitioner": studio.lena})
    assert len(fresh(ClassSeries)) == 2
