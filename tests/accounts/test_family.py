"""Family: the people an account books for, each a person of their own, all told to one address."""

import pytest
from sqlalchemy import select

from booking.accounts import people, tokens
from booking.accounts.audit import SYSTEM
from booking.accounts.models import Account, Audit, Person
from booking.bookings.clients import Details
from booking.bookings.models import Booking
from booking.clients import clients
from booking.clients.clients import Entry
from booking.database import db, transact
from booking.domain.errors import HoldUnknown
from booking.mail.models import OutgoingMail
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words

PHONE, ADAS_PHONE = "+13215550199", "+13215550111"


@pytest.fixture
def ada(client, studio, now):
    """Ada's browser; the studio knows her number."""

    def give_phone() -> None:
        account = db.session.get_one(Account, studio.accounts["ada"])
        people.own_person(account).phone = ADAS_PHONE

    transact(give_phone)
    sign_in(client, studio.accounts["ada"], now())
    return client


def add(studio, now, name: str, *, account="ada", is_minor=False, phone="") -> int:
    def write() -> int:
        owner = db.session.get_one(Account, studio.accounts[account])
        return people.add(owner, name, phone, is_minor=is_minor, now=now()).id

    return transact(write)


def person(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


def holder(studio, name: str = "ada") -> int:
    return people.own_person(db.session.get_one(Account, studio.accounts[name])).id


def family(studio, name: str = "ada") -> dict[str, bool]:
    db.session.rollback()
    return {one.name: one.is_minor for one in people.of_account(studio.accounts[name])}


def trail(person_id: int) -> list[tuple]:
    rows = select(Audit.actor, Audit.action, Audit.details).where(
        Audit.subject == f"person:{person_id}"
    )
    return [tuple(row) for row in db.session.execute(rows.order_by(Audit.id))]


def hold_a_time(client) -> str:
    """Press an opening; the address of the details page."""
    page = soup(client.get("/services/massage?day=2026-11-24"))
    return send(client, press(page, "10:00 AM")).location


def asked_for(page) -> dict[str, bool]:
    """Who stands under "For whom?", and whether they are the one that is ticked."""
    return {
        " ".join(field.find_parent("label").get_text().split()): field.has_attr("checked")
        for field in page.find_all("input", attrs={"name": "person"})
    }


def test_an_adult_is_added_without_any_consent(ada, studio):
    answer = ada.post("/account/people/new", data={"name": "Max Bishop", "phone": "321 555 0199"})
    assert answer.status_code == 303
    assert "You can now book for Max Bishop." in words(ada.get(answer.location))
    max_ = db.session.scalars(select(Person).where(Person.name == "Max Bishop")).one()
    assert (max_.phone, max_.email, max_.is_holder) == (PHONE, None, False)
    assert (max_.guardian_id, max_.consented_at) == (None, None)
    ada_id = studio.accounts["ada"]
    assert trail(max_.id) == [(f"client:{ada_id}", "created", {"minor": False})]


def test_a_minor_needs_the_consent_of_the_holder_who_is_then_the_guardian(ada, studio, now):
    typed = {"name": "Cleo Bishop", "is_minor": "y"}
    refused = ada.post("/account/people/new", data=typed)
    assert refused.status_code == 422
    assert "Please consent as parent or guardian." in words(refused)
    assert soup(refused).find(id="name")["value"] == "Cleo Bishop"
    assert family(studio) == {"Ada": False}
    assert ada.post("/account/people/new", data={**typed, "consent": "y"}).status_code == 303
    assert family(studio) == {"Ada": False, "Cleo Bishop": True}
    cleo = db.session.scalars(select(Person).where(Person.name == "Cleo Bishop")).one()
    assert (cleo.guardian_id, cleo.consented_at) == (holder(studio), now())
    assert trail(cleo.id)[0][1:] == ("created", {"minor": True})


def test_a_change_is_written_down_without_what_was_or_is(ada, studio, now):
    max_ = add(studio, now, "Max", phone="+13215550000")
    data = {"name": "Max Bishop", "phone": "321 555 0199"}
    assert ada.post(f"/account/people/{max_}", data=data).status_code == 303
    assert (person(max_).name, person(max_).phone) == ("Max Bishop", PHONE)
    assert trail(max_)[-1][1:] == ("changed", {"fields": ["name", "phone"]})
    before = len(trail(max_))
    ada.post(f"/account/people/{max_}", data=data)
    assert len(trail(max_)) == before


def test_a_change_does_not_make_a_minor_an_adult_or_an_adult_a_minor(ada, studio, now):
    cleo, max_ = add(studio, now, "Cleo", is_minor=True), add(studio, now, "Max")
    ada.post(f"/account/people/{cleo}", data={"name": "Cleo"})
    ada.post(f"/account/people/{max_}", data={"name": "Max", "is_minor": "y"})
    assert family(studio) == {"Ada": False, "Cleo": True, "Max": False}


def test_who_is_taken_out_is_a_former_client_and_the_books_stay(ada, studio, now):
    cleo = add(studio, now, "Cleo", is_minor=True, phone=PHONE)
    details = Details("", "", note="Mind the knee.", person_id=cleo)
    booking = book(studio.hour, at(10), now(), details=details, account="ada", studio=studio).id
    now.set(at(11, 30))
    sign_in(ada, studio.accounts["ada"], now())
    page = soup(ada.get(f"/account/people/{cleo}/remove"))
    answer = send(ada, press(page, "Remove Cleo"))
    assert "Cleo" not in words(ada.get(answer.location))
    gone = person(cleo)
    assert (gone.name, gone.erased_at) == ("Former client", now())
    assert (gone.phone, gone.account_id, gone.guardian_id, gone.address) == (None,) * 4
    kept = db.session.get_one(Booking, booking)
    assert (kept.person_id, kept.note, kept.price_cents) == (cleo, "", 9500)
    assert trail(cleo)[-1][1] == "erased"
    assert findings(now()) == []


def test_who_has_a_session_ahead_is_not_taken_out(ada, studio, now):
    cleo = add(studio, now, "Cleo", is_minor=True)
    details = Details("", "", person_id=cleo)
    book(studio.hour, at(10), now(), details=details, account="ada", studio=studio)
    answer = ada.post(f"/account/people/{cleo}/remove")
    assert answer.status_code == 422
    assert "Cleo has a session ahead. Cancel it first." in words(answer)
    assert family(studio) == {"Ada": False, "Cleo": True}
    assert person(cleo).erased_at is None


def test_the_holder_stays_in_their_own_account(ada, studio):
    answer = ada.post(f"/account/people/{holder(studio)}/remove")
    assert answer.status_code == 422
    assert "You cannot take yourself out of your own account." in words(answer)
    assert family(studio) == {"Ada": False}


def test_for_whom_is_asked_only_of_an_account_with_more_than_one_person(ada, studio, now):
    details = hold_a_time(ada)
    page = soup(ada.get(details))
    assert asked_for(page) == {}
    assert "For Ada" in page.get_text()
    add(studio, now, "Cleo", is_minor=True)
    assert asked_for(soup(ada.get(details))) == {"Ada": True, "Cleo": False}


def test_for_whom_begins_with_whom_this_service_was_last_booked_for(ada, studio, now):
    cleo = add(studio, now, "Cleo", is_minor=True)
    form = press(soup(ada.get(hold_a_time(ada))), "Book this session")
    assert send(ada, form, person=str(cleo), policy="y").status_code == 303
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.person_id, booking.booked_by_id) == (cleo, studio.accounts["ada"])
    page = soup(ada.get("/services/massage?day=2026-11-25"))
    massage = send(ada, press(page, "10:00 AM")).location
    assert asked_for(soup(ada.get(massage))) == {"Ada": False, "Cleo": True}
    page = soup(ada.get("/services/training?day=2026-11-25"))
    training = send(ada, press(page, "2:00 PM")).location
    assert asked_for(soup(ada.get(training))) == {"Ada": True, "Cleo": False}


def booked_for() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking.person_id)))


def test_another_account_s_person_cannot_be_booked_for(ada, studio, now):
    add(studio, now, "Cleo", is_minor=True)
    ben, bob = add(studio, now, "Ben", account="bob", is_minor=True), holder(studio, "bob")
    form = press(soup(ada.get(hold_a_time(ada))), "Book this session")
    for stranger in (ben, bob, 999_999):
        assert send(ada, form, person=str(stranger), policy="y").status_code == 422
    stranger = Details("", "", "+13215550666", person_id=ben)
    with pytest.raises(HoldUnknown):
        book(studio.hour, at(14), now(), details=stranger, account="ada", studio=studio)
    assert booked_for() == []
    assert family(studio, "bob") == {"Bob": False, "Ben": True}
    assert [person(one).phone for one in (ben, bob, holder(studio))] == [None, None, ADAS_PHONE]


def test_who_is_not_asked_for_whom_books_for_themselves_whatever_is_posted(ada, studio, now):
    ben = add(studio, now, "Ben", account="bob", is_minor=True)
    form = press(soup(ada.get(hold_a_time(ada))), "Book this session")
    assert send(ada, form, person=str(ben), policy="y").status_code == 303
    assert booked_for() == [holder(studio)]


def test_who_has_no_name_of_their_own_yet_can_book_beside_two_guests(client, studio, now):
    for number, name in enumerate(("Grace", "Walter")):
        typed = Details(name, "mara@heronlane.example")
        book(studio.hour, at(12 + 2 * number), now(), details=typed, visitor=name)
    secret = transact(tokens.issue, tokens.GUEST, "mara@heronlane.example", "", now())
    client.post(f"/this-is-me/{secret}")
    sign_in(client, studio.accounts["mara"], now())
    form = press(soup(client.get(hold_a_time(client))), "Book this session")
    assert send(client, form, name="Mara Lund", policy="y").status_code == 303
    assert family(studio, "mara") == {"Mara Lund": False, "Grace": False, "Walter": False}


def test_mails_about_a_child_go_to_the_account_greet_the_holder_and_name_the_child(
    studio, now, ada
):
    cleo = add(studio, now, "Cleo", is_minor=True)
    details = Details("", "", person_id=cleo)
    book(studio.hour, at(10, day=27), now(), details=details, account="ada", studio=studio)
    now.set(at(10, day=25))
    turn()
    about_cleo = select(OutgoingMail).where(OutgoingMail.person_id == cleo)
    mails = db.session.scalars(about_cleo.order_by(OutgoingMail.id)).all()
    assert [mail.kind for mail in mails] == ["confirmed", "reminder"]
    for mail in mails:
        assert mail.to_address == "ada@example.com"
        for text in (mail.body_text, mail.body_html):
            assert "Hello Ada," in text
            assert "for Cleo" in text
    to_lena = select(OutgoingMail.body_text).where(OutgoingMail.kind == "studio_new")
    assert "Cleo has booked:" in db.session.scalars(to_lena).one()


def test_a_child_without_a_number_is_called_at_the_holder_s(app, studio, now, ada):
    cleo, max_ = add(studio, now, "Cleo", is_minor=True), add(studio, now, "Max", phone=PHONE)
    lena = app.test_client()
    sign_in(lena, studio.accounts["lena"], now())
    assert ADAS_PHONE in words(lena.get(f"/studio/clients/{cleo}"))
    its_own = words(lena.get(f"/studio/clients/{max_}"))
    assert PHONE in its_own
    assert ADAS_PHONE not in its_own
    details = Details("", "", person_id=cleo)
    book(studio.hour, at(10), now(), details=details, account="ada", studio=studio)
    assert ADAS_PHONE in str(lena.get("/studio/day/2026-11-24").data)


def test_everybody_of_a_family_is_a_client_of_their_own(app, studio, now, ada):
    add(studio, now, "Cleo", is_minor=True)
    add(studio, now, "Max")
    lena = app.test_client()
    sign_in(lena, studio.accounts["lena"], now())
    page = soup(lena.get("/studio/clients"))
    assert [one.get_text().strip() for one in page.select(".entry-name")] == [
        "Ada", "Bob", "Cleo", "Max",
    ]  # fmt: skip
    assert "under 18, guardian Ada" in words(lena.get("/studio/clients"))
    assert len({link["href"] for link in page.select(".entry-name a")}) == 4


def test_a_child_whom_the_studio_wrote_down_comes_along_with_its_guardian(studio, now):
    grace = book(studio.hour, at(10), now()).person_id

    def come_home() -> int:
        guardian = db.session.get_one(Person, grace)
        tom = clients.add(Entry("Tom", None, None), guardian, SYSTEM, now())
        account = people.open_account("grace@example.com", "Grace Hill", None, now())
        people.adopt_guests(account, now())
        return tom.id

    tom = person(transact(come_home))
    assert (tom.account.email, tom.guardian.name) == ("grace@example.com", "Grace Hill")
    assert tom.guardian.is_holder
