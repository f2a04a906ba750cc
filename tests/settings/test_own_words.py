"""The pages on which the owner says what mails say."""

import pytest
from sqlalchemy import func, select

from booking.accounts.models import Audit
from booking.database import db, transact
from booking.mail import own_texts
from booking.mail.models import OutgoingMail
from booking.mail.own_texts import OwnWords
from booking.web.mail_preview import MAIL_POLICY
from tests.cast import at, book, sign_in
from tests.web.pages import filled, press, send, soup, words

LIST = "/studio/settings/mail/words"
PAGE = f"{LIST}/confirmed/en"
MINE = {"subject": "See you, {client}", "heading": "", "opening": "Dear {client},\n\n<b>hi</b>"}


def frame_of(client, answer) -> str:
    (frame,) = soup(answer).select("iframe")
    assert frame.has_attr("sandbox")
    shown = client.get(frame["src"])
    assert (shown.status_code, shown.headers["Content-Security-Policy"]) == (200, MAIL_POLICY)
    return words(shown)


def own_marks(client) -> list[str]:
    marks = soup(client.get(LIST)).select(".whose.own")
    return [" ".join(one.parent.get_text(" ").split()) for one in marks]


def type_in(client, do: str, page=None, **typed: str):
    """Press a button of the form as it stands, with other words in it."""
    shown = soup(page or client.get(PAGE))
    pressed = press(shown, do)
    kept = filled(shown.select_one("main form[method=post]"))
    return send(client, pressed, **kept | typed)


def test_words_are_tried_kept_marked_and_given_up(mara, studio, now):
    assert own_marks(mara) == []
    mails = select(func.count(OutgoingMail.id))
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    written = db.session.scalar(mails)
    page = type_in(mara, "Preview", **MINE)
    assert page.status_code == 200
    for said in (words(page), frame_of(mara, page)):
        assert "Dear Grace Hill, <b>hi</b>" in said
        assert "Friday, November 27, 2:00 PM to 3:00 PM" in said
    assert "See you, Grace Hill" in words(page)
    assert "Nothing is saved yet." in words(page)
    assert "Made with the newest booking." in words(page)
    db.session.rollback()
    assert own_texts.all_own() == set()
    assert type_in(mara, "Save", page).status_code == 303  # It still has what was typed.
    assert own_marks(mara) == ["Confirmation, English your own"]
    assert "Dear Grace Hill, <b>hi</b>" in frame_of(mara, mara.get(PAGE))
    assert db.session.scalar(mails) == written  # Looking writes no mail.
    assert type_in(mara, "Back to our words").status_code == 303
    assert own_marks(mara) == []
    assert "Thank you for booking." in frame_of(mara, mara.get(PAGE))
    db.session.rollback()
    found = select(Audit).where(Audit.subject == "mail:confirmed").order_by(Audit.id)
    trail = db.session.scalars(found).all()
    assert [row.action for row in trail] == ["mail text", "mail text reset"]
    assert "Dear" not in str([row.details for row in trail])


def test_a_name_that_nobody_knows_is_refused_by_name(mara, studio):
    page = type_in(mara, "Save", subject="Hi {klient}", opening="{now} {client} {} {{ 7*7 }}")
    assert page.status_code == 422
    assert "Nothing can be put in the place of {klient}. You can use {client}, {service}" in words(
        page
    )
    assert "in the place of {now}, {7" not in words(page)
    assert soup(page).select_one("[name=subject]")["value"] == "Hi {klient}"
    assert own_texts.all_own() == set()


@pytest.mark.parametrize(("kind", "language"), [("offer", "es"), ("class-message", "en")])
def test_before_anybody_has_booked_an_example_is_shown(mara, studio, kind, language):
    page = mara.get(f"{LIST}/{kind}/{language}")
    assert "Made with an example." in words(page)
    assert "Ada Bishop" in frame_of(mara, page)
    assert bool(soup(page).select("[name=subject]")) == (kind == "offer")


def test_our_words_can_be_the_beginning_of_one_s_own(mara, studio):
    form = soup(mara.get(f"{PAGE}?ours=1")).select_one("main form")
    assert form.select_one("[name=subject]")["value"] == "Booked: {service}, {date}, {time}"
    assert form.select_one("[name=opening]").get_text(strip=True).startswith("Hello {client},")
    assert type_in(mara, "Save", mara.get(f"{PAGE}?ours=1")).status_code == 303
    assert own_texts.of("confirmed", "en").subject == "Booked: {service}, {date}, {time}"


def test_who_saves_second_sees_both_versions(mara, studio):
    opened = mara.get(PAGE)
    transact(own_texts.keep, "confirmed", "en", OwnWords("Theirs {service}"))
    page = type_in(mara, "Save", opened, subject="Mine")
    assert page.status_code == 409
    assert "Theirs {service}" in words(page)
    assert type_in(mara, "Save", page).status_code == 303
    assert own_texts.of("confirmed", "en").subject == "Mine"


def test_a_kind_or_language_that_is_not_there_is_not_found(client, mara, studio, now):
    for path in ("nothing/en", "confirmed/fr", "confirmed/en/shown?tried=x"):
        assert mara.get(f"{LIST}/{path}").status_code == 404
    sign_in(client, studio.accounts["lena"], now())
    assert client.get(PAGE).status_code == 403
