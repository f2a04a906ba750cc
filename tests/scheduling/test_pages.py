"""The pages on which a time is chosen."""

import pytest

from booking.catalog.models import Service
from booking.database import db, transact
from booking.scheduling.models import HoursException, OpeningHours
from tests.cast import at, book
from tests.web.pages import press, soup, words


def times(page) -> list[str]:
    buttons = soup(page).select(".times .time")
    return [" ".join(button.get_text().replace("\u202f", " ").split()) for button in buttons]


def test_home_shows_each_service_with_prices_and_its_next_two_openings(client, studio):
    page = client.get("/")
    assert "60 min $95 90 min $135.50" in words(page)
    card = soup(page).select(".card")[0]
    assert [one["value"] for one in card.select("button")] == [
        "2026-11-23T15:00Z",
        "2026-11-23T15:30Z",
    ]


def test_a_service_page_offers_the_first_day_with_openings(client, studio, now):
    now.set(at(16, day=27))
    page = client.get("/services/massage")
    assert "Monday, November 30" in words(page)
    assert times(page)[0] == "9:00 AM"


def test_times_are_those_between_hours_and_bookings(client, studio, now):
    book(studio.hour, at(10), now())
    shown = times(client.get("/services/massage?day=2026-11-24"))
    # One room: whoever is asked for, nothing overlaps 10:00 to 11:15, turnover included.
    assert shown == [
        "11:30 AM", "12:00 PM", "12:30 PM", "1:00 PM", "1:30 PM", "2:00 PM", "2:30 PM",
        "3:00 PM", "3:30 PM", "4:00 PM",
    ]  # fmt: skip


def test_a_strip_counts_the_openings_of_each_day(client, studio):
    days = soup(client.get("/services/massage?day=2026-11-24")).select(".day small")
    assert [day.get_text().strip() for day in days] == [
        "13 free", "15 free", "15 free", "15 free", "15 free", "none", "none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["day=x", "option=999", "with=999", "day=1999-01-01", "day=9999-12-31"]
)
def test_an_address_that_makes_no_sense_leads_to_what_does(client, studio, query):
    assert client.get(f"/services/massage?{query}").status_code == 200


def test_an_exception_closes_a_day(client, studio):
    def close() -> None:
        for one in (studio.lena, studio.marco):
            db.session.add(HoursException(practitioner_id=one, on_date=at(0).date()))

    transact(close)
    assert times(client.get("/services/massage?day=2026-11-24")) == []


def test_several_spells_a_day_leave_the_lunch_break_free(client, studio):
    def split() -> None:
        db.session.query(OpeningHours).delete()
        for opens, closes in ((540, 660), (780, 900)):
            db.session.add(
                OpeningHours(
                    practitioner_id=studio.lena, weekday=1, opens_minute=opens, closes_minute=closes
                )
            )

    transact(split)
    shown = times(client.get("/services/massage?day=2026-11-24"))
    assert shown == ["9:00 AM", "9:30 AM", "10:00 AM", "1:00 PM", "1:30 PM", "2:00 PM"]


def test_one_practitioner_can_be_asked_for(client, studio):
    page = soup(client.get(f"/services/massage?day=2026-11-24&with={studio.marco}"))
    assert press(page, "9:00 AM").data["practitioner"] == str(studio.marco)


def test_a_hidden_service_is_found_by_who_knows_it(client, studio):
    def hide() -> None:
        db.session.get_one(Service, studio.massage).is_hidden = True

    transact(hide)
    assert "/services/massage" not in client.get("/").get_data(as_text=True)
    assert client.get("/services/massage").status_code == 200


def test_each_day_is_a_link_that_keeps_length_and_person(client, studio):
    page = soup(client.get(f"/services/massage?option={studio.long}&with={studio.lena}"))
    href = page.select(".day")[2]["href"]
    assert f"option={studio.long}" in href
    assert f"with={studio.lena}" in href


def test_an_empty_studio_says_so(client, app):
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing can be booked here yet" in words(page)


def test_the_hour_that_comes_twice_is_named(client, studio, now):
    now.set(at(12, day=20, month=10))

    def open_at_night() -> None:
        db.session.add(
            OpeningHours(practitioner_id=studio.lena, weekday=6, opens_minute=0, closes_minute=180)
        )

    transact(open_at_night)
    shown = times(client.get("/services/massage?day=2026-11-01"))
    assert "1:00 AM (Eastern Daylight Time)" in shown
    assert "1:00 AM (Eastern Standard Time)" in shown
