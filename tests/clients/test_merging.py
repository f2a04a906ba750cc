"""Two records of one person: compared, made one, and made two again with nothing lost."""

import pytest
from sqlalchemy import select

from booking import worker
from booking.accounts import people
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings.models import Booking, PlaceKind
from booking.clients import merging, record
from booking.clients.models import ClientNote, Colour
from booking.database import db, transact
from booking.domain.client_errors import (
    AccountStays,
    BothHaveAccounts,
    BothThere,
    GuardianIsOther,
    HolderGoes,
    MinorStays,
    NoLonger,
    SamePerson,
    UndoTooOld,
)
from booking.practice import queries as practice
from tests.cast import at, book, sign_in
from tests.cast_classes import plan_class, take, wait
from tests.rows import snapshot
from tests.web.pages import press, send, soup, words

MARA = Actor("staff", 5)


def merge(kept: int, other: int, now) -> int:
    return transact(merging.merge, kept, other, MARA, practice.current(), now()).id


def rows(person_id: int) -> dict[str, list]:
    """All rows that point to a person, by table and column."""
    from booking.clients.merged_rows import pointing_to_person

    db.session.rollback()
    return {
        f"{table.name}.{column.name}": found
        for table, column in pointing_to_person()
        if table.name != "person_merge"
        and (found := db.session.execute(
            select(*table.primary_key).where(column == person_id).order_by(*table.primary_key)
        ).all())
    }  # fmt: skip


@pytest.fixture
def two(studio, now, written) -> tuple[int, int]:
    """Two entries of one guest, each with something of everything."""
    session = plan_class(studio, now(), capacity=1, trial_cents=900)[0]
    first = book(studio.hour, at(10), now(), visitor="a").person_id
    second = take(session, now(), "Grace Hill", kind=PlaceKind.TRIAL).person_id
    line = wait(session, now(), "Grace Hill").person_id
    child = written("Cleo Hill", guardian_id=second, consented_at=now())

    def write() -> None:
        for number, one in enumerate((first, second)):
            flag = record.add_flag(f"Flag {number}", Colour.BLUE, MARA, now())
            record.give_flags(db.session.get_one(Person, one), {flag.id, 1}, MARA, now())
            db.session.add(ClientNote(person_id=one, text=f"Note {number}", written_at=now()))
        db.session.get_one(Person, second).phone = "+13215550777"
        db.session.get_one(Person, second).blocked_at = now()
        db.session.get_one(Person, first).phone = None

    transact(write)
    merge(second, line, now)
    assert child
    return first, second


def test_all_that_was_the_others_is_the_kept_ones_and_comes_back(mara, two, now, studio, person):
    kept, other = two
    before, hers, others = snapshot("audit"), rows(kept), rows(other)
    assert {
        "booking.person_id",
        "enrolment.person_id",
        "waitlist_entry.person_id",
        "person.guardian_id",
        "client_note.person_id",
        "person_flag.person_id",
    } <= set(others)
    done = merge(kept, other, now)
    assert rows(other) == {}
    assert {name: set(found) for name, found in rows(kept).items()} == {
        name: set(hers.get(name, [])) | set(others.get(name, [])) for name in {**hers, **others}
    }
    stays = person(kept)
    assert (stays.phone, stays.blocked_at) == ("+13215550777", now())
    assert record.note_of(kept) == "Note 0\n\nNote 1"
    assert [flag.name for flag in record.flags_of([kept])[kept]] == ["Flag 0", "Flag 1"]
    gone = person(other)
    assert (gone.email, gone.phone, gone.folded_name) == (None, None, "–")
    led = mara.get(f"/studio/clients/{other}")
    assert led.location == f"/studio/clients/{kept}"
    transact(merging.undo, done, MARA, now())
    after = snapshot("audit")
    assert {name for name in after if after[name] != before[name]} <= {"outgoing_mail"}
    assert snapshot("audit")["booking"] == before["booking"]


def test_what_has_come_since_stays_with_the_one_that_was_kept(two, now, studio):
    kept, other = two
    done = merge(kept, other, now)

    def since() -> int:
        db.session.add(ClientNote(person_id=kept, text="Since", written_at=now()))
        db.session.get_one(Person, kept).phone = "+13215550888"
        flag = record.add_flag("New", Colour.GREY, MARA, now())
        record.give_flags(db.session.get_one(Person, kept), {flag.id}, MARA, now())
        return flag.id

    transact(since)
    transact(merging.undo, done, MARA, now())
    db.session.rollback()
    assert record.note_of(kept) == "Note 0\n\nSince"
    assert record.note_of(other) == "Note 1"
    assert db.session.get_one(Person, kept).phone == "+13215550888"
    assert [flag.name for flag in record.flags_of([kept])[kept]] == ["New"]


@pytest.mark.parametrize("first_undone", ["inner", "outer"])
def test_three_become_one_and_three_again_in_either_order(now, written, first_undone):
    a, b, c = (written("Nina Sol", email=f"{one}@example.com") for one in "abc")

    def note() -> None:
        for one in (a, b, c):
            db.session.add(ClientNote(person_id=one, text=f"of {one}", written_at=now()))

    transact(note)
    inner = merge(b, c, now)
    outer = merge(a, b, now)
    for done in (inner, outer) if first_undone == "inner" else (outer, inner):
        transact(merging.undo, done, MARA, now())
    db.session.rollback()
    assert [record.note_of(one) for one in (a, b, c)] == [f"of {one}" for one in (a, b, c)]
    assert [db.session.get_one(Person, one).email[0] for one in (a, b, c)] == ["a", "b", "c"]


def test_two_trials_of_a_kind_become_one_trial_and_two_places_in_a_class_are_refused(studio, now):
    sessions = plan_class(studio, now(), capacity=4, trial_cents=900)
    trials = [take(one, now(), "Grace Hill", kind=PlaceKind.TRIAL) for one in sessions[:2]]
    (first, one), (second, two_) = [(made.person_id, made.places[0].id) for made in trials]
    done = merge(first, second, now)
    db.session.rollback()
    kinds = [db.session.get_one(Booking, each).trial_of_id for each in (one, two_)]
    assert kinds[0] is not None
    assert kinds[1] is None
    transact(merging.undo, done, MARA, now())
    db.session.rollback()
    assert db.session.get_one(Booking, two_).trial_of_id == kinds[0]
    third = take(sessions[0], now(), "Tom Wexler").person_id
    before = snapshot("audit")
    with pytest.raises(BothThere):
        merge(first, third, now)
    assert snapshot("audit") == before


def test_nobody_s_account_loses_anybody_and_no_child_its_guardian(studio, now, written):
    def make() -> dict[str, int]:
        ada, bob = (db.session.get_one(Account, studio.accounts[one]) for one in ("ada", "bob"))
        return {
            "ada": people.own_person(ada).id,
            "bob": people.own_person(bob).id,
            "ellen": people.add(ada, "Ellen", "", is_minor=False, now=now()).id,
            "cleo": people.add(ada, "Cleo", "", is_minor=True, now=now()).id,
        }

    known = transact(make) | {"guest": written("Guest")}
    refusals = {
        ("ada", "ada"): SamePerson,
        ("ada", "bob"): BothHaveAccounts,
        ("ellen", "ada"): HolderGoes,
        ("guest", "ellen"): AccountStays,
        ("ellen", "cleo"): MinorStays,
        ("ada", "cleo"): GuardianIsOther,
    }
    for (kept, other), refusal in refusals.items():
        with pytest.raises(refusal):
            merge(known[kept], known[other], now)
    merge(known["ellen"], known["guest"], now)
    with pytest.raises(NoLonger):
        merge(known["ada"], known["guest"], now)


def test_a_guest_comes_under_an_account_only_after_the_page_has_said_who_sees_it(
    app, mara, studio, now
):
    guest = book(studio.hour, at(10), now(), visitor="a").person_id
    ada = people.own_person(db.session.get_one(Account, studio.accounts["ada"])).id
    page = mara.get(f"/studio/clients/{ada}/merge/{guest}")
    assert "The owner of the account ada@example.com will then see" in words(page)
    client = app.test_client()
    sign_in(client, studio.accounts["ada"], now())
    assert "Massage" not in words(client.get("/my/bookings")).split("Book")[0]
    assert send(mara, press(soup(page), "Make them one")).status_code == 303
    assert "November 24" in words(client.get("/my/bookings"))
    undo = press(soup(mara.get(f"/studio/clients/{ada}")), "Make them two again")
    assert "Undone: Ada and Grace Hill" in words(mara.get(send(mara, undo).location))
    assert "November 24" not in words(client.get("/my/bookings"))
    history = client.get("/account/history")
    assert "became two again" in words(history)


def test_suggestions_name_why_and_are_not_made_twice(mara, studio, now, written):
    written("Nina Sol", email="nina@example.com")
    written("Nina Soll", email="nina@example.com", phone="+13215550177")
    written("Peter Sol", email="nina@example.com")
    written("Sol Nina", phone="+13215550177")
    page = mara.get("/studio/clients/duplicates")
    assert "same mail address" in words(page)
    assert "same telephone" in words(page)
    assert "Peter" not in words(page)
    for _time in range(3):
        page = mara.get("/studio/clients/duplicates")
        if "Two people" in words(page):
            send(mara, press(soup(page), "Two people"))
    assert "Nobody seems to be in the list twice." in words(mara.get("/studio/clients/duplicates"))


def test_after_thirty_days_it_is_for_good_and_what_was_remembered_is_forgotten(two, now):
    kept, other = two
    done = merge(kept, other, now)
    now.forward(days=30, seconds=1)
    with pytest.raises(UndoTooOld):
        transact(merging.undo, done, MARA, now())
    transact(worker.sweep, now())
    db.session.rollback()
    assert merging.went_to(other) is None
    assert db.session.scalars(select(db.metadata.tables["person_merge"].c.before)).all() == []
