"""Lists in order, what is archived and comes back, and the pages of people, rooms and kinds."""

from datetime import date

import pytest
from sqlalchemy import select

from booking.accounts.models import Audit
from booking.bookings import times, waiting
from booking.bookings.line import Wish
from booking.bookings.links import waiting_link
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.catalog.queries import find_option
from booking.database import db, transact
from booking.practice import queries as practice
from booking.scheduling.models import OpeningHours
from tests.cast import at, book, sign_in
from tests.cast_classes import guests, plan_class
from tests.web.pages import press, soup, words

LISTS = "/studio/settings"


def actions(subject: str) -> list[str]:
    db.session.rollback()
    query = select(Audit.action).where(Audit.subject == subject).order_by(Audit.id)
    return list(db.session.scalars(query))


def names(model, **values) -> list[str]:
    db.session.rollback()
    query = select(model.name).filter_by(**values)
    return list(db.session.scalars(query.order_by(model.position, model.id)))


def sent(page, label: str, **typed: str) -> tuple[str, dict]:
    pressed = press(page, label)
    areas = {one["name"]: one.get_text().strip() for one in page.find_all("textarea")}
    return pressed.action, {**pressed.data, **areas, **typed}


def test_a_list_is_put_in_order_by_its_buttons(mara, studio):
    page = soup(mara.get(f"{LISTS}/practitioners"))
    action, data = sent(page, "↓ Move down: Lena")
    answer = mara.post(action, data=data)
    assert answer.location == f"{LISTS}/practitioners#up-{studio.lena}"
    assert names(Practitioner) == ["Marco Reyes", "Lena Hartmann"]
    page = soup(mara.get(answer.location))
    assert "Lena Hartmann is number 2 of 2 now." in page.get_text()
    assert page.select_one(f"#up-{studio.lena}")
    mara.post(action, data=data)  # Pressed again on the old page: it stands there already.
    assert actions(f"practitioner:{studio.lena}") == ["ordered"]
    shown = soup(mara.get("/practitioners")).select(".people h3")
    assert [one.get_text(strip=True) for one in shown] == ["Marco Reyes", "Lena Hartmann"]


def test_a_row_is_dragged_before_another_of_its_own_list(mara, studio):
    def add() -> None:
        for number in range(3):
            db.session.add(Service(category_id=1, slug=f"s{number}", name=f"S{number}", position=9))

    transact(add)
    ids = dict(db.session.execute(select(Service.name, Service.id)).all())
    place = f"{LISTS}/services/{ids['S2']}/place"
    mara.post(place, data={"before": ids["Massage"]})
    assert names(Service, category_id=1) == ["S2", "Massage", "S0", "S1"]
    mara.post(place, data={"before": ids["Training"]})  # Of another kind of work: to the end.
    assert names(Service, category_id=1) == ["Massage", "S0", "S1", "S2"]
    assert mara.post(place, data={"before": "x"}).status_code == 400
    assert mara.post(f"{LISTS}/services/99/place", data={"before": 0}).status_code == 404


def test_what_is_archived_keeps_its_bookings_and_comes_back(mara, studio, now):
    booked = book(studio.hour, at(10), now())
    page = soup(mara.get(f"{LISTS}/services/{studio.massage}"))
    assert "1 booking to come stays as it is." in page.get_text()
    answer = mara.post(press(page, "Archive Massage").action)
    assert "1 booking to come stays as it is." in words(mara.get(answer.location))
    assert mara.get("/services/massage").status_code == 404
    db.session.rollback()
    assert db.session.get_one(Booking, booked.id).status is Status.BOOKED
    page = soup(mara.get(answer.location))
    mara.post(press(page, "Bring back Massage").action)
    assert mara.get("/services/massage").status_code == 200
    assert actions("service:1") == ["archived", "brought_back"]


def test_nobody_is_offered_what_is_archived_nor_books_what_they_have_not_seen(client, studio, now):
    """Who waits for a time of a service is not held one of it; an offer that changes is told."""
    transact(lambda: db.session.execute(OpeningHours.__table__.delete()))
    option = find_option(studio.hour)
    assert option is not None
    wish = Wish(option, None, 127, (), date(2026, 12, 4))
    transact(waiting.join_times, wish, "t" * 20, guests("Ines Rocha"), None, practice.current(),
             now())  # fmt: skip

    def archive_and_offer(is_archived: bool) -> int:
        db.session.get_one(ServiceOption, studio.hour).is_archived = is_archived
        return times.offer_free(practice.current(), now())

    spell = {"weekday": 2, "opens_minute": 540, "closes_minute": 1020}
    transact(lambda: db.session.add(OpeningHours(practitioner_id=studio.lena, **spell)))
    assert transact(archive_and_offer, True) == 0
    assert transact(archive_and_offer, False) == 1
    page = f"/waiting/{waiting_link(db.session.query(Offer).one().entry)}"
    old = press(soup(client.get(page)), "Take it")
    transact(lambda: setattr(db.session.get_one(ServiceOption, studio.hour), "price_cents", 9900))
    answer = client.post(old.action, data=old.data)
    assert answer.status_code == 409
    assert "The studio has changed this session" in words(answer)
    new = press(soup(answer), "Take it")
    assert client.post(new.action, data=new.data).status_code == 303
    assert db.session.query(Booking).one().price_cents == 9900


def test_a_room_in_which_classes_go_on_stays_and_a_teacher_may_go(mara, studio, now):
    plan_class(studio, now())
    room = f"{LISTS}/rooms/{studio.hall}"
    page = words(mara.get(room))
    assert "Gentle yoga : goes on here week after week" in page
    assert "Training has no other room" in page
    answer = mara.post(f"{room}/archive")
    assert answer.location == room
    assert "Gentle yoga goes on in this room week after week." in words(mara.get(room))
    teacher = f"{LISTS}/practitioners/{studio.lena}"
    assert "Nobody else gives Training" in words(mara.get(teacher))
    mara.post(f"{teacher}/archive")
    assert names(Practitioner, is_archived=True) == ["Lena Hartmann"]
    assert names(Room, is_archived=True) == []
    listed = words(mara.get(f"{LISTS}/services"))
    assert "Training 60 min $80 not offered: nobody gives it" in listed
    assert mara.get("/classes/gentle-yoga").status_code == 200
    assert soup(mara.get("/classes/gentle-yoga")).select("a[href*=practitioners\\/lena]") == []


def test_a_kind_of_work_goes_after_its_services_and_comes_before_them(mara, studio):
    assert "First archive what belongs to it" in words(mara.get(f"{LISTS}/kinds/1"))
    answer = mara.post(f"{LISTS}/kinds/1/archive")
    assert "Massage still belongs to this kind of work." in words(mara.get(answer.location))
    mara.post(f"{LISTS}/services/{studio.massage}/archive")
    mara.post(f"{LISTS}/kinds/1/archive")
    assert names(Category, is_archived=True) == ["Massage"]
    assert mara.get("/kinds/massage").status_code == 404
    answer = mara.post(f"{LISTS}/services/{studio.massage}/bring-back")
    assert "Its kind of work, Massage, is archived." in words(mara.get(answer.location))
    mara.post(f"{LISTS}/kinds/1/bring-back")
    mara.post(f"{LISTS}/services/{studio.massage}/bring-back")
    assert mara.get("/services/massage").status_code == 200


@pytest.mark.parametrize(
    ("what", "typed"),
    [
        ("kinds", {"name": "Reiki", "summary": "Still.", "drawing": "tai-chi"}),
        ("practitioners", {"name": "Mei Tan", "title": "Teacher", "email": "MEI@example.com"}),
        ("rooms", {"name": "Loft", "about": "Under the roof."}),
    ],
)
def test_each_is_added_and_changed_and_its_address_stays(mara, studio, what, typed):
    model = {"kinds": Category, "practitioners": Practitioner, "rooms": Room}[what]
    tick = {} if what == "kinds" else {f"gives_{studio.massage}": "y"}
    answer = mara.post(f"{LISTS}/{what}/new", data={**typed, **tick})
    assert answer.status_code == 303
    row = db.session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()
    slug, table = row.slug, row.__tablename__
    page = soup(mara.get(answer.location))
    action, data = sent(page, "Save", name=f"{typed['name']} B")
    data |= {"drawing": "leaf"} if what == "kinds" else {}
    data.pop(f"gives_{studio.massage}", None)
    assert mara.post(action, data=data).status_code == 303
    db.session.rollback()
    row = db.session.get_one(model, row.id)
    assert (row.name, row.slug) == (f"{typed['name']} B", slug)
    assert what == "kinds" or row.services == []
    changes = ["changed"] if what == "kinds" else ["changed", "changed"]
    made = ["created"] if what == "kinds" else ["created", "changed"]
    assert actions(f"{table}:{row.id}") == [*made, *changes]
    for twice in (f"{typed['name']} B", f" {typed['name'].upper()}  b "):
        answer = mara.post(f"{LISTS}/{what}/new", data={**typed, "name": twice})
        assert answer.status_code == 409
        assert "already, perhaps among those that are archived" in words(answer)


def test_addresses_of_like_names_are_numbered(mara):
    for name in ("按摩", "推拿", "Loft!", "Loft?"):
        mara.post(f"{LISTS}/rooms/new", data={"name": name})
    slugs = list(db.session.scalars(select(Room.slug).order_by(Room.id)))
    assert slugs[-4:] == ["room-2", "room-3", "loft", "loft-2"]


def test_somebody_new_needs_hours_first(mara, studio):
    answer = mara.post(f"{LISTS}/practitioners/new", data={"name": "Mei Tan"})
    assert "Mei Tan has no opening hours yet" in words(mara.get(answer.location))
    assert "no hours yet: not offered" in words(mara.get(f"{LISTS}/practitioners"))
    assert "no opening hours" not in words(mara.get(f"{LISTS}/practitioners/{studio.lena}"))


def test_one_s_own_page_and_two_who_write_it(app, client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    opened = soup(client.get(f"{LISTS}/profile"))
    assert opened.select("[name=name], [name=email], [name^=gives]") == []
    action, data = sent(opened, "Save", about="I work **slowly**.", name="Mallory")
    manager = app.test_client()
    sign_in(manager, studio.accounts["mara"], now())
    page = soup(manager.get(f"{LISTS}/practitioners/{studio.lena}"))
    theirs, title = sent(page, "Save", title="Therapist")
    assert manager.post(theirs, data=title).status_code == 303
    answer = client.post(action, data=data)
    assert answer.status_code == 409
    assert "changed by somebody else to: Therapist" in words(answer)
    page = soup(answer)
    assert page.select_one("#about").get_text().strip() == "I work **slowly**."
    assert client.post(action, data=sent(page, "Save")[1]).status_code == 303
    db.session.rollback()
    lena = db.session.get_one(Practitioner, studio.lena)
    assert (lena.name, lena.title, lena.about) == ("Lena Hartmann", "", "I work **slowly**.")
    assert [one.id for one in lena.services] == [studio.massage, 2]
    sign_in(client, studio.accounts["mara"], now())
    assert client.get(f"{LISTS}/profile").status_code == 404
