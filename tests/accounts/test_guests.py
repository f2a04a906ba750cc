"""Guests: what they type touches nobody, and *This is my address* brings their bookings home."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from booking.accounts import people, tokens
from booking.accounts.models import Account, AccountSession, Audit, OneTimeToken, Person, Role
from booking.accounts.operations import find_account
from booking.bookings.clients import Details
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.mail.outbox import ONE_TIME_LINK
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import ADA, at, book, sign_in
from tests.web.pages import press, send, soup, words

TYPED = {"name": "Grace Hill", "phone": "321 555 0101", "note": "Left knee.", "policy": "y"}
OWNED = (Account, Person, AccountSession, OneTimeToken)


def rows(*models) -> dict[str, list[tuple]]:
    """Every row of these tables, all columns, as they are now."""
    db.session.rollback()
    return {
        model.__tablename__: [tuple(row) for row in db.session.execute(select(model.__table__))]
        for model in models
    }


def only(model, *conditions):
    db.session.rollback()
    return db.session.scalars(select(model).where(*conditions)).one()


def letters(tmp_path, address: str) -> list[str]:
    """The text parts of the mails to an address, as they left."""
    files = (tmp_path / "instance" / "mail").glob("*.eml")
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail.get_body(("plain",)).get_content() for mail in mails if mail["To"] == address]


def confirmed_link(tmp_path, now, address: str) -> str:
    """Let the time for undoing pass and the mails go out; a link in a confirmation."""
    now.forward(minutes=4)
    turn()
    return re.search(r"/this-is-me/[\w-]+", "".join(letters(tmp_path, address))).group()


@pytest.mark.parametrize(
    "email",
    ["grace@example.com", "ada@example.com", "ADA@Example.COM", "Lena@heronlane.example"],
    ids=["of nobody", "of a client", "in another case", "of staff"],
)
def test_a_guests_booking_makes_no_account_and_touches_none(client, studio, email):
    before = rows(*OWNED)
    page = soup(client.get("/services/massage?day=2026-11-24"))
    details = send(client, press(page, "10:00 AM")).location
    form = press(soup(client.get(details)), "Book this session")
    assert send(client, form, **TYPED, email=email).status_code == 303
    after = rows(*OWNED)
    guest = only(Booking).person
    assert (guest.account_id, guest.is_holder, guest.email) == (None, False, email.lower())
    assert only(Booking).booked_by_id is None
    assert len(after["person"]) == len(before["person"]) + 1
    after["person"] = [row for row in after["person"] if row[0] != guest.id]
    assert after == before
    assert client.get("/my/bookings").status_code == 303


def test_the_confirmation_to_a_guest_carries_a_link_whose_secret_is_kept_nowhere(
    client, studio, tmp_path, now
):
    book(studio.hour, at(10), now())
    link = confirmed_link(tmp_path, now, "grace@example.com")
    secret = link.rpartition("/")[2]
    mail = only(OutgoingMail, OutgoingMail.kind == "confirmed")
    assert ONE_TIME_LINK in mail.body_text
    assert "This is my address" in mail.body_html
    assert only(OneTimeToken).token_hash == tokens.digest(secret)
    assert secret not in str(rows(*OWNED, OutgoingMail, Audit))
    page = words(client.get(link))
    assert "Is grace@example.com your address?" in page
    assert "Grace" not in page


def test_a_reminder_to_a_guest_carries_no_such_link(studio, now):
    book(studio.hour, at(10, day=27), now())
    now.set(at(10, day=25))
    turn()
    mail = only(OutgoingMail, OutgoingMail.kind == "reminder")
    assert ONE_TIME_LINK not in mail.body_text + mail.body_html
    assert mail.token_purpose is None


def test_the_confirmation_to_a_client_who_is_signed_in_carries_none(studio, tmp_path, now):
    book(studio.hour, at(10), now(), details=ADA, account="ada", studio=studio)
    now.forward(minutes=4)
    turn()
    (text,) = letters(tmp_path, "ada@example.com")
    assert "Thank you for booking" in text
    assert "this-is-me" not in text
    assert "Is this your address?" not in text
    assert rows(OneTimeToken) == {"one_time_token": []}


def test_opening_the_link_changes_nothing_however_often(client, studio, tmp_path, now):
    book(studio.hour, at(10), now())
    link = confirmed_link(tmp_path, now, "grace@example.com")
    before = rows(*OWNED, Booking, Audit, OutgoingMail)
    for _scanner in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert rows(*OWNED, Booking, Audit, OutgoingMail) == before
    assert client.get("/my/bookings").status_code == 303


def test_pressed_by_a_new_address_it_makes_the_account_with_the_name_typed(
    client, studio, tmp_path, now
):
    book(studio.hour, at(10), now())
    book(studio.hour, at(14, day=25), now(), visitor="later")
    form = press(
        soup(client.get(confirmed_link(tmp_path, now, "grace@example.com"))), "This is my address"
    )
    assert send(client, form).status_code == 422
    assert find_account("grace@example.com") is None
    answer = send(client, form, name="Grace M. Hill")
    assert answer.location == "/my/bookings"
    mine = words(client.get(answer.location))
    assert "Tuesday, November 24, 10:00 AM" in mine
    assert "Wednesday, November 25, 2:00 PM" in mine
    account = only(Account, Account.email == "grace@example.com")
    assert (account.role, account.password_hash) == (Role.CLIENT, None)
    assert people.own_person(account).name == "Grace M. Hill"
    assert findings(now()) == []


@pytest.mark.parametrize("name", ["ada", "lena"])
def test_pressed_when_the_address_has_an_account_it_signs_nobody_in(
    client, studio, tmp_path, now, name
):
    email = db.session.get_one(Account, studio.accounts[name]).email
    booking = book(studio.hour, at(10), now(), details=Details("Mallory", email)).id
    page = soup(client.get(confirmed_link(tmp_path, now, email)))
    before = rows(AccountSession, Account)
    assert page.find(id="name") is None
    assert send(client, press(page, "This is my address")).status_code == 303
    assert rows(AccountSession, Account) == before
    assert client.get("/my/bookings").status_code == 303
    assert only(Booking, Booking.id == booking).person.account_id == studio.accounts[name]
    sign_in(client, studio.accounts[name], now())
    assert "Tuesday, November 24, 10:00 AM" in words(client.get("/my/bookings"))


def test_a_guests_bookings_stay_out_of_an_account_that_nobody_can_open(
    client, studio, tmp_path, now
):
    def leave() -> None:
        db.session.get_one(Account, studio.accounts["marco"]).closed_at = now()

    transact(leave)
    book(studio.hour, at(10), now(), details=Details("Marco", "marco@heronlane.example"))
    link = confirmed_link(tmp_path, now, "marco@heronlane.example")
    assert client.post(link, data={"name": "Marco"}).status_code == 422
    assert only(Booking).person.account_id is None


def test_two_guests_of_one_address_with_different_names_stay_two_people(
    client, studio, tmp_path, now
):
    ids = [
        book(studio.hour, at(10), now()).person_id,
        book(studio.hour, at(14), now(), visitor="other",
             details=Details("Mallory", "grace@example.com")).person_id,
    ]  # fmt: skip
    client.post(confirmed_link(tmp_path, now, "grace@example.com"), data={"name": "Grace Hill"})
    holder, other = people.of_account(find_account("grace@example.com").id)
    assert (holder.name, holder.is_holder) == ("Grace Hill", True)
    assert (other.id, other.name, other.is_holder) == (ids[1], "Mallory", False)
    booked = db.session.scalars(select(Booking.person_id).order_by(Booking.id)).all()
    assert booked == [holder.id, other.id]


def dangling() -> list[str]:
    """Columns with a foreign key that points to nothing, over the whole schema."""
    db.session.rollback()
    return [
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if db.session.scalar(
            select(func.count())
            .select_from(table)
            .where(key.parent.is_not(None), key.parent.not_in(select(key.column)))
        )
    ]


def test_a_guest_of_the_same_name_becomes_one_with_the_holder_and_changes_nothing_of_them(
    client, studio, tmp_path, now
):
    typed = Details(" ADA ", "ada@example.com", "+13215550666", "Mind the back.")
    guests = [
        book(studio.hour, at(10, day=day), now(), details=typed, visitor=str(day)).person_id
        for day in (24, 25)
    ]
    link = confirmed_link(tmp_path, now, "ada@example.com")
    before = rows(Person)["person"]
    client.post(link)
    assert rows(Person)["person"] == [row for row in before if row[0] not in guests]
    ada = only(Person, Person.account_id == studio.accounts["ada"])
    assert (ada.name, ada.phone, ada.is_holder) == ("Ada", None, True)
    assert set(db.session.scalars(select(Booking.person_id))) == {ada.id}
    mails = select(OutgoingMail.person_id).where(OutgoingMail.kind == "confirmed")
    assert db.session.scalars(mails).all() == [ada.id, ada.id]
    assert dangling() == []
    assert findings(now()) == []


def test_that_the_studio_looked_at_a_guest_is_told_after_the_guest_became_one_with_the_holder(
    app, client, studio, tmp_path, now
):
    typed = Details("Ada", "ada@example.com")
    guest = book(studio.hour, at(10), now(), details=typed, practitioner=studio.lena).person_id
    lena = app.test_client()
    sign_in(lena, studio.accounts["lena"], now())
    assert lena.get(f"/studio/clients/{guest}").status_code == 200
    client.post(confirmed_link(tmp_path, now, "ada@example.com"))
    sign_in(client, studio.accounts["ada"], now())
    assert "Record opened by the studio" in words(client.get("/account/history"))


def test_a_link_used_twice_does_nothing_the_second_time(app, client, studio, tmp_path, now):
    book(studio.hour, at(10), now())
    link = confirmed_link(tmp_path, now, "grace@example.com")
    client.post(link, data={"name": "Grace Hill"})
    before = rows(*OWNED, Booking, Audit)
    other = app.test_client()
    again = other.post(link, data={"name": "Mallory"})
    assert again.status_code == 422
    assert "This link has been used or is too old" in words(again)
    assert other.get(link).status_code == 422
    assert rows(*OWNED, Booking, Audit) == before
    assert other.get("/my/bookings").status_code == 303


def test_the_link_is_dead_after_fourteen_days(client, studio, tmp_path, now):
    book(studio.hour, at(10), now())
    link = confirmed_link(tmp_path, now, "grace@example.com")
    now.forward(days=14, seconds=-1)
    assert client.get(link).status_code == 200
    now.forward(seconds=1)
    assert client.get(link).status_code == 422
    assert client.post(link, data={"name": "Grace Hill"}).status_code == 422
    assert find_account("grace@example.com") is None


def minors_of_ada(studio, now) -> tuple[int, int]:
    """A child of the account, and one of Ada's name whom the studio wrote down with her address."""
    account = db.session.get_one(Account, studio.accounts["ada"])
    cleo = people.add(account, "Cleo", "", is_minor=True, now=now)
    guardian = people.own_person(account).id
    small = Person(name="Ada", email=account.email, guardian_id=guardian, created_at=now)
    db.session.add(small)
    db.session.flush()
    return cleo.id, small.id


def test_a_minor_is_never_made_one_with_anybody(client, studio, tmp_path, now):
    cleo, small = transact(minors_of_ada, studio, now())
    guest = book(studio.hour, at(10), now(), details=Details("Cleo", "ada@example.com")).person_id
    client.post(confirmed_link(tmp_path, now, "ada@example.com"))
    theirs = select(Person.id, Person.name).where(Person.account_id == studio.accounts["ada"])
    found = dict(db.session.execute(theirs).all())
    assert {cleo: "Cleo", guest: "Cleo", small: "Ada"}.items() <= found.items()
    assert len(found) == 4
    assert only(Booking).person_id == guest
    assert only(Person, Person.id == small).is_minor
