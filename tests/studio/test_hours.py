"""Hours: the week, one date, breaks, closed days; a look before saving, two people at once."""

from datetime import date

from sqlalchemy import func, select

from booking.accounts.models import Audit
from booking.bookings.models import Booking
from booking.database import db
from booking.scheduling import hours
from booking.scheduling.models import ClosedDay, HoursException, OpeningHours, RecurringBreak
from tests.cast import add_break, at, book, sign_in
from tests.web.pages import soup

WEEK = [("09:00", "17:00")] * 5 + [("", "")] * 2


def words(answer) -> str:
    return " ".join(plain(soup(answer).select_one("main").get_text(" ")).split())


def week(client, studio, do: str = "save", **changes: str):
    """Send the form of the week as it is opened, with changes."""
    path = f"/studio/hours/{studio.lena}/week"
    form = soup(client.get(path)).select_one("#week")
    data = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    return client.post(path, data={**data, "do": do, **changes})


def offered(client, day: str) -> list[str]:
    page = soup(client.get(f"/services/training?day={day}"))
    return [plain(one.get_text()) for one in page.select("button.time")]


def plain(words: str) -> str:
    """Without the narrow spaces that a locale puts between a time and its half of the day."""
    return words.replace("\u202f", " ").strip()


def test_the_week_is_shown_changed_and_every_booking_stays(lena, studio, now):
    booked = book(studio.training, at(16, day=24), now()).id
    answer = week(
        lena, studio,
        **{"day_1-0-closes": "13:00", "day_4-0-opens": "", "day_4-0-closes": "",
           "day_5-0-opens": "10:00", "day_5-0-closes": "00:00"},
    )  # fmt: skip
    assert answer.status_code == 303
    told = words(lena.get(answer.location))
    assert "Tuesday 9:00 AM–1:00 PM" in told
    assert "Friday closed" in told
    assert "1 booking lies outside the hours; it stays." in told
    assert "Grace Hill" in told
    assert db.session.get_one(Booking, booked).starts_at == at(16, day=24)
    db.session.rollback()
    saturday = [one for one in hours.weekly_of(studio.lena) if one.weekday == 5]
    assert [one.spell for one in saturday] == [(600, 1440)]
    assert db.session.scalar(select(Audit.action).where(Audit.action == "hours_changed"))


def test_one_more_time_a_season_and_what_overlaps(lena, studio):
    page = soup(week(lena, studio, "more_0"))
    assert page.select_one("[name=day_0-1-opens]")["value"] == ""
    assert week(lena, studio, **{"day_0-0-closes": "08:00"}).status_code == 422
    second = {"day_0-1-opens": "16:00", "day_0-1-closes": "19:00"}
    answer = week(lena, studio, **second)
    assert answer.status_code == 422
    wrong = soup(answer).select_one("#day_0-1-closes-error")
    assert wrong.get_text() == "This overlaps another time of the same day."
    assert week(lena, studio, **{"day_0-1-opens": "18:00"}).status_code == 422
    summer = {"day_0-0-until": "2026-12-31", "day_0-1-since": "2027-01-01"}
    assert week(lena, studio, **second, **summer).status_code == 303
    assert "until December 31, 2026" in words(lena.get("/studio/hours"))
    assert offered(lena, "2026-12-28")[0] == "9:00 AM"
    assert offered(lena, "2027-01-04")[:1] in ([], ["4:00 PM"])


def test_the_preview_shows_both_and_saves_nothing(lena, studio, now):
    book(studio.training, at(10, day=24), now())
    answer = week(lena, studio, "preview", option=str(studio.training),
                  **{"day_1-0-opens": "15:00", "day_1-0-closes": "18:00"})  # fmt: skip
    rows = {row.th.get_text(): row.select("td") for row in soup(answer).select(".preview tr")}
    before, after = rows["Tue, Nov 24"]
    assert "9:00 AM" in plain(before.get_text())
    assert "10:00 AM" not in plain(before.get_text())  # Somebody has it.
    times = plain(after.get_text()).split(", ")
    assert [times[0], times[-1]] == ["3:00 PM", "5:00 PM"]
    assert [plain(one.get_text()) for one in after.select("ins")] == [
        "4:30 PM", "5:00 PM"
    ]  # fmt: skip
    db.session.rollback()
    assert {one.spell for one in hours.weekly_of(studio.lena)} == {(540, 1020)}


def test_who_saves_second_sees_both(lena, client, studio, now):
    path = f"/studio/hours/{studio.lena}/week"
    form = soup(lena.get(path)).select_one("#week")
    data = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    assert week(lena, studio, **{"day_0-0-closes": "12:00"}).status_code == 303
    answer = lena.post(path, data={**data, "do": "save", "day_0-0-opens": "08:00"})
    assert answer.status_code == 409
    page = soup(answer)
    assert "9:00 AM–12:00 PM" in plain(page.select_one(".theirs").get_text())
    assert page.select_one("[name=day_0-0-opens]")["value"] == "08:00"
    data |= {"day_0-0-opens": "08:00", "do": "save"}
    data["seen"] = page.select_one("[name=seen]")["value"]
    assert lena.post(path, data=data).status_code == 303
    db.session.rollback()
    assert hours.weekly_of(studio.lena)[0].spell == (480, 1020)


def test_one_date_has_hours_of_its_own_and_loses_them_again(lena, studio, now):
    add_break(studio, now())
    path = f"/studio/hours/{studio.lena}/date"
    typed = {"day": "2026-11-25", "spells-0-opens": "11:00", "spells-0-closes": "14:00"}
    seen = soup(lena.get(f"{path}?day=2026-11-25")).select_one("[name=seen]")["value"]
    assert lena.post(path, data={"day": "2026-11-25", "seen": seen}).status_code == 422
    both = {**typed, "seen": seen, "spells-1-opens": "13:00", "spells-1-closes": "15:00"}
    assert lena.post(path, data=both).status_code == 422
    assert lena.post(path, data={**typed, "seen": seen}).status_code == 303
    # The whole of the day, the break included.
    assert offered(lena, "2026-11-25") == [
        "11:00 AM", "11:30 AM", "12:00 PM", "12:30 PM", "1:00 PM",
    ]  # fmt: skip
    closed = {"day": "2026-11-25", "is_closed": "y", "seen": seen}
    answer = lena.post(path, data=closed)
    assert answer.status_code == 409
    assert "11:00 AM–2:00 PM" in words(answer)
    lena.post(f"{path}/remove", data={"day": "2026-11-25"})
    assert db.session.scalar(select(func.count(HoursException.id))) == 0


def test_nobody_is_offered_a_break_and_what_is_booked_in_it_stays(lena, studio, now):
    booked = book(studio.training, at(12, day=25), now()).id
    path = f"/studio/hours/{studio.lena}/breaks/new"
    assert lena.post(path, data={"starts": "12:00", "ends": "13:00"}).status_code == 422
    backward = {"on_2": "y", "starts": "13:00", "ends": "12:00"}
    assert "This ends before it begins." in words(lena.post(path, data=backward))
    answer = lena.post(
        path, data={"on_2": "y", "on_3": "y", "starts": "12:00", "ends": "13:00", "note": "Lunch"}
    )
    assert answer.status_code == 303
    assert "10:00 AM" in offered(lena, "2026-12-02")
    assert not {"11:30 AM", "12:00 PM", "12:30 PM"} & set(offered(lena, "2026-12-02"))
    assert db.session.get_one(Booking, booked).status == "booked"
    db.session.rollback()
    wednesday, thursday = db.session.scalars(select(RecurringBreak.id).order_by("weekday")).all()
    form = soup(lena.get(f"/studio/hours/breaks/{thursday}"))
    seen = form.select_one("[name=seen]")["value"]
    later = {"on_3": "y", "starts": "13:00", "ends": "14:00", "note": "", "seen": seen}
    assert lena.post(f"/studio/hours/breaks/{thursday}", data=later).status_code == 303
    lena.post(f"/studio/hours/breaks/{wednesday}/remove")
    db.session.rollback()
    (left,) = db.session.scalars(select(RecurringBreak)).all()
    assert (left.weekday, left.starts_minute, left.note) == (3, 780, "")


def test_a_closed_day_closes_everybody_but_who_has_hours_of_that_date(client, studio, now):
    sign_in(client, studio.accounts["mara"], now())
    page = words(client.get("/studio/closed-days"))
    assert "Thanksgiving Day" in page  # The zone says where, the address which region.
    assert "Friday After Thanksgiving" in page
    assert "Friday After Thanksgiving" not in words(client.get("/studio/closed-days?country=CA"))
    assert "Friday After Thanksgiving" not in words(client.get("/studio/closed-days?region="))
    assert "Maundy" not in words(client.get("/studio/closed-days?country=XX&year=1"))
    path = "/studio/closed-days/holidays?country=US&region=FL&year=2026"
    answer = client.post(path, data={"day_20261126": "y", "day_20260101": "y"})
    assert answer.status_code == 303
    assert [one.on_date for one in db.session.scalars(select(ClosedDay))] == [date(2026, 11, 26)]
    assert offered(client, "2026-11-26") == []
    own = {"day": "2026-11-26", "spells-0-opens": "10:00", "spells-0-closes": "11:00"}
    form = soup(client.get(f"/studio/hours/{studio.lena}/date?day=2026-11-26"))
    own["seen"] = form.select_one("[name=seen]")["value"]
    assert client.post(f"/studio/hours/{studio.lena}/date", data=own).status_code == 303
    assert offered(client, "2026-11-26") == ["10:00 AM"]
    twice = client.post("/studio/closed-days", data={"day": "2026-11-26", "name": "Cleaning"})
    assert twice.status_code == 409
    client.post(path, data={})
    db.session.rollback()
    assert db.session.scalar(select(func.count(ClosedDay.id))) == 0


def test_everybody_sees_their_own_hours_and_a_manager_all(client, studio, now):
    sign_in(client, studio.accounts["marco"], now())
    assert "Hours of Marco Reyes" in words(client.get("/studio/hours"))
    sign_in(client, studio.accounts["mara"], now())
    assert {"Lena Hartmann", "Marco Reyes"} <= {
        one.get_text() for one in soup(client.get("/studio/hours")).select("main a")
    }
    assert db.session.scalar(select(func.count(OpeningHours.id))) == 10
