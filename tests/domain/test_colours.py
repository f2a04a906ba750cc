"""Whatever colour an owner chooses, what is drawn with it can be read."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.domain import colours
from booking.domain.colours import BLACK, DARK, LEAST, LIGHT, WHITE, Colour, contrast, read_colour

VARIABLES = Path(__file__).parents[2] / "static" / "css" / "variables.css"
ANY = st.builds(Colour, *(st.integers(0, 255) for _part in range(3)))


@given(ANY)
@example(Colour(255, 221, 0))
@example(WHITE)
@example(BLACK)
def test_every_text_and_button_keeps_its_contrast(accent):
    for page in (LIGHT, DARK):
        shades = colours.shades_on(accent, page)
        for text in (shades.leaf, shades.deep):
            assert all(contrast(text, paper) >= LEAST for paper in (*page.papers, shades.wash))
            assert contrast(shades.on_leaf, text) >= LEAST
        assert all(contrast(text, shades.wash) >= LEAST for text in page.texts)


@given(ANY)
def test_what_can_be_read_stays_as_it_was_chosen(accent):
    for page in (LIGHT, DARK):
        shades = colours.shades_on(accent, page)
        behind = (*page.papers, shades.wash, page.on_leaf)
        assert (shades.leaf == accent) == all(contrast(accent, one) >= LEAST for one in behind)


@pytest.mark.parametrize(
    ("ink", "wash"),
    [
        ("#606060", "#dbdbdb"), ("#616161", "#e6e6e6"), ("#686868", "#f0f0f0"),
        ("#6e6e6e", "#f7f7f7"), ("#727272", "#ffffff"),
    ],
)  # fmt: skip
def test_the_wash_has_as_much_of_the_accent_as_the_texts_on_it_bear(ink, wash):
    page = replace(LIGHT, texts=(read_colour(ink),))
    assert str(colours.shades_on(BLACK, page).wash) == wash


def test_an_accent_becomes_a_style_sheet_for_light_and_dark():
    assert colours.shades_of("") == colours.OURS
    assert colours.sheet("") == ""
    accent = read_colour("#b04a9c")
    light, dark = colours.shades_on(accent, LIGHT), colours.shades_on(accent, DARK)
    assert colours.shades_of("#b04a9c") == (light, dark)
    tokens = [
        f"--leaf: {one.leaf}; --leaf-deep: {one.deep}; --leaf-wash: {one.wash}; "
        f"--on-leaf: {one.on_leaf};"
        for one in (light, dark)
    ]
    assert colours.sheet("#b04a9c") == (
        f":root {{ {tokens[0]} }}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{ {tokens[1]} }}\n}}\n"
    )


def test_contrast_is_that_of_the_guidelines():
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == 21
    assert round(contrast(read_colour("#777"), WHITE), 2) == 4.48
    assert round(contrast(read_colour("#0000FF"), WHITE), 2) == 8.59
    assert round(contrast(read_colour("#050505"), BLACK), 4) == 1.0304


@pytest.mark.parametrize("text", ["#aabbcc", " AABBCC ", "#aAbBcC", "abc", "#ABC", "aBc"])
def test_a_colour_is_read_however_it_is_written(text):
    assert read_colour(text) == Colour(0xAA, 0xBB, 0xCC)


@pytest.mark.parametrize("text", ["", "#", "red", "#12345", "#1234567", "#12345g", "٣٣٣", "1 2 3"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match=r"^a colour is # and six digits from 0 to f$"):
        read_colour(text)


def test_the_papers_are_those_of_the_style_sheet():
    """Two places say them: a change of one without the other would break the promise."""
    light, dark = VARIABLES.read_text().split("@media")
    for css, page, ours in ((light, LIGHT, colours.OURS[0]), (dark, DARK, colours.OURS[1])):
        token = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))
        assert [str(one) for one in page.papers] == [token[n] for n in ("paper", "surface", "sand")]
        assert [str(one) for one in page.texts] == [token[n] for n in ("ink", "ink-soft", "clay")]
        assert [str(one) for one in (ours.leaf, ours.deep, ours.wash, ours.on_leaf)] == [
            token[n] for n in ("leaf", "leaf-deep", "leaf-wash", "on-leaf")
        ]
