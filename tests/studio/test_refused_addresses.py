"""Addresses at which nobody reads: marked by what a server says, shown, and let go of."""

import pytest
from sqlalchemy import select

from booking.accounts import tokens
from booking.accounts.models import Audit, Person
from booking.bookings import changes
from booking.database import db, transact
from booking.mail import bounces, outbox
from booking.mail.answers import AddressProblem, FinalProblem, MailProblem
from booking.mail.models import OutgoingMail
from booking.mail.outbox import Envelope, Letter
from booking.mail.outlet import SmtpOutlet
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import ADA, STAFF, at, book
from tests.web.pages import press, send, soup, words

NOBODY = AddressProblem("550 5.1.1 <b>no such</b> user")


@pytest.fixture
def refusals(app, studio, monkeypatch) -> dict[str, MailProblem]:
    """What the mail server says about which address."""
    said: dict[str, MailProblem] = {}

    def answer(_outlet, _message, _sender, address: str) -> None:
        if address in said:
            raise said[address]

    app.config["SMTP_URL"] = "smtp://localhost:1"
    monkeypatch.setattr(SmtpOutlet, "make_ready", lambda _outlet: None)
    monkeypatch.setattr(SmtpOutlet, "send", answer)
    return said


def write(now, key: str, address: str, purpose: str | None = None) -> str:
    envelope = Envelope(key=key, kind="test", address=address, token_purpose=purpose)
    transact(outbox.enqueue, envelope, Letter("S", "T", "<p>T</p>"), now())
    turn()
    db.session.rollback()
    return db.session.scalars(
        select(OutgoingMail.state).where(OutgoingMail.dedupe_key == key)
    ).one()


def test_who_reads_no_mail_is_shown_and_written_to_no_more_until_that_is_mended(
    app, mara, studio, now, refusals
):
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    page = f"/studio/clients/{booking.person_id}"
    now.forward(minutes=4)
    refusals["ada@example.com"] = NOBODY
    turn()
    assert "550 5.1.1 <b>no such</b> user" in words(mara.get(page))
    assert "<b>no such" not in mara.get(page).get_data(as_text=True)
    del refusals["ada@example.com"]
    confirmed = f"/studio/mails/{newest('confirmed')}"
    for way in ("retry", "again"):
        answer = mara.post(
            f"{confirmed}/{way}", data={"token": "a-token-of-a-page-that-was-opened"}
        )
        assert (answer.status_code, "has refused a mail" in words(answer)) == (422, True), way
    assert "Try again now" not in words(mara.get(confirmed))
    mara.post("/studio/mails/retry")
    assert "The server refused it for good" in words(mara.get(confirmed))
    assert write(now, "next", "Ada@example.com") == "void"
    assert write(now, "other", "bob@example.com") == "sent"
    assert findings(now()) == []
    assert send(mara, press(soup(mara.get(page)), "Send mails there again")).status_code == 303
    assert "do not arrive" not in words(mara.get(page))
    assert write(now, "again", "ada@example.com") == "sent"
    db.session.rollback()
    trail = select(Audit.subject, Audit.actor).where(Audit.action == "address_retried")
    mara_id = studio.accounts["mara"]
    assert db.session.execute(trail).all() == [(f"person:{booking.person_id}", f"staff:{mara_id}")]


def test_what_is_cancelled_is_told_to_a_mended_address_and_its_confirmation_can_be_sent_then(
    app, mara, studio, now, refusals
):
    refusals["ada@example.com"] = NOBODY
    write(now, "first", "ada@example.com")
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    now.forward(minutes=4)
    turn()
    refusals.clear()
    mail = f"/studio/mails/{newest('confirmed')}"
    assert "this address has refused a mail before" in words(mara.get(mail))
    assert "Send it again" not in words(mara.get(mail))
    transact(bounces.forgive, "ada@example.com")
    again = send(mara, press(soup(mara.get(mail)), "Send it again to ada@example.com"))
    turn()
    assert "Sent Mon" in words(mara.get(again.location))
    transact(changes.cancel, booking.id, STAFF, practice.current(), now())
    now.forward(minutes=4)
    turn()
    db.session.rollback()
    kinds = select(OutgoingMail.kind, OutgoingMail.state).where(
        OutgoingMail.to_address == "ada@example.com"
    )
    told = db.session.execute(kinds.order_by(OutgoingMail.id))
    sent = {kind: state.value for kind, state in told}
    assert (sent["confirmed"], sent["cancelled_by_studio"]) == ("sent", "sent")


def newest(kind: str) -> int:
    db.session.rollback()
    found = select(OutgoingMail.id).where(
        OutgoingMail.kind == kind, OutgoingMail.to_address == "ada@example.com"
    )
    return db.session.scalars(found.order_by(OutgoingMail.id.desc())).first()


@pytest.mark.parametrize("problem", [FinalProblem("554 content"), FinalProblem("550 5.7.1 policy")])
def test_other_refusals_say_nothing_about_the_address(app, now, refusals, problem):
    refusals["ada@example.com"] = problem
    assert write(now, "a", "ada@example.com") == "failed"
    assert bounces.find("ada@example.com") is None


def test_a_link_that_somebody_asks_for_is_tried_all_the_same_and_opens_the_way(app, now, refusals):
    refusals["ada@example.com"] = NOBODY
    assert write(now, "a", "ada@example.com") == "failed"
    assert write(now, "link", "ada@example.com", tokens.SIGN_IN) == "failed"
    refusals.clear()
    assert write(now, "b", "ada@example.com") == "void"
    assert write(now, "new link", "ada@example.com", tokens.SIGN_IN) == "sent"
    assert write(now, "c", "ada@example.com") == "sent"


def test_a_corrected_address_is_written_to_at_once(app, mara, studio, now, refusals):
    refusals["gracee@example.com"] = NOBODY
    person = Person(name="Grace", email="gracee@example.com", created_at=now())
    transact(db.session.add, person)
    page = f"/studio/clients/{person.id}"
    write(now, "a", "gracee@example.com")
    assert "do not arrive" in words(mara.get(page))
    form = press(soup(mara.get(f"{page}/edit")), "Save")
    assert send(mara, form, email=ADA.email).status_code == 303
    assert "do not arrive" not in words(mara.get(page))


def test_the_manager_sees_all_such_addresses_and_lets_one_be_tried(app, mara, now, refusals):
    refusals["lena@heronlane.example"] = refusals["x@example.com"] = NOBODY
    for address in ("lena@heronlane.example", "x@example.com"):
        write(now, address, address)
    page = "/studio/settings/mail"
    assert "Addresses at which nobody reads" in words(mara.get(page))
    send(mara, press(soup(mara.get(page)), "Send mails there again x@example.com"))
    db.session.rollback()
    assert [one.address for one in bounces.all_refused()] == ["lena@heronlane.example"]
