"""A new address for an account: it counts once proved, and the old one is told all the while."""

import pytest
from sqlalchemy import select

from booking.accounts import people
from booking.accounts.models import Account, Audit, OneTimeToken, Person
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from tests.accounts.same_bytes import plain
from tests.accounts.steps import (
    PASSWORD,
    account_of,
    ask_for_link,
    by_password,
    choose,
    count,
    letters,
    link_in,
    set_password,
    text_of,
)
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words

ADA, BOB, NEW = "ada@example.com", "bob@example.com", "ada@new.example"
SPENT = "This link has been used or is too old"


@pytest.fixture
def ada(client, studio, now):
    """Ada's browser, signed in just now."""
    sign_in(client, studio.accounts["ada"], now())
    return client


def ask(browser, email: str = NEW):
    return send(browser, press(soup(browser.get("/account/address")), "Send the link"), email=email)


def mailed(browser, tmp_path, email: str = NEW) -> str:
    assert ask(browser, email).status_code == 200
    return link_in(letters(tmp_path, email)[-1], "address")


def confirm(browser, link: str):
    return send(browser, press(soup(browser.get(link)), "Yes, use this address"))


def holder(studio) -> Person:
    db.session.rollback()
    return people.own_person(db.session.get_one(Account, studio.accounts["ada"]))


def test_nothing_changes_before_the_press_and_the_old_address_is_told_at_once(
    ada, studio, tmp_path
):
    link = mailed(ada, tmp_path)
    for _scanner in range(2):
        assert ada.get(link).status_code == ada.head(link).status_code == 200
    assert account_of(NEW) is None
    assert account_of(ADA).id == studio.accounts["ada"]
    assert holder(studio).email == ADA
    (told,) = letters(tmp_path, ADA)
    assert told["Subject"] == "Your account’s address is to change"
    assert "choose a new password at once" in text_of(told)
    assert NEW not in told.as_string()
    assert "/address/" not in told.as_string()


def test_both_mails_are_written_with_the_asking_or_not_at_all(ada, studio):
    ask(ada)
    rows = db.session.execute(select(OutgoingMail.kind, OutgoingMail.to_address)).all()
    assert {tuple(row) for row in rows} == {("new_address", NEW), ("address_changing", ADA)}


def test_the_press_moves_the_account_and_its_holder_and_nobody_else(
    app, ada, studio, tmp_path, now
):
    book(studio.hour, at(10), now(), account="ada", studio=studio)
    transact(add_child, studio, now())
    assert confirm(ada, mailed(ada, tmp_path)).location == "/account"
    assert f"Your account’s address is now {NEW}." in words(ada.get("/account"))
    account = account_of(NEW)
    assert (account.id, holder(studio).email) == (studio.accounts["ada"], NEW)
    assert account_of(ADA) is None
    assert {one.name: one.email for one in account.persons} == {"Ada": NEW, "Cleo": None}
    assert account_of(BOB).id == studio.accounts["bob"]
    assert db.session.scalar(select(Audit.action).order_by(Audit.id.desc())) == "address_changed"
    ask_for_link(app.test_client(), NEW)
    assert "to sign in with this address" in text_of(letters(tmp_path, NEW)[-1])


def add_child(studio, now) -> None:
    account = db.session.get_one(Account, studio.accounts["ada"])
    people.add(account, "Cleo", "", is_minor=True, now=now)


def test_the_press_ends_other_devices_and_tells_the_old_address(app, ada, studio, tmp_path, now):
    elsewhere = app.test_client()
    sign_in(elsewhere, studio.accounts["ada"], now())
    link = mailed(ada, tmp_path)
    assert elsewhere.get("/account").status_code == 200
    confirm(ada, link)
    assert ada.get("/account").status_code == 200
    assert elsewhere.get("/account").location == "/sign-in?next=/account"
    told = letters(tmp_path, ADA)[-1]
    assert told["Subject"] == "Your account has a new address"
    assert NEW not in told.as_string()


def test_nobody_else_can_confirm_it(app, ada, studio, tmp_path, now):
    """Or else an account with a stranger's password could be pressed onto one's own address."""
    stranger, bobs = app.test_client(), app.test_client()
    sign_in(bobs, studio.accounts["bob"], now())
    link = mailed(ada, tmp_path)
    assert stranger.post(link).location.startswith("/sign-in?next=/address/")
    assert bobs.get(link).status_code == bobs.post(link).status_code == 422
    assert account_of(NEW) is None
    assert confirm(ada, link).status_code == 303
    assert account_of(NEW).id == studio.accounts["ada"]


def test_the_link_works_once_and_for_two_hours(ada, studio, tmp_path, now):
    late = mailed(ada, tmp_path)
    now.forward(hours=2, seconds=1)
    assert ada.get(late).status_code == ada.post(late).status_code == 422
    sign_in(ada, studio.accounts["ada"], now())
    link = mailed(ada, tmp_path)
    now.forward(minutes=119)
    assert confirm(ada, link).status_code == 303
    assert SPENT in words(ada.post(link))
    assert account_of(NEW).id == studio.accounts["ada"]


def test_links_that_went_to_the_old_address_are_dead(app, ada, studio, tmp_path):
    browser = app.test_client()
    ask_for_link(browser, ADA)
    send(browser, press(soup(browser.get("/password")), "Send me a link"), email=ADA)
    to_sign_in, to_password = letters(tmp_path, ADA)
    confirm(ada, mailed(ada, tmp_path))
    assert browser.get(link_in(to_sign_in)).status_code == 422
    assert browser.get(link_in(to_password, "password")).status_code == 422
    assert account_of(ADA) is None


def test_a_fresh_proof_is_asked_for(ada, studio, now):
    now.forward(minutes=15, seconds=1)
    assert ada.get("/account/address").location == "/account/prove?next=/account/address"
    now.forward(minutes=45)
    answer = ada.post("/account/address", data={"email": NEW})
    assert answer.location == "/account/prove?next=/account/address"
    assert count(OutgoingMail) == 0


def test_an_address_that_is_taken_sees_the_same_page_and_gets_another_mail(ada, studio, tmp_path):
    taken, free = ask(ada, BOB), ask(ada)
    assert plain(taken, BOB) == plain(free, NEW)
    (told,) = letters(tmp_path, BOB)
    assert "it has one of its own already. Nothing has changed." in text_of(told)
    assert "/address/" not in told.as_string()
    assert ADA not in told.as_string()
    assert len(letters(tmp_path, ADA)) == 2
    assert db.session.scalars(select(OneTimeToken.email)).all() == [NEW]
    assert account_of(BOB).id == studio.accounts["bob"]


def test_an_address_that_got_an_account_meanwhile_is_refused(app, ada, studio, tmp_path):
    link, browser = mailed(ada, tmp_path), app.test_client()
    ask_for_link(browser, NEW)
    browser.post(link_in(letters(tmp_path, NEW)[-1]), data={"name": "Ada again"})
    answer = confirm(ada, link)
    assert answer.status_code == 422
    assert SPENT in words(answer)
    assert account_of(ADA).id == studio.accounts["ada"]
    assert account_of(NEW).id != studio.accounts["ada"]
    assert ada.get("/account").status_code == browser.get("/account").status_code == 200


@pytest.mark.parametrize("email", [ADA, "  ADA@Example.com "])
def test_the_same_address_is_refused_with_a_sentence(ada, studio, email):
    answer = ask(ada, email)
    assert answer.status_code == 422
    assert "This is your address already." in words(answer)
    assert count(OutgoingMail) == 0


def test_what_is_no_address_is_refused_and_kept_for_correcting(ada, studio):
    answer = ask(ada, "ada at home")
    assert answer.status_code == 422
    assert soup(answer).find(id="email")["value"] == "ada at home"
    assert count(OutgoingMail) == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Ada@New.EXAMPLE", NEW), ("ada@ｎew.example", NEW), ("bob@example。com", BOB)],
    ids=["capitals", "wide letters", "a wide dot"],
)
def test_an_address_is_kept_as_signing_in_will_read_it(ada, studio, typed, meant):
    """Keyboards for Chinese and Japanese write letters that name the same address."""
    ask(ada, typed)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address != ADA)).one()
    assert mail.to_address == meant
    assert mail.kind == ("new_address_taken" if meant == BOB else "new_address")


def test_the_page_and_the_mail_give_the_same_time(ada, studio, tmp_path):
    page = words(ask(ada))
    assert "for 2 hours" in text_of(letters(tmp_path, NEW)[0])
    assert "half an hour" not in page


def test_a_password_that_follows_at_once_leaves_no_mail_of_the_change_unsent(ada, studio, tmp_path):
    """Who has a hand on an open browser cannot move the account away without a word."""
    link = mailed(ada, tmp_path)
    confirm(ada, link)
    form = press(soup(ada.get("/account/password")), "Save")
    assert send(ada, form, password=PASSWORD).status_code == 303
    subjects = [letter["Subject"] for letter in letters(tmp_path, ADA)]
    assert "Your account has a new address" in subjects


def test_the_password_goes_along_with_the_account(app, ada, studio, tmp_path):
    set_password(studio.accounts["ada"])
    confirm(ada, mailed(ada, tmp_path))
    assert by_password(app.test_client(), ADA).status_code == 422
    assert by_password(app.test_client(), NEW).status_code == 303
    browser = app.test_client()
    send(browser, press(soup(browser.get("/password")), "Send me a link"), email=NEW)
    link = link_in(letters(tmp_path, NEW)[-1], "password")
    assert choose(browser, link, "seven kettles under the moss").status_code == 303
    assert account_of(NEW).id == studio.accounts["ada"]
