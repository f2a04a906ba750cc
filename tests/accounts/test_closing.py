"""Leaving: what is ahead ends by the rules, what names one is gone, and the books stay."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from booking import worker
from booking.accounts import operations, passwords, people, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, OneTimeToken, Person
from booking.bookings.clients import Details
from booking.bookings.models import Booking, Status
from booking.clients import clients
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.upkeep.check import findings
from tests.cast import at, book, hold, sign_in
from tests.web.pages import press, send, soup, words

PASSWORD = "a quiet lantern in the harbor"
# How Ada, her child and what was said of them would be found in any column of any table.
TRACES = re.compile(r"\b(Ada|Cleo|Bishop)\b|ada@|zoe@|3215550111|left knee", re.IGNORECASE)


@pytest.fixture
def ada(client, studio, now):
    """Ada's browser: a password, a child and three bookings of which everybody has been told."""
    hashed = passwords.hash_password(PASSWORD)

    def settle_in() -> int:
        account = db.session.get_one(Account, studio.accounts["ada"])
        account.password_hash = hashed
        people.own_person(account).name = "Ada Bishop"
        return people.add(account, "Cleo Bishop", "", is_minor=True, now=now()).id

    child = transact(settle_in)
    for start, person in ((at(10), None), (at(14, day=27), None), (at(10, day=30), child)):
        details = Details("", "", "+13215550111", "Mind the left knee.", person)
        book(studio.hour, start, now(), details=details, account="ada", studio=studio,
             practitioner=studio.lena, visitor=str(start))  # fmt: skip
    client.post("/sign-in/link", data={"email": "ada@example.com"})
    now.forward(minutes=4)
    worker.turn()
    sign_in(client, studio.accounts["ada"], now())
    return client


def close(client, **typed: str):
    return client.post("/account/close", data={"sure": "y", **typed})


def send_and_sweep(now) -> None:
    worker.turn()
    transact(worker.sweep, now())


def letters(tmp_path) -> list[tuple[str, str]]:
    """To whom and under which subject the mails left."""
    files = sorted((tmp_path / "instance" / "mail").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [(mail["To"], mail["Subject"]) for mail in mails]


def everything() -> dict[str, list[dict]]:
    """All rows of all tables, in order."""
    db.session.rollback()
    return {
        table.name: [
            dict(row)
            for row in db.session.execute(select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in db.metadata.sorted_tables
    }


def traces() -> list[str]:
    """Where in the whole database something still names Ada."""
    return [
        f"{table}.{column}: {value!r:.80}"
        for table, rows in everything().items()
        for row in rows
        for column, value in row.items()
        if TRACES.search(str(value))
    ]


def statuses() -> list[Status]:
    db.session.rollback()
    return list(db.session.scalars(select(Booking.status).order_by(Booking.starts_at)))


def test_what_is_ahead_is_cancelled_free_or_late_as_its_deadline_says(ada, studio, now, tmp_path):
    now.set(at(10, 30, day=23))
    sign_in(ada, studio.accounts["ada"], now())
    asked = ada.get("/account/close")
    assert words(asked).count("Too late for a free cancellation") == 1
    before = letters(tmp_path)
    answer = send(ada, press(soup(asked), "Close my account"), sure="y")
    assert answer.status_code == 303
    assert "Your account is closed. Goodbye, and all the best." in words(ada.get(answer.location))
    assert statuses() == [Status.LATE_CANCELLED, Status.CANCELLED, Status.CANCELLED]
    send_and_sweep(now)
    sent = letters(tmp_path)
    lenas = [subject for to, subject in sent if to == "lena@heronlane.example"]
    assert sum(subject.startswith("Cancelled: Ada Bishop") for subject in lenas) == 2
    assert sum(subject.startswith("Cancelled: Cleo Bishop") for subject in lenas) == 1
    assert len(sent) == len(before) + 7
    for start in (at(10), at(14, day=27), at(10, day=30)):
        assert hold(studio.hour, start, f"somebody {start}", now(), studio.lena)


def test_the_last_mails_arrive_before_they_are_blanked(ada, now, tmp_path):
    close(ada)
    transact(worker.sweep, now())
    worker.turn()
    hers = [subject for to, subject in letters(tmp_path) if to == "ada@example.com"]
    assert sum(subject.startswith("Cancelled: Massage") for subject in hers) == 3
    assert hers.count("Your account is closed") == 1
    transact(worker.sweep, now())
    assert {mail.to_address for mail in db.session.scalars(select(OutgoingMail))} == {""}


def test_it_needs_the_tick_and_a_fresh_proof(ada, now):
    before = everything()
    refused = ada.post("/account/close")
    assert refused.status_code == 422
    assert "Please tick this if you are sure." in words(refused)
    assert everything() == before
    now.forward(minutes=56)
    ada.get("/my/bookings")
    now.forward(minutes=4, seconds=1)
    before = everything()
    assert close(ada).location == "/account/prove?next=/account/close"
    assert everything() == before


def test_a_session_going_on_is_awaited_and_nothing_is_changed(ada, studio, now):
    now.set(at(10, 30))
    sign_in(ada, studio.accounts["ada"], now())
    before = everything()
    answer = close(ada)
    assert answer.status_code == 422
    assert "You have a session going on. You can close your account after it." in words(answer)
    assert everything() == before
    now.set(at(11))
    assert close(ada).status_code == 303


def test_staff_are_let_go_by_a_manager_and_not_here(client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    before = everything()
    answer = close(client)
    assert answer.status_code == 422
    assert "Staff accounts are ended by a manager on the team page." in words(answer)
    assert everything() == before


def test_afterwards_nobody_gets_in_and_the_address_begins_anew(app, ada, studio, now, tmp_path):
    other = app.test_client()
    sign_in(other, studio.accounts["ada"], now())
    secret = transact(tokens.issue, tokens.SIGN_IN, "ada@example.com", "", now())
    close(ada)
    for browser in (ada, other):
        assert browser.get("/my/bookings").status_code == 303
    typed = {"email": "ada@example.com", "password": PASSWORD}
    assert other.post("/sign-in/password", data=typed).status_code == 422
    assert other.post(f"/sign-in/{secret}").status_code == 422
    send_and_sweep(now)
    newcomer = operations.Newcomer("Ada Bishop")
    browser = operations.Browser("test")
    secret = transact(tokens.issue, tokens.SIGN_IN, "ada@example.com", "", now())
    account, _key = transact(operations.sign_in_by_link, secret, newcomer, browser, (), now())
    assert account.id != studio.accounts["ada"]
    sign_in(other, account.id, now())
    mine = words(other.get("/my/bookings"))
    assert "Nothing is booked." in mine
    assert "Massage, 60 minutes" not in mine
    assert "Cleo" not in words(other.get("/account/people"))
    assert "Booked" not in words(other.get("/account/history"))


def test_nothing_in_the_whole_database_names_one_any_more(ada, studio, now):
    assert len({one.partition(".")[0] for one in traces()}) >= 5
    now.set(at(11))
    sign_in(ada, studio.accounts["ada"], now())
    close(ada)
    send_and_sweep(now)
    assert traces() == []
    names = db.session.scalars(select(Person.name).where(Person.erased_at.is_not(None))).all()
    assert names == ["Former client", "Former client"]


def test_the_books_and_the_trail_stay(ada, studio, now):
    now.set(at(11))
    sign_in(ada, studio.accounts["ada"], now())
    before = everything()
    close(ada)
    send_and_sweep(now)
    after = everything()
    kept = ("id", "person_id", "practitioner_id", "starts_at", "price_cents", "currency")
    for old, new in zip(before["booking"], after["booking"], strict=True):
        assert [new[name] for name in kept] == [old[name] for name in kept]
    assert statuses() == [Status.BOOKED, Status.CANCELLED, Status.CANCELLED]
    assert after["audit"][: len(before["audit"])] == before["audit"]
    assert {"erased", "cancelled", "closed"} <= {row["action"] for row in after["audit"]}
    assert len(after["outgoing_mail"]) > len(before["outgoing_mail"])
    assert findings(now()) == []


def test_an_address_that_was_the_account_s_before_is_forgotten_too(client, now, studio):
    client.post("/sign-up", data={"email": "zoe@example.com"})
    worker.turn()

    def come_and_move_house() -> int:
        secret = tokens.issue(tokens.SIGN_IN, "zoe@example.com", "", now())
        newcomer, browser = operations.Newcomer("Zoe"), operations.Browser("test")
        account, _key = operations.sign_in_by_link(secret, newcomer, browser, (), now())
        secret = tokens.issue(tokens.ADDRESS, "ada@new.example", account.about, now())
        operations.change_address(secret, None, (), now())
        return account.id

    account_id = transact(come_and_move_house)
    sign_in(client, account_id, now())
    assert close(client).status_code == 303
    send_and_sweep(now)
    assert [one for one in traces() if "zoe@" in one] == []


def test_what_is_another_s_stays_when_the_studio_had_typed_their_address_for_a_child(
    ada, studio, now
):
    entry = clients.Entry("Cara", None, "bob@example.com")

    def write() -> None:
        guardian = people.own_person(db.session.get_one(Account, studio.accounts["ada"]))
        clients.add(entry, guardian, Actor("staff", studio.accounts["mara"]), now())

    transact(write)
    ada.post("/sign-in/link", data={"email": "bob@example.com"})
    worker.turn()
    close(ada)
    send_and_sweep(now)
    tokens_left = select(OneTimeToken.email).where(OneTimeToken.purpose == tokens.SIGN_IN)
    assert db.session.scalars(tokens_left).all() == ["bob@example.com"]
    to_bob = select(OutgoingMail.body_text).where(OutgoingMail.to_address == "bob@example.com")
    assert [text != "" for text in db.session.scalars(to_bob)] == [True]


def test_what_was_typed_for_a_time_that_was_lost_is_gone_a_day_later(ada, studio, now):
    page = soup(ada.get(f"/services/training?day=2026-11-25&with={studio.lena}"))
    details = send(ada, press(page, "2:00 PM")).location
    form = press(soup(ada.get(details)), "Book this session")
    now.forward(minutes=11)
    book(studio.training, at(14, day=25), now(), details=Details("Max", "max@example.com"))
    assert send(ada, form, note="Mind the left knee.", policy="y").status_code == 409
    close(ada)
    now.forward(days=1, seconds=1)
    send_and_sweep(now)
    assert traces() == []
