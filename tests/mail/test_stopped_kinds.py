"""Mails that one can stop: by a press of the mail program, by the page of a link, for good."""

from email import message_from_bytes, policy

from booking.accounts.models import Account
from booking.bookings.follow_models import FollowUpOutcome
from booking.database import db, transact
from booking.mail import smtp, unsubscribing
from booking.mail.list_links import unsubscribe_link
from booking.web.extensions import csrf
from booking.worker import turn
from tests.cast import sign_in
from tests.mail.following import SATURDAY, mails, outcome_of


def test_one_press_of_the_mail_program_stops_the_kind_and_the_page_brings_it_back(
    app, studio, now, visit, mailbox
):
    now.forward(minutes=5)
    turn()
    now.set(SATURDAY)
    while turn():
        pass
    sent = next(one for one in mailbox.taken if "Level hips" in str(one["Subject"]))
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(sent["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    plain = next(one for one in mailbox.taken if "Booked" in str(one["Subject"]))
    assert plain["List-Unsubscribe"] is None
    scanner, program = app.test_client(), app.test_client()
    assert scanner.get(link).status_code == 200
    assert stopped(app, studio, now) == []
    app.config["WTF_CSRF_ENABLED"] = True
    for _time in range(2):
        answer = program.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert program.post(link[:-2], data={}).status_code == 404
    app.config["WTF_CSRF_ENABLED"] = False
    assert stopped(app, studio, now) == ["aftercare"]
    ada = app.test_client()
    sign_in(ada, studio.accounts["ada"], now())
    ada.post("/account/reminders", data={"way": "studio", "aftercare": "y"})
    assert stopped(app, studio, now) == []


def stopped(app, studio, now) -> list[str]:
    """Read from Ada's page what she no longer gets."""
    db.session.rollback()
    ada = app.test_client()
    sign_in(ada, studio.accounts["ada"], now())
    page = ada.get("/account/reminders").text
    tick = page[page.index('name="aftercare"') - 60 :][:160]
    return [] if "checked" in tick else ["aftercare"]


def test_exactly_one_route_needs_no_token():
    # The library keeps them by their full names, and offers no other way to ask.
    assert set(csrf._exempt_views) == {"booking.accounts.unsubscribe_views.do_unsubscribe"}


def test_an_address_that_changes_takes_along_what_it_has_stopped(app, studio, now, visit):
    app.test_client().post(f"/mails/stop/{unsubscribe_link('ada@example.com', 'aftercare')}")
    transact(unsubscribing.follow, "ada@example.com", "ada@new.example")
    transact(move_ada, studio)
    now.set(SATURDAY)
    turn()
    assert outcome_of(visit.id) is FollowUpOutcome.UNWANTED


def move_ada(studio) -> None:
    db.session.get_one(Account, studio.accounts["ada"]).email = "ada@new.example"


def test_a_long_link_stays_whole_in_the_header(studio, now, visit):
    now.set(SATURDAY)
    turn()
    (mail,) = mails("aftercare")
    mail.unsubscribe_url = f"https://{'long.' * 20}example/{'x' * 160}"
    message = smtp.compose(mail, "studio@heronlane.example", "Heron Lane", now())
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert read["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
    assert b"=?" not in message.as_bytes().partition(b"Content-Type")[0]
