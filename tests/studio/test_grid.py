"""The day and the week as columns: what stands where, and for whom."""

from datetime import UTC, datetime

import pytest

from booking.accounts.audit import SYSTEM
from booking.bookings import staff_moves
from booking.bookings.models import Booking
from booking.bookings.staff_moves import Where
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import at, book, hold, sign_in, take_time_off
from tests.cast_classes import plan_class, take
from tests.web.pages import soup, words


@pytest.fixture
def full(studio, now) -> None:
    """A session of each practitioner, a class, a held time and time off, on Tuesday."""
    book(studio.hour, at(11), now(), practitioner=studio.lena)
    book(studio.hour, at(14), now(), practitioner=studio.marco, visitor="b", account="bob",
         studio=studio)  # fmt: skip
    take(plan_class(studio, now())[0], now(), "Ines Rocha")
    hold(studio.training, at(9), "held", now())
    take_time_off(studio, now(), at(15), at(16))


@pytest.fixture
def visit(app, studio, now, full):
    def visit(name: str, path: str):
        browser = app.test_client()
        sign_in(browser, studio.accounts[name], now())
        return browser.get(path)

    return visit


def column(page, key: str) -> list[str]:
    """What stands in a column, in order, with the spaces folded."""
    found = soup(page).select_one(f"#{key}")
    return [
        " ".join(one.get_text(" ").replace("\u202f", " ").split()) for one in found.select("li")
    ]


def test_the_week_shows_all_that_takes_time_in_order(visit, studio):
    page = visit("lena", "/studio/week/2026-11-26")
    assert "Week of November 23, 2026" in words(page)
    held, session, off, yoga = column(page, f"d2026-11-24-{studio.lena}")
    assert held == "9:00 AM until 10:00 AM Held"
    assert session == "11:00 AM until 12:00 PM Grace Hill Massage, 60 minutes · note".replace(
        "· ", ""
    )
    assert off == "3:00 PM until 4:00 PM The dentist"
    assert yoga == "6:00 PM until 7:00 PM Gentle yoga 1 of 2"
    block = soup(page).select_one(".block.booking")
    assert {"r36", "s12", "k0", "n12", "post3"} <= set(block["class"])


def test_a_practitioner_has_their_own_week_and_a_manager_everybody_s(visit, studio):
    path = f"/studio/week/2026-11-24?practitioner={studio.marco}"
    assert "Bob" not in words(visit("lena", path))
    assert "Grace Hill" not in words(visit("mara", path))
    assert "Bob" in words(visit("mara", path))


def test_a_day_has_a_column_for_each_practitioner_and_rooms_name_no_client_of_others(visit, studio):
    page = visit("mara", "/studio/grid/2026-11-24")
    assert "Bob" in column(page, f"d2026-11-24-{studio.marco}")[0]
    assert len(column(page, f"d2026-11-24-{studio.lena}")) == 4
    rooms = visit("lena", "/studio/grid/2026-11-24?by=room")
    mine, theirs = column(rooms, f"d2026-11-24-{studio.room}")
    assert "Grace Hill" in mine
    assert theirs == "2:00 PM until 3:00 PM Taken"
    assert len(soup(rooms).select("[data-move]")) == 1


def test_closed_hours_and_the_present_are_drawn(visit, studio, now):
    now.set(at(12, 30))
    page = soup(visit("lena", "/studio/week"))
    tuesday = page.select_one(f"#d2026-11-24-{studio.lena}")
    assert [one["class"] for one in tuesday.select(".closed")] == [
        ["closed", "r0", "s12"], ["closed", "r108", "s24"],
    ]  # fmt: skip
    assert tuesday.select_one(".now-line")["class"] == ["now-line", "r54"]
    assert len(page.select(".now-line")) == 1
    assert "closed" in page.select_one(f"#d2026-11-28-{studio.lena} h2").get_text()


def test_a_day_of_a_clock_change_has_its_own_hours(visit, studio, now):
    """At night, where a session makes the change visible: 2:00 AM is skipped on 14 March."""
    booking = book(studio.training, at(16), now(), visitor="night").id
    wanted = Where(datetime(2027, 3, 14, 6, 30, tzinfo=UTC), 60, studio.lena, studio.hall)
    transact(staff_moves.move, booking, wanted, False, SYSTEM, practice.current(), now())
    page = soup(visit("lena", "/studio/week/2027-03-10"))
    sunday, saturday = (page.select_one(f"#d2027-03-{day}-{studio.lena}") for day in (14, 13))
    assert (sunday["data-rows"], saturday["data-rows"]) == ("192", "204")
    assert "shifted" in sunday["class"]
    assert "shifted" not in saturday["class"]
    labels = [one.get_text(strip=True).replace("\u202f", " ") for one in sunday.select(".hour")]
    assert labels[:3] == ["1:00 AM", "3:00 AM", "4:00 AM"]
    assert "until 3:30 AM" in sunday.select_one(".block").get_text(" ").replace("\u202f", " ")


def test_old_sessions_that_overlap_stand_side_by_side(visit, studio):
    later = db.session.query(Booking).filter_by(practitioner_id=studio.marco).one()
    later.practitioner_id, later.starts_at, later.ends_at = studio.lena, at(11, 30), at(12, 30)
    db.session.commit()
    page = soup(visit("lena", "/studio/week/2026-11-24"))
    places = [set(one["class"]) for one in page.select(".block.booking")]
    assert [{"k0", "n6"} <= places[0], {"k6", "n6"} <= places[1]] == [True, True]


@pytest.mark.parametrize(
    "path", ["/studio/week/x", "/studio/grid/2026-02-30", "/studio/week/9999-12-31"]
)
def test_a_date_that_is_none_is_not_found(visit, path):
    assert visit("lena", f"/studio/{path}").status_code == 404
