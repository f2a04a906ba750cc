"""The addresses of a picture's sizes: each follows from the name of the largest, without asking.

A name is ``<digest>-<width>x<height>.<ending>``, so that a text which names a picture also says
how much room it takes and which other sizes there are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# How wide a picture is kept; none is ever enlarged.
WIDTHS = (480, 960, 1600)
ROOT = "/pictures/"
# A column of text is as wide as the screen, and never wider than its measure: the browser chooses
# a size by that.
COLUMN = "(min-width: 42rem) 40rem, 94vw"
ADDRESS = re.compile(
    r"^/pictures/(?P<digest>[0-9a-f]{20})-(?P<width>\d{1,4})x(?P<height>\d{1,4})\.(?P<ending>jpg|png)$"
)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture as its name tells of it; width and height are those of its largest size."""

    digest: str
    width: int
    height: int
    ending: str  # Of the files for who cannot show WebP: jpg or png.

    @property
    def address(self) -> str:
        """Of the largest file that everything can show; what a text names."""
        return self.address_of(self.width, self.ending)

    @property
    def small_address(self) -> str:
        """Of the smallest WebP file, for lists."""
        return self.address_of(min(self.widths), "webp")

    @property
    def widths(self) -> Sequence[int]:
        return widths_of(self.width)

    def height_of(self, width: int) -> int:
        return height_of(width, self.width, self.height)

    def name_of(self, width: int, ending: str) -> str:
        return f"{self.digest}-{width}x{self.height_of(width)}.{ending}"

    def address_of(self, width: int, ending: str) -> str:
        return ROOT + self.name_of(width, ending)

    def srcset(self, ending: str) -> str:
        """All sizes of one kind, as the attribute lists them."""
        return ", ".join(f"{self.address_of(width, ending)} {width}w" for width in self.widths)


def widths_of(width: int) -> Sequence[int]:
    """Return the widths that a picture of at most the greatest width is kept in."""
    return [*(one for one in WIDTHS if one < width), width]


def height_of(width: int, full_width: int, full_height: int) -> int:
    """Return how high a picture is at `width`, at least one dot."""
    return max(1, round(full_height * width / full_width))


def pictured(address: str) -> Pictured | None:
    """Read the address of a picture of ours; None for any other address."""
    found = ADDRESS.match(address)
    if found is None or not int(found["width"]):
        return None
    return Pictured(found["digest"], int(found["width"]), int(found["height"]), found["ending"])
