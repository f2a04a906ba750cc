"""Every sentence is said in every language we name, and people are spoken to in theirs."""

import re

import pytest
from sqlalchemy import select

from booking.accounts.models import Account
from booking.database import db
from booking.mail.models import OutgoingMail
from booking.upkeep import sentences
from tests.cast import at, book, sign_in
from tests.web.pages import soup, words

PLACEHOLDER = re.compile(r"%\(\w+\)s|%\(\w+\)d")


@pytest.mark.parametrize("language", sentences.languages())
def test_no_sentence_is_left_out_and_none_is_left_over(language):
    catalog = sentences.kept(language)
    found = {str(message.id) for message in sentences.found() if message.id}
    assert {str(message.id) for message in catalog if message.id} == found
    assert sentences.untranslated(catalog) == []
    assert [message.id for message in catalog if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", sentences.languages())
def test_each_translation_names_the_same_values(language):
    for message in sentences.kept(language):
        wanted = {frozenset(PLACEHOLDER.findall(text)) for text in texts(message.id)}
        for text in texts(message.string):
            assert frozenset(PLACEHOLDER.findall(text)) in wanted, text


def texts(value) -> list[str]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def test_the_search_for_sentences_finds_what_is_marked_in_each_way():
    found = {str(message.id) for message in sentences.found()}
    assert {
        "This is not your password.",  # A refusal.
        "Please tell us your name.",  # A rule of a form.
        "Signed in",  # In code.
        "Nothing free in the next two weeks.",  # In a macro.
    } <= found


def test_who_chooses_a_language_reads_pages_and_mails_in_it(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    answer = client.post("/account", data={"name": "Ada", "phone": "", "language": "es"})
    assert answer.status_code == 303
    page = client.get("/account")
    assert soup(page).html["lang"] == "es-US"
    assert "Mi cuenta" in words(page)
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    texts = dict(
        db.session.execute(
            select(OutgoingMail.kind, OutgoingMail.body_text).where(
                OutgoingMail.about == booking.about
            )
        ).all()
    )
    assert "martes, 24 de noviembre" in texts["confirmed"]
    assert "Tuesday, November 24" in texts["studio_new"]


def test_others_read_the_practice_s_language(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    client.post("/account", data={"name": "Ada", "phone": "", "language": "es"})
    client.post("/account", data={"name": "Ada", "phone": "", "language": ""})
    assert db.session.get_one(Account, studio.accounts["ada"]).locale is None
    assert soup(client.get("/account")).html["lang"] == "en-US"


def test_a_language_there_is_none_of_is_refused_and_what_was_typed_is_kept(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    answer = client.post("/account", data={"name": "Ada B.", "phone": "", "language": "xx"})
    assert answer.status_code == 422
    assert soup(answer).find(id="name")["value"] == "Ada B."
