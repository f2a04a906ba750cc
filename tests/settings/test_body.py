"""The owner's side of "Where does it hurt?": texts, topics, services, order, and whether at all."""

import pytest
from sqlalchemy import select

from booking.accounts.models import Audit
from booking.articles import body
from booking.articles.body_models import BodyRegion
from booking.articles.models import Topic
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import STAFF
from tests.web.pages import soup, words

PAGE = "/studio/settings/body"


@pytest.fixture
def hip(studio, now) -> int:
    transact(lambda: body.install(practice.current(), STAFF, now()))
    return region("hip").id


def region(key: str) -> BodyRegion:
    db.session.rollback()
    return db.session.scalars(select(BodyRegion).where(BodyRegion.key == key)).one()


def actions(key: str) -> list[str]:
    db.session.rollback()
    query = select(Audit.action).where(Audit.subject == f"body:{key}").order_by(Audit.id)
    return list(db.session.scalars(query))


def test_what_is_typed_is_what_clients_read(mara, hip, studio, typed):
    data = typed(
        mara, f"{PAGE}/{hip}", name="Hips", about="They **carry** you.",
        doctor="After a fall.\r\n\r\nWith fever.", **{f"service_{studio.massage}": "y"},
    )  # fmt: skip
    assert mara.post(f"{PAGE}/{hip}", data=data).location == PAGE
    page = mara.get("/where-does-it-hurt/hip")
    assert "They carry you." in words(page)
    assert [one.get_text() for one in soup(page).select(".doctor li")] == [
        "After a fall.", "With fever.",
    ]  # fmt: skip
    cards = [one.get_text(strip=True) for one in soup(page).select(".card h3")]
    assert cards == ["Massage"]
    assert actions("hip") == ["changed"]
    mara.post(f"{PAGE}/{hip}", data=typed(mara, f"{PAGE}/{hip}"))  # Nothing is different.
    assert actions("hip") == ["changed"]


def test_the_topics_that_are_ticked_are_what_clients_find_to_read(mara, hip, typed):
    def read() -> list[str]:
        page = soup(mara.get("/where-does-it-hurt/hip"))
        return [one.get_text(strip=True) for one in page.select("main .pieces h3")]

    assert read() == ["Level hips"]
    on = {one.slug: one.id for one in db.session.scalars(select(Topic))}
    data = typed(mara, f"{PAGE}/{hip}")
    assert data.pop(f"topic_{on['hip']}") == "y"
    mara.post(f"{PAGE}/{hip}", data=data)
    assert read() == []
    mara.post(f"{PAGE}/{hip}", data=typed(mara, f"{PAGE}/{hip}", **{f"topic_{on['massage']}": "y"}))
    assert read() == ["Level hips"]
    assert [one.slug for one in region("hip").topics] == ["massage"]


def test_a_region_without_a_name_is_not_saved_and_nothing_typed_is_lost(mara, hip, typed):
    data = typed(mara, f"{PAGE}/{hip}", name=" ", about="Typed.")
    answer = mara.post(f"{PAGE}/{hip}", data=data)
    assert answer.status_code == 422
    assert "Typed." in answer.get_data(as_text=True)
    assert region("hip").name == "Hip and groin"


def test_who_is_second_sees_both_versions(mara, hip, typed):
    mine, theirs = (typed(mara, f"{PAGE}/{hip}", name=name) for name in ("Mine", "Theirs"))
    mara.post(f"{PAGE}/{hip}", data=theirs)
    answer = mara.post(f"{PAGE}/{hip}", data=mine)
    assert answer.status_code == 409
    assert "somebody else" in words(answer)
    assert "Theirs" in words(answer)
    assert region("hip").name == "Theirs"


def test_a_region_is_hidden_and_comes_back(mara, hip, typed):
    data = typed(mara, f"{PAGE}/{hip}")
    hidden = {name: value for name, value in data.items() if name != "is_shown"}
    mara.post(f"{PAGE}/{hip}", data=hidden)
    assert mara.get("/where-does-it-hurt/hip").status_code == 404
    assert "Not shown" in words(mara.get(PAGE))
    mara.post(f"{PAGE}/{hip}", data=typed(mara, f"{PAGE}/{hip}", is_shown="y"))
    assert mara.get("/where-does-it-hurt/hip").status_code == 200


def test_regions_are_put_in_order(mara, hip):
    first = region("head").id
    answer = mara.post(f"{PAGE}/{hip}/place", data={"before": first})
    assert answer.location == f"{PAGE}#down-{hip}"
    listed = soup(mara.get("/where-does-it-hurt")).select(".regions a")
    assert [one.get_text() for one in listed[:2]] == ["Hip and groin", "Head and jaw"]
    mara.post(f"{PAGE}/{hip}/place", data={"before": first})  # Again: it stands there already.
    assert actions("hip") == ["ordered"]
    assert mara.post(f"{PAGE}/{hip}/place", data={"before": "x"}).status_code == 400
    assert mara.post(f"{PAGE}/999/place", data={"before": 0}).status_code == 404


def test_the_figure_is_begun_and_taken_off_the_site(mara, studio, typed):
    mara.post(f"{PAGE}/begin")
    assert mara.get("/where-does-it-hurt").status_code == 200
    data = typed(mara, PAGE)
    del data["shows_body"]
    mara.post(PAGE, data=data)
    assert mara.get("/where-does-it-hurt").status_code == 404
    assert "Where does it hurt" not in words(mara.get("/"))
    mara.post(f"{PAGE}/begin")  # What is there stays as it is.
    assert mara.get("/where-does-it-hurt").status_code == 404
