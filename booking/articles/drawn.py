"""Drawings of our own in articles: a paragraph of Markdown names one, and the page draws it.

    ![what is to be seen](drawing:breath "what stands below it")

They stand in the page itself, so that they have its colours in light and dark. Whoever reads the
Markdown elsewhere sees a picture with its text.
"""

import secrets
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "drawings"
SCHEME = "drawing:"


@cache
def drawings() -> dict[str, str]:
    """Return our drawings by their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.svg"))}


def is_ours(address: str) -> bool:
    """Tell whether a picture's address names one of our drawings."""
    return address.startswith(SCHEME) and address.removeprefix(SCHEME) in drawings()


class Drawings:
    """The drawings of one text. Marks stand for them while its HTML is cleaned.

    Nobody can type such a mark, since it is another one each time.
    """

    def __init__(self) -> None:
        self._found: dict[str, Markup] = {}
        self._secret = secrets.token_hex(8)

    def add(self, drawing: Markup) -> str:
        """Return the mark of a drawing, which is put where it was in the end."""
        mark = f"\ue000{self._secret}-{len(self._found)}\ue001"
        self._found[mark] = drawing
        return mark

    def put_in(self, html: str) -> str:
        """Put the drawings where their marks are, in HTML that is clean already."""
        for mark, drawing in self._found.items():
            html = html.replace(f"<p>{mark}</p>", drawing).replace(mark, drawing)
        return html


def figure(address: str, alt: str, caption: str) -> Markup:
    """Return one of our drawings with its words."""
    words = Markup('<svg class="line-drawing" role="img" aria-label="{}"').format(alt)
    svg = drawings()[address.removeprefix(SCHEME)].replace("<svg", words, 1)
    drawing = Markup(svg)  # noqa: S704 - our own file
    below = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    return Markup('<figure class="drawn">{}{}</figure>').format(drawing, below)
