"""What a result of a search shows: words of the text around those that were asked for."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from booking.domain.terms import Asked, words_in

# Characters before the first word that was found, and in all.
BEFORE, LENGTH = 60, 200

# Markdown that is no word of the text. Each is bounded, so that no text makes them slow.
_MARKS = (
    (re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\n]{0,500}\)"), r"\1"),
    (re.compile(r"<https?://[^>\s]{0,500}>|https?://\S+"), ""),
    (re.compile(r"\[\^[^\[\]\s]{1,60}\]:?"), ""),
    (re.compile(r"^[ \t]{0,3}(?:[-+*]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(?<!\\)[*_`#>|~]+|-{3,}"), " "),
    (re.compile(r"\\([^\w\s])"), r"\1"),
)


class Part(NamedTuple):
    """A stretch of text, and whether it is one of the words that were asked for."""

    text: str
    is_meant: bool


def plain_words(markdown: str) -> str:
    """Return a text without what Markdown means by its signs and without addresses, on one line."""
    for mark, instead in _MARKS:
        markdown = mark.sub(instead, markdown)
    return " ".join(markdown.split())


def marked(text: str, asked: Sequence[Asked]) -> list[Part]:
    """Part a text at the words that were asked for."""
    parts, done = [], 0
    for start, end in _places(text, asked):
        parts += [Part(text[done:start], is_meant=False), Part(text[start:end], is_meant=True)]
        done = end
    parts.append(Part(text[done:], is_meant=False))
    return [part for part in parts if part.text]


def _places(text: str, asked: Sequence[Asked]) -> Iterator[tuple[int, int]]:
    for match in words_in(text):
        if any(one.fits(match.group()) for one in asked):
            yield match.span()


def excerpt(text: str, asked: Sequence[Asked]) -> list[Part]:
    """Return the text around the first word that was asked for; none when it has none of them."""
    first = next(_places(text, asked), None)
    if first is None:
        return []
    start = max(first[0] - BEFORE, 0)
    if start:  # At a word, unless a single one fills all the room.
        start = text.find(" ", start, first[0]) + 1 or start
    end = min(start + LENGTH, len(text))
    if end < len(text):
        end = max(text.rfind(" ", first[1], end), first[1])
    shown = f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
    return marked(shown, asked)
