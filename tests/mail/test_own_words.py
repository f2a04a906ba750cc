"""The owner's own words in every kind of mail: they stand there, and what must stand, stays."""

import re
from itertools import cycle

import pytest
from bs4 import BeautifulSoup

from booking.database import transact
from booking.mail import own_texts
from booking.mail.letter_kinds import KINDS, NAMES, OWN_WORDS
from booking.mail.own_texts import OwnWords
from booking.practice import operations
from booking.practice import queries as practice
from booking.settings.mail_examples import EXAMPLES, tried
from booking.settings.own_words import written_in
from booking.web.words import locale_for
from tests.cast import at, book
from tests.mail.test_snapshots import TEMPLATES

OWN = OwnWords(
    "A subject <b>{studio}</b>", "Heading & {studio}", "First\nline\n\n{phone}", "Bye {}."
)


def test_every_mail_is_in_the_list_that_the_owner_edits():
    """A new mail needs a line in mail/letter_kinds.py and one in settings/mail_examples.py."""
    templates = {path.name.split(".")[0] for path in TEMPLATES.glob("*.subject.txt")}
    assert set(KINDS) == templates, "each mail needs a line in KINDS (booking/mail/letter_kinds.py)"
    assert set(EXAMPLES) == set(OWN_WORDS), (
        "each mail needs a line in EXAMPLES (booking/settings/mail_examples.py)"
    )
    assert all(set(kind.names) <= set(NAMES) for kind in KINDS.values())


def links_of(letter) -> tuple[set[str], set[str]]:
    in_html = {one["href"] for one in BeautifulSoup(letter.html, "html.parser").find_all("a")}
    return in_html, set(re.findall(r"https?://\S+", letter.text))


def facts_of(kind: str, text: str, values) -> list[str]:
    """What the mail says of service, time and person, which own words must not take away."""
    names = [name for name in ("service", "day", "time", "practitioner") if name in values]
    return [values[name] for name in names if values[name] in text]


def test_own_words_take_the_place_of_ours_and_of_nothing_else(app, studio, now, statements):
    """In every kind: with templates that have no blocks for them, this fails."""
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    statements.clear()
    for name, language in zip(OWN_WORDS, cycle(written_in()), strict=False):
        ours, _real = tried(name, locale_for(language), now(), OwnWords())
        named = OwnWords(**{part: getattr(OWN, part) for part in KINDS[name].parts})
        own, _real = tried(name, locale_for(language), now(), named)
        assert set(KINDS[name].names) <= set(own.values), (name, "names without a value")
        assert links_of(own.letter) == links_of(ours.letter), name
        page = BeautifulSoup(own.letter.html, "html.parser")
        for text, other in ((own.letter.text, ours.letter.text),
                            (page.get_text(" "), own.letter.text)):  # fmt: skip
            assert facts_of(name, text, own.values) == facts_of(name, other, own.values), name
        assert "First\nline\n\n+1 321 555 0142\n" in own.letter.text, name
        assert "Bye {}.\n\n--\n" in own.letter.text, name
        paragraphs = [re.sub(r"\s+", " ", one.get_text()).strip() for one in page.find_all("p")]
        assert {"First line", "+1 321 555 0142", "Bye {}."} <= set(paragraphs), name
        if "subject" in KINDS[name].parts:
            assert own.letter.subject == "A subject <b>Heron Lane Studio</b>"
            assert page.b is None
        (heading,) = page.find_all("h1")
        if "heading" in KINDS[name].parts:
            assert heading.get_text(strip=True) == "Heading & Heron Lane Studio", name
            assert own.letter.text.startswith("Heading & Heron Lane Studio\n\nFirst"), name
        if ours.ours.opening:  # With our own texts in braces a mail reads as it does without.
            assert ours.ours.opening.split("\n")[0] not in own.letter.text, name
            again, _real = tried(name, locale_for(language), now(), ours.ours)
            assert again.letter.text.endswith(ours.letter.text.partition("\n\n")[2]), name
            assert again.letter.subject == ours.letter.subject, name
    written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []  # Whoever only looks takes no lock and drops no mail.


def test_what_is_kept_is_sent_in_its_language_alone(app, studio, now, outgoing):
    def keep() -> None:
        own_texts.keep("confirmed", "en", OwnWords("{service}: {client}!", "", "Hi {client}.", ""))
        own_texts.keep("confirmed", "es", OwnWords("Hola {client}"))

    transact(keep)
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    mail = outgoing("confirmed")
    assert mail.subject == "Massage: Grace Hill!"
    assert mail.body_text.startswith("Hi Grace Hill.\n\nMassage, 60 minutes\n")
    transact(lambda: own_texts.keep("confirmed", "en", OwnWords()))
    assert own_texts.all_own() == {("confirmed", "es")}


def test_a_text_with_a_name_that_has_no_value_never_stops_a_mail(app, studio, now, outgoing):
    transact(own_texts.keep, "confirmed", "en", OwnWords("{until}", "", "Until {until}.", ""))
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    assert outgoing("confirmed").subject == "Booked: Massage, Fri, Nov 27, 2:00 PM"
    assert "Thank you for booking." in outgoing("confirmed").body_text


@pytest.mark.parametrize("subject", ["", "{service} on {date}"])
def test_a_service_can_be_kept_from_locked_screens(app, studio, now, outgoing, subject):
    transact(lambda: operations.change(practice.current(), discreet_mails=True))
    transact(own_texts.keep, "confirmed", "en", OwnWords(subject, "", "Your {service}!", ""))
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena)
    mail = outgoing("confirmed")
    assert "Appointment" in mail.subject
    assert "Massage" not in mail.subject + (mail.calendar_text or "Massage")
    assert "SUMMARY:Appointment\\, with Lena Hartmann" in mail.calendar_text
    lead = BeautifulSoup(mail.body_html, "html.parser").find(class_="lead")
    assert lead.get_text().startswith("Your Appointment!")
    assert "Massage, 60 minutes" in mail.body_text
