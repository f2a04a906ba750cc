"""Drawings of our own in articles: a line of Markdown names one, and the page draws it.

    ![what is to be seen](drawing:breath "what stands below it")

They stand in the page itself, so that they have its colours in light and dark. Whoever reads the
Markdown elsewhere sees a picture with its text.
"""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "drawings"
LINE = re.compile(
    r'^!\[(?P<alt>[^\]\n]*)\]\(drawing:(?P<name>[a-z-]{1,40})(?: "(?P<caption>[^"\n]*)")?\)[ \t]*$',
    re.MULTILINE,
)
# Stands for the drawing of a number while the text becomes HTML; people do not type it.
MARK = re.compile("<p>\ue000([0-9]{1,4})\ue001</p>")


@cache
def drawings() -> dict[str, str]:
    """Return our drawings by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.svg"))}


def take_out(text: str) -> tuple[str, list[Markup]]:
    """Return the Markdown with a mark for each drawing, and the drawings as HTML."""
    found: list[Markup] = []

    def keep(line: re.Match[str]) -> str:
        if line["name"] not in drawings():
            return line[0]
        found.append(_figure(line["name"], line["alt"], line["caption"] or ""))
        return f"\n\ue000{len(found) - 1}\ue001\n"

    return LINE.sub(keep, text), found


def put_in(html: str, found: list[Markup]) -> str:
    """Put the drawings where their marks are, in HTML that is clean already."""
    return MARK.sub(lambda mark: _of(found, int(mark[1])), html)


def _of(found: list[Markup], number: int) -> str:
    return found[number] if number < len(found) else ""


def _figure(name: str, alt: str, caption: str) -> Markup:
    words = Markup('<svg class="line-drawing" role="img" aria-label="{}"').format(alt)
    drawing = Markup(drawings()[name].replace("<svg", words, 1))  # noqa: S704 - our own file
    below = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    return Markup('<figure class="drawn">{}{}</figure>').format(drawing, below)
