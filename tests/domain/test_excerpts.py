"""What a result of a search shows of a text."""

import time

from booking.domain.excerpts import LENGTH, excerpt, marked, plain_words
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


def test_an_excerpt_stands_around_the_first_word_that_is_found():
    text = " ".join(["word"] * 100 + ["Músculo"] + ["word"] * 100)
    parts = excerpt(text, asked_in("musculos"))
    shown = "".join(part.text for part in parts)
    assert meant(parts) == ["Músculo"]
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) <= LENGTH + 4
    assert excerpt("nothing of it", asked_in("hip")) == []


def test_no_text_makes_it_slow():
    started = time.perf_counter()
    for piece in ("[a](", "[", "![", "\\", "<https://", "[^", "- ", "a'", "*", "1."):
        text = piece * (50_000 // len(piece))
        plain_words(text)
        excerpt(text, asked_in("hip"))
    assert time.perf_counter() - started < 10
