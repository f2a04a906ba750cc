"""The editor of a service: lengths inside, a preview that saves nothing, two people at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.accounts.models import Audit
from booking.bookings.models import Booking
from booking.catalog.edit_forms import DRAWINGS
from booking.catalog.models import Service, ServiceOption
from booking.database import db, transact
from booking.practice.models import Practice
from booking.scheduling.models import TimeClaim
from tests.cast import at, book, book_held, hold
from tests.web.pages import press, soup, words

PAGE = "/studio/settings/services/1"


def form_of(client, path: str = PAGE, save: str = "Save") -> dict[str, str]:
    """All that the page's form would send as it was opened, its texts and choices too."""
    page = soup(client.get(path))
    typed = {area["name"]: area.get_text().strip() for area in page.find_all("textarea")}
    radios = {one["name"]: one["value"] for one in page.select("input[type=radio][checked]")}
    selects = {
        one.find_parent("select")["name"]: one["value"] for one in page.select("option[selected]")
    }
    return {**press(page, save).data, **typed, **radios, **selects}


def lengths(service_id: int) -> list[tuple]:
    db.session.rollback()
    query = select(ServiceOption).where(ServiceOption.service_id == service_id)
    found = db.session.scalars(query.order_by(ServiceOption.position))
    return [(one.minutes, one.price_cents, one.is_archived) for one in found]


def test_a_service_is_added_with_its_lengths_and_can_be_booked(mara, studio):
    page = "/studio/settings/services/new"
    typed = {
        **form_of(mara, page), "name": "Fußpflege", "minutes_n1": "40", "price_n1": "62,50",
        "minutes_n2": "20", "price_n2": "$35", "after": "10", "category": "1",
    }  # fmt: skip
    typed.pop(f"who_{studio.marco}")
    answer = mara.post(page, data=typed)
    service = db.session.scalars(select(Service).where(Service.name == "Fußpflege")).one()
    assert answer.location == f"/studio/settings/services/{service.id}"
    assert (service.slug, service.after_minutes) == ("fusspflege", 10)
    assert [one.id for one in service.practitioners] == [studio.lena]
    assert lengths(service.id) == [(40, 6250, False), (20, 3500, False)]
    shown = words(mara.get("/services/fusspflege"))
    assert "40 minutes $62.50 20 minutes $35" in shown
    assert db.session.scalars(select(Audit).where(Audit.action == "created")).one().subject == (
        f"service:{service.id}"
    )


def test_a_change_touches_no_booking_and_keeps_the_address(mara, studio, now):
    booked = book(studio.hour, at(10), now())
    terms = (booked.service_name, booked.price_cents, booked.minutes, booked.after_minutes)
    changed = {"name": "Deep work", "minutes_1": "75", "price_1": "120", "after": "30"}
    answer = mara.post(PAGE, data={**form_of(mara), **changed})
    assert answer.status_code == 303
    db.session.rollback()
    booked = db.session.get_one(Booking, booked.id)
    assert (
        booked.service_name, booked.price_cents, booked.minutes, booked.after_minutes
    ) == terms == ("Massage", 9500, 60, 15)  # fmt: skip
    assert "Deep work" in words(mara.get("/services/massage"))
    row = db.session.scalars(select(Audit).where(Audit.subject == "service:1")).one()
    assert row.details == {
        "fields": ["after_minutes", "name"], "was": ["60/9500", "90/13550"],
        "to": ["75/12000", "90/13550"],
    }  # fmt: skip
    assert mara.post(PAGE, data=form_of(mara)).status_code == 303  # Nothing is changed by that.
    db.session.rollback()
    assert db.session.query(Audit).filter_by(subject="service:1").count() == 1


def test_a_preview_shows_all_and_saves_nothing(mara):
    typed = {**form_of(mara), "name": "Deep work", "about": "**Slow.**", "price_1": "99,90"}
    answer = mara.post(PAGE, data={**typed, "press": "preview"})
    page = soup(answer)
    preview = page.select_one(".preview")
    assert "60 min $99.90" in " ".join(preview.get_text(" ").split())
    assert preview.select_one("strong").get_text() == "Slow."
    assert page.select_one("#name")["value"] == "Deep work"
    db.session.rollback()
    assert db.session.get_one(Service, 1).name == "Massage"
    typed = {**typed, **press(page.select_one("#service-form"), "Save").data}
    assert mara.post(PAGE, data=typed).status_code == 303
    assert lengths(1)[0] == (60, 9990, False)


def test_lengths_are_put_in_order_and_added_before_anything_is_saved(mara):
    typed = {**form_of(mara), "name": "", "price_2": "9x"}
    page = soup(mara.post(PAGE, data={**typed, "press": "up_2"}))
    assert page.select_one("[name=order]")["value"] == "2,1,n1"
    assert page.select_one("[name=price_2]")["value"] == "9x"
    typed["order"] = "2,1,n1"
    page = soup(mara.post(PAGE, data={**typed, "press": "more"}))
    assert page.select_one("[name=order]")["value"] == "2,1,n1,n2"
    changed = {
        "order": "2,1,n1,n2", "name": "Massage", "price_2": "130", "over_1": "y",
        "minutes_n2": "120", "price_n2": "170",
    }  # fmt: skip
    assert mara.post(PAGE, data={**typed, **changed}).status_code == 303
    assert lengths(1) == [(90, 13000, False), (60, 9500, True), (120, 17000, False)]
    assert "60 min" not in words(mara.get("/kinds/massage"))
    back = form_of(mara)
    assert back.pop("over_1") == "y"
    mara.post(PAGE, data=back)
    assert lengths(1)[2] == (60, 9500, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "  "}, "Please type a name."),
        ({"name": "tráining"}, "There is one called “tráining” already"),
        ({"minutes_1": "4"}, "Please type a whole number from 5 to 720."),
        ({"minutes_1": ""}, "Please type how many minutes."),
        ({"price_1": "9.505"}, "Please type a price like 95.50."),
        ({"price_1": "-1"}, "Please type a price from 0 to 100,000."),
        ({"minutes_n1": "45"}, "Please type a price."),
        ({"minutes_n1": "90", "price_n1": "1"}, "There is another length of as many minutes."),
        ({"after": "241"}, "Please type a whole number from 0 to 240."),
        ({"category": "77"}, "Not a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(mara, typed, sentence):
    answer = mara.post(PAGE, data={**form_of(mara), "about": "Kept.", **typed})
    assert answer.status_code in {409, 422}
    assert sentence in words(answer)
    assert "Kept." in words(answer)
    assert lengths(1) == [(60, 9500, False), (90, 13550, False)]


def test_the_second_of_two_sees_what_the_first_has_saved(mara, studio, app):
    mine, theirs = form_of(mara), form_of(mara)
    theirs |= {"name": "Slow massage", "price_1": "100", "minutes_n1": "30", "price_n1": "55"}
    theirs.pop(f"who_{studio.marco}")
    assert mara.post(PAGE, data=theirs).status_code == 303
    answer = mara.post(PAGE, data={**mine, "name": "Quick massage"})
    said = words(answer)
    assert answer.status_code == 409
    for other in ("Slow massage", "100.00", "Marco Reyes: not ticked"):
        assert f"changed by somebody else to: {other}" in said
    page = soup(answer)
    assert page.select_one("#name")["value"] == "Quick massage"
    assert page.select_one("[name=minutes_4]")["value"] == "30"  # Theirs, which mine did not know.
    again = {
        **mine,
        "name": "Quick massage",
        **press(page.select_one("#service-form"), "Save").data,
    }
    assert mara.post(PAGE, data=again).status_code == 303
    assert lengths(1)[0] == (60, 9500, False)
    assert (30, 5500, False) in lengths(1)


def test_prices_are_read_as_people_type_them(mara, app):
    def speak_spanish() -> None:
        row = db.session.get_one(Practice, 1)
        row.locale, row.currency = "es_ES", "EUR"

    transact(speak_spanish)
    shown = form_of(mara, save="Guardar")
    assert shown["price_2"] == "135,50"
    mara.post(PAGE, data={**shown, "price_1": "1.095", "price_2": "95,5 €"})
    assert [one[1] for one in lengths(1)] == [109500, 9550]


@pytest.mark.parametrize("change", [{"price_cents": 10500}, {"minutes": 75}])
def test_a_held_time_is_booked_only_on_terms_that_were_shown(client, studio, now, change):
    path = client.post("/book", data={"option": studio.hour, "start": "2026-11-24T15:00Z"}).location
    first = press(soup(client.get(path)), "Book this session").data
    transact(_change_hour, studio, change)
    typed = {"name": "Grace", "email": "grace@example.com", "policy": "y", "option": studio.hour}
    answer = client.post(path, data={**first, **typed})
    assert answer.status_code == 409
    assert "The studio has changed this session" in words(answer)
    assert db.session.query(Booking).count() == 0
    now_shown = press(soup(answer), "Book this session").data
    assert client.post(path, data={**now_shown, **typed}).status_code == 303
    db.session.rollback()
    booked = db.session.query(Booking).one()
    option = db.session.get_one(ServiceOption, studio.hour)
    assert (booked.minutes, booked.price_cents) == (option.minutes, option.price_cents)


def _change_hour(studio, change: dict) -> None:
    for name, value in change.items():
        setattr(db.session.get_one(ServiceOption, studio.hour), name, value)


def test_a_held_time_that_has_become_longer_takes_what_it_needs(studio, now):
    """The turnover grew while the time was held: the next guest is kept off by the new one."""
    held = hold(studio.hour, at(10), "visitor", now())
    transact(lambda: setattr(db.session.get_one(Service, studio.massage), "after_minutes", 45))
    booked = book_held(held.token, studio.hour, now())
    taken = db.session.scalars(select(TimeClaim).where(TimeClaim.claim_id == booked.claim_id))
    assert {one.ends_at for one in taken} == {at(11, 45)}
    assert booked.ends_at == at(10) + timedelta(hours=1)


def test_a_held_time_of_what_is_archived_is_not_booked(client, studio, now):
    path = client.post("/book", data={"option": studio.hour, "start": "2026-11-24T15:00Z"}).location
    typed = {"name": "Grace", "email": "g@example.com", "policy": "y", "option": studio.hour}
    transact(lambda: setattr(db.session.get_one(Service, studio.massage), "is_archived", True))
    answer = client.post(path, data=typed)
    assert answer.status_code == 409
    assert "no longer offers this session" in words(answer)
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/let-go").location == "/"


def test_each_drawing_that_is_offered_is_drawn(mara):
    page = soup(mara.get(PAGE))
    drawn = {str(one.select_one("svg")) for one in page.select(".drawings label")}
    assert len(drawn) == len(DRAWINGS) == 7
