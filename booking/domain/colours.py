"""Colours that can be read: from one accent of the studio's own to the shades that pages use.

Contrast is WCAG's (2.2, relative luminance). Whatever the accent, every text and every button that
is drawn with its shades keeps 4.5 : 1 on each of our papers, in light and dark.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LEAST = 4.5
STEPS = 64


class Colour(NamedTuple):
    """Red, green and blue from 0 to 255 (sRGB)."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


def read_colour(text: str) -> Colour:
    """Read ``#7a1fa2``, ``7A1FA2`` or ``#abc``. Raises ValueError for anything else."""
    digits = text.strip().removeprefix("#")
    if re.fullmatch(r"[0-9A-Fa-f]{3}", digits):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", digits):
        raise ValueError("a colour is # and six digits from 0 to f")
    return Colour(*bytes.fromhex(digits))


def luminance(colour: Colour) -> float:
    """Return how light a colour is, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return `colour` with a share (0 to 1) of `other` in it."""
    parts = zip(colour, other, strict=True)
    return Colour(*(round(a + (b - a) * share) for a, b in parts))


@dataclass(frozen=True, slots=True)
class Page:
    """What stays as it is around the accent: papers, texts, and the way to more contrast."""

    papers: tuple[Colour, ...]
    surface: Colour
    texts: tuple[Colour, ...]
    away: Colour  # From the papers: black on light ones, white on dark ones.
    deeper: float  # How much further away the shade is that a button has under the pointer.
    on_leaf: Colour


@dataclass(frozen=True, slots=True)
class Shades:
    """The four shades that the style sheets know, by the names of their tokens."""

    leaf: Colour
    deep: Colour
    wash: Colour
    on_leaf: Colour


def _of(*texts: str) -> tuple[Colour, ...]:
    return tuple(read_colour(text) for text in texts)


# Paper, surface and sand; ink, soft ink and clay: the same as in static/css/variables.css.
LIGHT = Page(
    _of("#fbfaf6", "#ffffff", "#f1ece1"), WHITE, _of("#1f2925", "#55605a", "#a8482a"),
    BLACK, 0.3, WHITE,
)  # fmt: skip
DARK = Page(
    _of("#161b19", "#1e2522", "#262d29"), read_colour("#1e2522"),
    _of("#eceae2", "#b3bab4", "#eb9a7c"), WHITE, 0.4, read_colour("#0d1f1a"),
)  # fmt: skip
# Ours, when the studio has none of its own.
OURS = (
    Shades(*_of("#12574a", "#0c4035", "#e4efe9", "#ffffff")),
    Shades(*_of("#7cc6b1", "#a5dccb", "#21382f", "#0d1f1a")),
)


def shades_on(accent: Colour, page: Page) -> Shades:
    """Return the shades of an accent for light or dark pages.

    The accent itself where it can be read; else the nearest that can, made darker or lighter.
    """
    wash = _wash(accent, page)
    behind = (*page.papers, wash)
    leaf = next(
        shade
        for shade in (mix(accent, page.away, step / STEPS) for step in range(STEPS + 1))
        if reads_on(shade, behind) and contrast(shade, page.on_leaf) >= LEAST
    )
    return Shades(leaf, mix(leaf, page.away, page.deeper), wash, page.on_leaf)


def _wash(accent: Colour, page: Page) -> Colour:
    """A breath of the accent, on which all our texts can still be read."""
    return next(
        wash
        for wash in (mix(page.surface, accent, share / 100) for share in (14, 10, 6, 3, 0))
        if all(contrast(text, wash) >= LEAST for text in page.texts)
    )


def reads_on(colour: Colour, papers: Iterable[Colour]) -> bool:
    """Tell whether a text in this colour can be read on each of these papers."""
    return all(contrast(colour, paper) >= LEAST for paper in papers)


@lru_cache(maxsize=64)
def shades_of(accent: str) -> tuple[Shades, Shades]:
    """Return the shades for light and for dark pages; ours when `accent` is empty."""
    if not accent:
        return OURS
    colour = read_colour(accent)
    return shades_on(colour, LIGHT), shades_on(colour, DARK)


@lru_cache(maxsize=64)
def sheet(accent: str) -> str:
    """Return the style sheet that puts an accent in place of ours; empty for none."""
    if not accent:
        return ""
    light, dark = (_tokens(shades) for shades in shades_of(accent))
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{\n:root {{ {dark} }}\n}}\n"


def _tokens(shades: Shades) -> str:
    return (
        f"--leaf: {shades.leaf}; --leaf-deep: {shades.deep}; "
        f"--leaf-wash: {shades.wash}; --on-leaf: {shades.on_leaf};"
    )
