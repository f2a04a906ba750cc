"""The log of mails: who sees what, why one was not sent, and sending one again."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from booking.accounts import messages as account_messages
from booking.accounts import staff
from booking.accounts.audit import SYSTEM, Actor
from booking.accounts.models import Account, Person, Role
from booking.bookings import changes, resending
from booking.bookings.follow_models import FollowUpOutcome
from booking.bookings.links import manage_url
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import OfferState, Waits
from booking.database import db, transact
from booking.mail import lane, whose
from booking.mail.masking import DOTS, mask
from booking.mail.models import MailState, OutgoingMail
from booking.mail.outbox import ONE_TIME_LINK
from booking.mail.pulse import Pulse
from booking.mail.reasons import Reason
from booking.practice import queries as practice
from booking.studio import mail_words, planned_queries, planned_words
from booking.web.mail_preview import MAIL_POLICY
from booking.worker import turn
from tests.cast import GUEST, STAFF, at, book, sign_in

TOKEN = "a-token-of-a-page-that-was-opened"
BOOKING = Path(mail_words.__file__).parent.parent


def mail_of(booking: Any, kind: str = "confirmed") -> int:
    db.session.rollback()
    query = select(OutgoingMail.id).where(
        OutgoingMail.about == booking.about, OutgoingMail.kind == kind
    )
    return db.session.scalars(query).one()


def put(mail_id: int, state: MailState, now, **more: object) -> None:
    def write() -> None:
        mail = db.session.get_one(OutgoingMail, mail_id)
        mail.state, mail.due_at = state, now()
        mail.sent_at = now() if state is MailState.SENT else None
        for name, value in more.items():
            setattr(mail, name, value)

    transact(write)


def rows(client, path: str) -> list[str]:
    page = BeautifulSoup(client.get(path).text, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in page.select(".log li")]


def again(client, mail_id: int, token: str = TOKEN):
    return client.post(f"/studio/mails/{mail_id}/again", data={"token": token})


@dataclass(frozen=True)
class Booked:
    """What is asked about a booking after its row has been let go of."""

    id: int
    about: str
    person_id: int
    starts_at: datetime
    link: str


def booked(booking: Booking) -> Booked:
    return Booked(
        booking.id, booking.about, booking.person_id, booking.starts_at, manage_url(booking)
    )


@pytest.fixture
def lenas(studio, now) -> Booked:
    return booked(book(studio.training, at(14, day=27), now(), visitor="a"))


@pytest.fixture
def marcos(studio, now) -> Booked:
    start = at(9, day=27)
    return booked(book(studio.hour, start, now(), visitor="b", practitioner=studio.marco))


def test_practitioners_see_what_concerns_their_sessions_and_managers_all(
    client, studio, now, lenas, marcos
):
    transact(account_messages.sign_in_link, "grace@example.com", None, now())
    for name, own in (("lena", lenas), ("marco", marcos)):
        sign_in(client, studio.accounts[name], now())
        found = rows(client, "/studio/mails")
        assert len(found) == 2, found  # To the client, and to themselves.
        assert client.get(f"/studio/mails/{mail_of(own)}").status_code == 200
        other = marcos if own is lenas else lenas
        for page in ("", "/html"):
            assert client.get(f"/studio/mails/{mail_of(other)}{page}").status_code == 404
        assert len(rows(client, f"/studio/mails?client={own.person_id}")) == 3  # With reminders.
        assert client.get(f"/studio/mails?client={other.person_id}").status_code == 404
    sign_in(client, studio.accounts["mara"], now())
    assert len(rows(client, "/studio/mails")) == 5


def test_the_list_is_narrowed_and_paged_by_where_the_last_page_ended(client, studio, now, lenas):
    put(mail_of(lenas), MailState.FAILED, now, last_error="550 no such person")
    sign_in(client, studio.accounts["mara"], now())
    for state, count in (("waiting", 1), ("stuck", 1), ("sent", 0), ("not-sent", 0), ("x", 2)):
        assert len(rows(client, f"/studio/mails?state={state}")) == count, state
    (stuck,) = rows(client, "/studio/mails?state=stuck")
    assert "refused it for good" in stuck
    assert "550 no such person" in stuck
    assert len(rows(client, "/studio/mails?q=GRACE")) == 2  # Hers, and one with her in its subject.
    assert len(rows(client, "/studio/mails?q=grace@example")) == 1
    for number in range(40):
        transact(account_messages.sign_in_link, f"n{number}@example.com", None, now())
    first = client.get("/studio/mails")
    older = BeautifulSoup(first.text, "html.parser").find("a", string=re.compile("Older"))
    assert older is not None
    transact(account_messages.sign_in_link, "newest@example.com", None, now())
    second = rows(client, str(older["href"]))
    assert len(second) == 12  # What comes in meanwhile moves nothing from page to page.
    assert not set(second) & set(rows(client, "/studio/mails")[1:])
    assert "before=" in str(older["href"])


def test_a_mail_is_shown_as_it_was_sent_without_what_its_links_open(client, studio, now, lenas):
    link = lenas.link
    mail_id = mail_of(lenas)
    sign_in(client, studio.accounts["lena"], now())
    page, html = (client.get(f"/studio/mails/{mail_id}{part}") for part in ("", "/html"))
    for shown in (page.text, html.text):
        assert link.rpartition("/")[2] not in shown
        assert ONE_TIME_LINK not in shown
        assert DOTS in shown
    assert html.headers["Content-Security-Policy"] == MAIL_POLICY
    assert "Training, with Lena Hartmann" in page.text  # The calendar entry, without its link.


def test_masking_leaves_all_other_addresses_alone(app, studio, now, lenas):
    plain = "https://book.example.com/services/massage/month/2026-12 and /read/level-hips v1.2.3"
    assert mask(plain) == plain
    assert mask(f"<a href='{lenas.link}'>") == f"<a href='http://localhost/manage/{DOTS}'>"


def test_sent_again_once_a_press_to_where_the_client_is_now(client, studio, now, lenas):
    mail_id = mail_of(lenas)
    sign_in(client, studio.accounts["lena"], now())
    assert again(client, mail_id).status_code == 409  # It has not left.
    put(mail_id, MailState.SENT, now)
    transact(lambda: setattr(db.session.get_one(Person, lenas.person_id), "email", "new@x.example"))
    pages = [again(client, mail_id), again(client, mail_id)]
    assert len({page.location for page in pages}) == 1
    assert again(client, mail_id, TOKEN[::-1]).location != pages[0].location
    db.session.rollback()
    found = select(OutgoingMail).where(OutgoingMail.kind == "confirmed").order_by(OutgoingMail.id)
    fresh = db.session.scalars(found).all()
    assert [one.to_address for one in fresh] == [GUEST.email, "new@x.example", "new@x.example"]
    assert [one.state for one in fresh[1:]] == [MailState.WAITING] * 2
    now.forward(minutes=5)
    turn()
    assert "Sent Mon, Nov 23, 8:05" in client.get(pages[0].location).text


def _call_off(booking, now) -> None:
    transact(changes.cancel, booking.id, STAFF, practice.current(), now())


def _move(booking, now) -> None:
    transact(lambda: setattr(db.session.get_one(Booking, booking.id), "revision", 2))


def _let_it_pass(booking, now) -> None:
    now.set(booking.starts_at)


@pytest.mark.parametrize("what", [_call_off, _move, _let_it_pass])
def test_what_no_longer_holds_is_neither_sent_nor_tried_again(client, studio, now, lenas, what):
    mail_id = mail_of(lenas)
    put(mail_id, MailState.SENT, now)
    what(lenas, now)
    sign_in(client, studio.accounts["mara"], now())
    page = again(client, mail_id)
    assert (page.status_code, "is no longer so" in page.text) == (422, True)
    put(mail_id, MailState.PARKED, now)
    assert client.post(f"/studio/mails/{mail_id}/retry").status_code == 422
    client.post("/studio/mails/retry")
    (row,) = [one for one in rows(client, "/studio/mails?state=not-sent") if "Confirmation" in one]
    assert "what it told no longer holds" in row


def test_a_link_that_works_once_is_not_sent_twice(client, studio, now):
    transact(account_messages.sign_in_link, "new@example.com", None, now())
    turn()
    mail_id = db.session.scalars(select(OutgoingMail.id)).one()
    sign_in(client, studio.accounts["mara"], now())
    page = again(client, mail_id)
    assert (page.status_code, "works once" in page.text) == (422, True)


def test_what_is_stuck_is_tried_again_singly_and_all_at_once(client, studio, now, lenas, marcos):
    for booking, state in ((lenas, MailState.FAILED), (marcos, MailState.PARKED)):
        put(mail_of(booking), state, now, attempts=8, last_error="452 full")
    sign_in(client, studio.accounts["lena"], now())
    assert client.post("/studio/mails/retry").status_code == 403
    assert "2 mails got stuck within the last week" in client.get("/studio/").text
    old = transact(lambda: invite(studio, "old@example.com", now()))
    put(old, MailState.PARKED, now)
    transact(lambda: staff.withdraw(1, Actor("staff", studio.accounts["mara"]), now()))
    path = f"/studio/mails/{mail_of(lenas)}/retry"
    assert [client.post(path).status_code for _press in range(2)] == [303, 409]
    sign_in(client, studio.accounts["mara"], now())
    client.post("/studio/mails/retry")
    put_back = [one.kind for one in mails_of(MailState.WAITING)]
    assert (put_back.count("confirmed"), "invitation" in put_back) == (2, False)
    now.forward(minutes=5)
    turn()
    assert rows(client, "/studio/mails?state=stuck") == []
    assert len(rows(client, "/studio/mails?state=sent")) == 4
    put(mail_of(lenas), MailState.FAILED, now)
    now.forward(days=8)
    assert transact(resending.retry_all, SYSTEM, now()) == resending.Retried()
    transact(whose.erase_later, now(), (), (lenas.person_id,))
    transact(whose.erase, now())
    assert [one.kind for one in mails_of(MailState.FAILED)] == []


def mails_of(state: MailState) -> list[OutgoingMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.state == state)))


def invite(studio, address: str, now: datetime) -> int:
    manager = db.session.get_one(Account, studio.accounts["mara"])
    about = staff.invite(manager, address, Role.PRACTITIONER, None, now).about
    return db.session.scalars(select(OutgoingMail.id).where(OutgoingMail.about == about)).one()


def test_a_mail_whose_reader_has_left_says_so(client, studio, now, lenas):
    mail_id = mail_of(lenas)
    put(mail_id, MailState.SENT, now, to_address="", subject="", body_text="", body_html="")
    sign_in(client, studio.accounts["mara"], now())
    assert "erased when its reader left" in client.get(f"/studio/mails/{mail_id}").text
    assert again(client, mail_id).status_code == 422


def test_every_kind_of_mail_and_every_reason_has_its_words():
    kinds = {path.name.partition(".")[0] for path in BOOKING.parent.glob("templates/mail/*.txt")}
    assert {one for one in kinds if not one.startswith("_")} <= set(mail_words.KINDS)
    assert set(mail_words.REASONS) == set(Reason)
    assert set(planned_words.WHY_NOT) > set(planned_queries.TELLING)
    assert set(planned_words.WHY_NOTHING_FOLLOWS) > set(FollowUpOutcome) - {FollowUpOutcome.SENT}


def test_every_state_that_closes_something_is_a_reason():
    """What waits about it is voided with the word of its new state."""
    open_ones = {"requested", "booked", "waiting", "offered", "open", "accepted"}
    states = {one.value for one in (*Status, *Waits, *OfferState)} - open_ones
    assert states <= set(Reason)


def test_a_worker_that_stopped_and_a_server_that_says_no_are_seen_on_the_first_page(
    client, studio, now, lenas
):
    sign_in(client, studio.accounts["lena"], now())
    assert "has never been at work" in client.get("/studio/").text
    transact(Pulse("one:1").beat, now())
    assert "last run just now" in client.get("/studio/").text
    now.forward(minutes=11)
    assert "last at work 11 minutes ago" in client.get("/studio/").text
    transact(Pulse("one:1").beat, now())
    transact(lane.close, "550 relaying denied", now())
    assert "550 relaying denied" not in client.get("/studio/").text
    transact(Pulse("one:1").beat, now.forward(minutes=10))
    assert "550 relaying denied" in client.get("/studio/").text
