"""What a result of a search shows of a text."""

import time

from booking.domain.excerpts import LENGTH, Part, excerpt, marked, plain_words
from booking.domain.terms import asked_in

TEXT = """## Level hips

The *gluteus medius*[^1] keeps the [pelvis](https://elsewhere.example/pelvis) level, \\*nearly\\*.

- one
- two

![A hip, drawn](/pictures/hip.png)

[^1]: See <https://elsewhere.example>.
"""


def meant(parts) -> list[str]:
    return [part.text for part in parts if part.is_meant]


def test_what_markdown_means_by_its_signs_is_left_out():
    assert plain_words(TEXT) == (
        "Level hips The gluteus medius keeps the pelvis level, *nearly*. one two A hip, drawn See ."
    )


def test_the_words_are_marked_as_they_stand_in_the_text():
    parts = marked("Hips, hip and Hüfte: the pelvis.", asked_in("hips pelv"))
    assert meant(parts) == ["Hips", "hip", "pelvis"]
    assert "".join(part.text for part in parts) == "Hips, hip and Hüfte: the pelvis."
    assert parts[-2:] == [Part("pelvis", is_meant=True), Part(".", is_meant=False)]
    assert parts[1] == Part(", ", is_meant=False)


def test_an_excerpt_stands_around_the_first_word_that_is_found():
    text = " ".join(["word"] * 100 + ["Músculo"] + ["word"] * 100)
    parts = excerpt(text, asked_in("musculos"))
    shown = "".join(part.text for part in parts)
    assert meant(parts) == ["Músculo"]
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) <= LENGTH + 4
    assert excerpt("nothing of it", asked_in("hip")) == []


def shown(text: str, question: str) -> str:
    return "".join(part.text for part in excerpt(text, asked_in(question)))


def test_a_short_text_is_shown_whole():
    assert shown("A hip is near.", "hip") == "A hip is near."
    assert shown("hip", "hip") == "hip"


def test_an_excerpt_begins_and_ends_with_whole_words():
    before, after = "x" * 50 + " " + "y" * 58 + " ", " " + "z" * 134 + " end"
    assert shown(before + "hip" + after, "hip") == ("… " + "y" * 58 + " hip " + "z" * 134 + " …")
    assert shown(before + "z hip" + after, "hip") == "… z hip " + "z" * 134 + " end"
    assert shown(before + "hips and hip. More" + after, "hip") == (
        "… " + "y" * 58 + " hips and hip. More …"
    )


def test_what_has_no_spaces_is_cut_all_the_same():
    text = "x" * 300 + "/hip/" + "y" * 300
    assert shown(text, "hip") == "… " + "x" * 59 + "/hip …"
    assert shown(text + " and more of it", "hip") == "… " + "x" * 59 + "/hip …"


def test_no_text_makes_it_slow():
    started = time.perf_counter()
    for piece in ("[a](", "[", "![", "\\", "<https://", "[^", "- ", "a'", "*", "1."):
        text = piece * (50_000 // len(piece))
        plain_words(text)
        excerpt(text, asked_in("hip"))
    assert time.perf_counter() - started < 10
