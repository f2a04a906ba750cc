"""The studio's calendars that are given again: to the session that asked, and never too old."""

import pytest

from booking import CALENDARS
from booking.accounts.access_rules import RULES, Who
from booking.accounts.audit import GUEST
from booking.accounts.models import Account, Role
from booking.bookings import changes
from booking.database import db, transact
from booking.practice import queries as practice
from tests import cast
from tests.cast import at, book
from tests.web.pages import press, send, soup

DAY, WEEK = "/studio/day/2026-11-25", "/studio/week/2026-11-25"
SHOWN = "booking.studio.grid_views.render_template"


@pytest.fixture
def app(keeping):
    return keeping


@pytest.fixture
def studio(lane):
    return lane


def names(browser, path: str) -> str:
    """The text of the calendar itself."""
    return soup(browser.get(path)).select_one("main").get_text(" ", strip=True)


def test_a_week_is_rendered_once_while_nothing_happens(browser_of, monkeypatch):
    lena = browser_of("lena")
    before = names(lena, WEEK)
    monkeypatch.setattr(SHOWN, None)
    assert names(lena, WEEK) == before


def test_another_person_and_another_device_get_their_own(browser_of, monkeypatch):
    assert names(browser_of("lena"), WEEK)
    for name in ("marco", "lena"):
        with monkeypatch.context() as broken:
            broken.setattr(SHOWN, None)
            assert browser_of(name).get(WEEK).status_code == 500


@pytest.mark.parametrize("path", [DAY, WEEK])
def test_what_is_booked_is_there_at_once_and_so_is_that_it_was_cancelled(
    browser_of, studio, now, path
):
    lena = browser_of("lena")
    before = names(lena, path)
    booking = book(studio.hour, at(10, day=25), now(), practitioner=studio.lena)
    assert cast.GUEST.name not in before
    booked = names(lena, path)
    assert cast.GUEST.name in booked
    transact(changes.cancel, booking.id, GUEST, practice.current(), now())
    assert names(lena, path) != booked


def test_who_is_signed_out_or_is_staff_no_more_sees_nothing_of_it(browser_of, studio):
    lena, marco = browser_of("lena"), browser_of("marco")
    for browser in (lena, marco):
        assert names(browser, WEEK)
    send(lena, press(soup(lena.get(WEEK)), "Sign out"))

    def demote() -> None:
        db.session.get_one(Account, studio.accounts["marco"]).role = Role.CLIENT

    transact(demote)
    assert lena.get(WEEK).status_code == 303
    assert marco.get(WEEK).status_code == 403


def test_what_is_said_once_is_not_said_again(browser_of, studio, now):
    lena = browser_of("lena")
    with lena.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Said once.")]
    assert "Said once." in lena.get(WEEK).get_data(as_text=True)
    assert "Said once." not in lena.get(WEEK).get_data(as_text=True)


def test_with_the_minute_goes_where_the_day_stands(browser_of, now):
    lena = browser_of("lena")
    assert names(lena, "/studio/day/2026-11-25")
    before = lena.get("/studio/week").get_data(as_text=True)
    now.forward(hours=2)
    assert lena.get("/studio/week").get_data(as_text=True) != before


def test_only_pages_of_the_studio_that_belong_to_nobody_else_are_kept(app, studio):
    for endpoint in CALENDARS:
        assert RULES[endpoint].who is Who.STAFF, endpoint
        assert RULES[endpoint].owner is None, endpoint
