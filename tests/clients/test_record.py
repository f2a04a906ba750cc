"""A client's record: counts, the private note, flags; whose it is, and what two people do to it."""

import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from booking.accounts import people
from booking.accounts.models import Account, Audit
from booking.bookings.models import Booking, Status
from booking.clients import record
from booking.clients.models import ClientNote, PersonFlag
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from tests.cast import at, book
from tests.web.pages import press, send, soup, words

NOTE = "Old whiplash, left; talks about the divorce."


def holder(studio, name: str) -> int:
    return people.own_person(db.session.get_one(Account, studio.accounts[name])).id


def test_a_record_counts_visits_and_what_came_of_the_others(browser_of, studio, now):
    ada = holder(studio, "ada")
    for day, status in ((24, "arrived"), (25, "no_show"), (26, "late_cancelled"), (30, "booked")):
        made = book(studio.hour, at(10, day=day), now(), account="ada", studio=studio,
                    visitor=str(day)).id  # fmt: skip

        def mark(booking_id: int = made, status: str = status) -> None:
            booking = db.session.get_one(Booking, booking_id)
            booking.status = Status(status)
            if status == "late_cancelled":
                booking.claim_id = None

        transact(mark)
    now.set(at(12, day=24))
    assert record.counts(ada, None, at(12, day=27)) == record.Counts(
        1, 1, 1, at(10, day=30), at(10, day=24)
    )
    assert record.counts(ada, studio.marco, at(12, day=27)).visits == 0
    page = soup(browser_of("mara").get(f"/studio/clients/{ada}"))
    figures = [" ".join(one.get_text(" ").split()) for one in page.select(".figures > div")]
    assert figures[:3] == ["Visits 1", "No-shows 1", "Cancelled late 1"]
    assert figures[3].startswith("Last visit November 24")
    assert figures[4].startswith("Next session Mon, Nov 30")


def test_a_private_note_stays_with_those_who_see_the_client(app, browser_of, mara, studio, now):
    book(studio.hour, at(10), now(), account="ada", studio=studio, practitioner=studio.lena)
    ada = holder(studio, "ada")
    form = press(soup(mara.get(f"/studio/clients/{ada}")), "Save Private note")
    assert send(mara, form, note=NOTE).status_code == 303
    lena, marco, client = (browser_of(name) for name in ("lena", "marco", "ada"))
    assert NOTE in words(lena.get(f"/studio/clients/{ada}"))
    assert marco.get(f"/studio/clients/{ada}").status_code == 404
    assert marco.post(form.action, data={"note": "Mine"}).status_code == 404
    for path in ("/my/bookings", "/account", "/account/history"):
        assert "whiplash" not in words(client.get(path))
    db.session.rollback()
    trail = json.dumps([row.details for row in db.session.scalars(select(Audit))])
    mails = db.session.scalars(select(OutgoingMail.body_text)).all()
    assert "whiplash" not in trail + " ".join(mails)
    assert mails


def test_who_asks_for_their_data_is_given_the_note_but_not_that_of_another_adult(
    browser_of, studio, now
):
    def write() -> None:
        account = db.session.get_one(Account, studio.accounts["ada"])
        for name, is_minor in (("Ellen", False), ("Cleo", True)):
            people.add(account, name, "", is_minor=is_minor, now=now())
        for one in people.of_account(account.id):
            db.session.add(ClientNote(person_id=one.id, text=f"On {one.name}.", written_at=now()))

    transact(write)
    answer = browser_of("ada").post("/account/export")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        data = json.loads(packed.read("my-data.json"))
    assert {row["text"] for row in data["client_note"]} == {"On Ada.", "On Cleo."}


def test_closing_an_account_takes_notes_flags_and_merges_with_it(
    app, browser_of, mara, studio, now, written
):
    ada, guest = holder(studio, "ada"), written("Ada B", email="ada.b@example.com")
    mara.post("/studio/clients/flags", data={"name": "Deposit", "colour": "gold"})
    mara.post(f"/studio/clients/{ada}/flags", data={"flag_1": "y"})
    form = press(soup(mara.get(f"/studio/clients/{ada}")), "Save Private note")
    send(mara, form, note=NOTE)
    assert mara.post(f"/studio/clients/{ada}/merge/{guest}").status_code == 303
    assert browser_of("ada").post("/account/close", data={"sure": "y"}).status_code == 303
    db.session.rollback()
    for name in ("client_note", "person_flag", "person_merge"):
        table = db.metadata.tables[name]
        assert db.session.scalar(select(func.count()).select_from(table)) == 0, name
    assert mara.get("/studio/clients").status_code == 200


@pytest.mark.parametrize("what", ["note", "edit"])
def test_who_saves_second_sees_what_the_first_wrote(mara, browser_of, written, what):
    walter = written("Walter Ames")
    page = {"note": f"/studio/clients/{walter}", "edit": f"/studio/clients/{walter}/edit"}[what]
    button = {"note": "Save Private note", "edit": "Save"}[what]
    field = {"note": "note", "edit": "name"}[what]
    lena = browser_of("lena")
    hers, theirs = (press(soup(one.get(page)), button) for one in (mara, lena))
    assert send(lena, theirs, **{field: "Walter of Lena"}).status_code == 303
    answer = send(mara, hers, **{field: "Walter of Mara"})
    assert answer.status_code == 409
    assert "Meanwhile changed by somebody else to: Walter of Lena" in words(answer)
    again = press(soup(answer), button)
    assert send(mara, again, **{field: "Walter of Mara"}).status_code == 303
    assert "Walter of Mara" in words(mara.get(page))


def test_flags_have_a_name_and_a_colour_and_go_from_everybody_at_once(mara, lena_of, written):
    walter, other = written("Walter Ames"), written("Zoe Hill")
    for name, colour in (("Deposit first", "gold"), ("Allergic", "clay")):
        mara.post("/studio/clients/flags", data={"name": name, "colour": colour})
    assert (
        mara.post("/studio/clients/flags", data={"name": "X", "colour": "#f00"}).status_code == 422
    )
    lena_of.post(f"/studio/clients/{walter}/flags", data={"flag_1": "y", "flag_2": "y"})
    lena_of.post(f"/studio/clients/{other}/flags", data={"flag_2": "y"})
    assert lena_of.post("/studio/clients/flags", data={"name": "Y"}).status_code == 403
    db.session.rollback()
    has = record.flags_of([walter, other, 999])
    assert {one: [flag.name for flag in flags] for one, flags in has.items()} == {
        walter: ["Allergic", "Deposit first"], other: ["Allergic"],
    }  # fmt: skip
    page = soup(mara.get(f"/studio/clients/{walter}"))
    shown = [(one.get_text(), one["class"]) for one in page.select("h1 ~ .flags .flag")]
    assert shown == [("Allergic", ["flag", "clay"]), ("Deposit first", ["flag", "gold"])]
    mara.post("/studio/clients/flags/2", data={"name": "Nuts", "colour": "plum"})
    mara.post("/studio/clients/flags/1/remove")
    db.session.rollback()
    assert [flag.name for flag in record.flags_of([walter])[walter]] == ["Nuts"]
    assert db.session.scalar(select(func.count(PersonFlag.id))) == 2


@pytest.fixture
def lena_of(browser_of):
    return browser_of("lena")
