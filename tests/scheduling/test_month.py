"""The month to jump by: the same openings as the week strip counts, asked as cheaply."""

import pytest

from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.practice import queries as practice
from booking.scheduling.models import HoursException, OpeningHours
from booking.scheduling.month import month_for
from booking.scheduling.week import week_for
from tests.cast import at, book
from tests.cast_classes import plan_class
from tests.scheduling.test_pages import times
from tests.statements.crowd import count
from tests.web.pages import soup, words

PATH = "/services/massage/month/{}"


def test_a_month_names_each_day_with_its_times_and_leads_to_them(client, studio, now):
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    page = client.get(f"{PATH.format('2026-11')}?option={studio.hour}&with={studio.lena}")
    said = words(page)
    assert "November 2026" in said
    assert "Tuesday, November 24: 10 times" in said
    assert "Saturday, November 28: none" in said
    link = soup(page).select_one(".month a[href*='2026-11-24']")["href"]
    assert f"option={studio.hour}" in link
    assert f"with={studio.lena}" in link
    assert len(times(client.get(link))) == 10
    assert (
        soup(client.get(link))
        .select_one(".to-month a")["href"]
        .startswith(PATH.format("2026-11") + f"?option={studio.hour}&with={studio.lena}")
    )


def test_every_day_counts_what_its_own_page_offers(client, studio, now):
    """Also on the days around the change of the clocks, with hours past midnight."""
    now.set(at(12, day=5, month=10))

    def odd_hours() -> None:
        for weekday, opens, closes in ((5, 1200, 1440), (6, 0, 240), (6, 1380, 1440), (0, 0, 60)):
            db.session.add(
                OpeningHours(
                    practitioner_id=studio.lena, weekday=weekday, opens_minute=opens,
                    closes_minute=closes,
                )
            )  # fmt: skip
        db.session.add(HoursException(practitioner_id=studio.lena, on_date=at(0, day=6).date()))

    transact(odd_hours)
    plan_class(studio, now())
    for number in range(5):
        book(studio.hour, at(9 + number, day=3 + number % 3), now(), visitor=f"v{number}",
             practitioner=(studio.lena, studio.marco)[number % 2])  # fmt: skip
    terms = terms_of([find_option(studio.hour)])[studio.hour]
    for first in (at(0, day=1, month=10).date(), at(12, day=1).date()):
        month = month_for(terms, first, practice.current(), practice.current().policy, now(), 6)
        days = [one for week in month.weeks for one in week if one]
        assert len(days) in {30, 31}
        for one in days:
            if one.is_open:
                assert (
                    one.count
                    == week_for(
                        terms, one.day, practice.current(), practice.current().policy, now()
                    ).chosen.count
                )
        assert sum(one.count for one in days) > 100


def test_the_arrows_stay_within_what_may_be_booked(client, studio):
    assert "November 2026" in words(client.get(PATH.format("2026-10"), follow_redirects=True))
    assert "January 2027" in words(client.get(PATH.format("2031-01"), follow_redirects=True))
    page = soup(client.get(PATH.format("2027-01")))
    assert [one["href"][:31] for one in page.select("a.arrow")] == [PATH.format("2026-12")]
    assert "Friday, January 22:" in page.get_text()
    assert page.select("a[href*='2027-01-25']") == []  # A Monday, but too far ahead.
    middle = soup(client.get(PATH.format("2026-12")))
    assert len(middle.select("a.arrow")) == 2


@pytest.mark.parametrize("text", ["2026-13", "2026", "26-01", "2026-1", "x", "1999-12"])
def test_what_is_no_month_is_not_there(client, studio, text):
    assert client.get(PATH.format(text)).status_code == 404


def test_a_month_asks_no_more_than_a_day(client, studio, statements):
    """And no more of a full one: tests/statements/test_full_calendar.py."""
    month = count(client, statements, PATH.format("2026-12"))
    assert month <= count(client, statements, "/services/massage?day=2026-12-01")
