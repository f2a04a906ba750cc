"""Names in braces: known ones are replaced, unknown ones named, everything else is only text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.placeholders import fill, paragraphs, unfill, unknown

VALUES = {"client": "Ada", "service": "Massage", "time": "10:00 AM"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {client}!", "Hello Ada!"),
        ("{ client } and {client}", "Ada and Ada"),
        ("{{client}}", "{Ada}"),
        ("{} {two words} {a.b} {1+1}% {%if%} ${x y}", "{} {two words} {a.b} {1+1}% {%if%} ${x y}"),
        ("{\n} } {", "{\n} } {"),
    ],
)
def test_known_names_are_replaced_and_other_braces_are_harmless(text, filled):
    assert unknown(text, VALUES) == []
    assert fill(text, VALUES) == filled


def test_unknown_names_are_named_once_in_their_order():
    assert unknown("{klient} {Client} {client} {klient} {__class__}", VALUES) == [
        "klient", "Client", "__class__",
    ]  # fmt: skip


def test_a_value_is_never_read_again():
    assert fill("{client}", {"client": "{service}", "service": "x"}) == "{service}"


@given(st.text(alphabet="{} abc\n\r\\1g<>&", max_size=60))
def test_what_has_no_name_stays_to_the_letter(text):
    known = dict.fromkeys(unknown(text, ()), "v")
    assert fill(text, known) == text or known
    assert all(line.strip() for part in paragraphs(text) for line in part)


def test_ours_is_turned_into_a_text_with_names():
    values = {**VALUES, "studio": "Ada’s studio", "phone": ""}
    said = "Hello Ada, your Massage at Ada’s studio, 10:00 AM. Massages."
    mine = "Hello {client}, your {service} at {studio}, {time}. Massages."
    assert unfill(said, values) == mine
    assert fill(mine, values) == said


def test_empty_lines_make_paragraphs():
    assert paragraphs(" One\r\ntwo \n \n\n three") == [["One", "two"], ["three"]]
    assert paragraphs(" \n ") == []
