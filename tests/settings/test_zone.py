"""Another zone: what moves is listed first, and what is agreed keeps its moment."""

from datetime import datetime

from sqlalchemy import select

from booking.bookings.models import Booking
from booking.classes.models import ClassSession
from booking.database import db
from booking.practice import queries as practice
from booking.upkeep.check import findings
from tests.cast import at, book, sign_in
from tests.cast_classes import plan_class, take
from tests.web.pages import soup, words

PAGE = "/studio/settings/zone"
CHICAGO = "America/Chicago"


def test_zones_are_found_by_town_and_by_country(mara):
    def found(query: str) -> list[str]:
        page = soup(mara.get(PAGE, query_string={"q": query}))
        return [one["value"] for one in page.select("[name=zone]")]

    assert CHICAGO in found("")
    assert found(" los  ang") == ["America/New_York", "America/Los_Angeles"]
    assert found("austria") == ["America/New_York", "Europe/Vienna"]
    assert "No zone goes by that name" in words(mara.get(PAGE, query_string={"q": "atlantis"}))


def test_what_moves_is_listed_before_anything_is_changed(mara, studio, now, typed):
    for hour in (9, 10, 11):
        book(studio.training, at(hour), now(), account="ada", studio=studio, visitor=f"{hour}")
    take(plan_class(studio, now())[0], now(), "Grace Hill")
    answer = mara.post(PAGE, data=typed(mara, PAGE, zone=CHICAGO))
    said = words(answer)
    assert answer.status_code == 200
    assert "4 bookings ahead keep their moments" in said
    assert "1 hour later than until now" in said
    rows = [words_of(row) for row in soup(answer).select("tbody tr")]
    assert rows[0] == "Training Tuesday, November 24, 9:00 AM Tuesday, November 24, 8:00 AM"
    assert len(rows) == 4
    db.session.remove()
    assert practice.current().zone_name == "America/New_York"


def words_of(row) -> str:
    return " ".join(row.get_text(" ").replace("\u202f", " ").split())


def test_what_is_agreed_keeps_its_moment_and_everything_agrees(client, studio, now, typed):
    past, mara = book(studio.hour, at(11, day=23), now(), visitor="past").id, client
    now.set(at(13, day=23))
    sign_in(mara, studio.accounts["mara"], now())
    booking = book(studio.training, at(10), now()).id
    session = plan_class(studio, now())[0]
    take(session, now(), "Grace Hill")
    before = {one.id: one.starts_at for one in db.session.scalars(select(Booking))}
    listed = soup(mara.post(PAGE, data=typed(mara, PAGE, zone=CHICAGO)))
    data = {one["name"]: one.get("value", "") for one in listed.select("input[type=hidden]")}
    data["zone"] = CHICAGO
    assert mara.post(PAGE, data=data).status_code == 422  # Without the tick.
    # A tick for one zone is none for another.
    assert mara.post(PAGE, data=data | {"zone": "America/Denver", "sure": "y"}).status_code == 200
    assert mara.post(PAGE, data=data | {"sure": "y"}).status_code == 303
    db.session.remove()
    assert practice.current().zone_name == CHICAGO
    found = {one.id: one for one in db.session.scalars(select(Booking))}
    assert {one.id: one.starts_at for one in found.values()} == before
    assert found[booking].local_start == datetime(2026, 11, 24, 9)
    assert found[past].zone_name == "America/New_York"  # History stays as it was told.
    assert db.session.get_one(ClassSession, session).local_start == datetime(2026, 11, 24, 17)
    assert {one.zone_name for one in found.values() if one.id != past} == {CHICAGO}
    assert findings(now()) == []
    assert "9:00" in words(mara.get("/services/training?day=2026-11-25"))
    assert mara.post(PAGE, data=data | {"zone": "Mars/Base", "sure": "y"}).status_code == 422
