"""The logo: from whatever somebody uploads to a small picture with nothing else in it."""

import hashlib
import io
from dataclasses import dataclass
from statistics import median

from PIL import Image

from booking.domain.colours import DARK, LIGHT, Colour, contrast
from booking.domain.settings_errors import LogoIsSvg, LogoTooBig, LogoTooManyPixels, NoPicture
from booking.web.picture_files import TooManyDots, Unreadable, is_svg, open_upright

MOST_BYTES = 1024 * 1024
# A page shows it at half of this, so that it is sharp on fine screens.
WIDEST, HIGHEST = 400, 120
MOST_PIXELS = 16_000_000
SMALL_ENOUGH = 24 * 1024
# What shapes need to be told from the paper they lie on (WCAG 1.4.11).
LEAST_OF_SHAPES = 3
MEDIA_TYPE = "image/webp"
FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture as it is kept; `paper` is light or dark when it needs that behind it."""

    content: bytes
    width: int
    height: int
    paper: str

    @property
    def version(self) -> str:
        """A short name of its bytes, for the address."""
        return hashlib.sha256(self.content).hexdigest()[:12]


def read_logo(data: bytes) -> Logo:
    """Draw the picture anew, small and without anything that came along with it.

    Raises a Refusal with the sentence for what is too large, no picture or a drawing in SVG.
    """
    if len(data) > MOST_BYTES:
        raise LogoTooBig
    if is_svg(data):
        raise LogoIsSvg
    picture = _open(data)
    content = _written(picture)
    return Logo(content, *picture.size, _paper(picture))


def _open(data: bytes) -> Image.Image:
    """Return the picture at its final size, with nothing of the file in it but its dots."""
    try:
        clean = open_upright(data, FORMATS, MOST_PIXELS)
    except TooManyDots as error:
        raise LogoTooManyPixels from error
    except Unreadable as error:
        raise NoPicture from error
    clean.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    # A new picture takes the dots along and nothing else: no place, no camera, no profile.
    plain = Image.new("RGBA", clean.size)
    plain.paste(clean)
    return plain


def _written(picture: Image.Image) -> bytes:
    """Write it as WebP: without loss where that is small, as photographs are otherwise."""
    target = io.BytesIO()
    picture.save(target, "WEBP", lossless=True, method=6)
    if target.tell() <= SMALL_ENOUGH:
        return target.getvalue()
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=80, method=6)
    return target.getvalue()


def _paper(picture: Image.Image) -> str:
    """Tell on which paper alone a picture with holes in it can be seen; empty for on both."""
    dots = list(zip(*(iter(picture.tobytes()),) * 4, strict=True))
    drawn = [dot for dot in dots if dot[3] > 127]
    if not drawn or len(drawn) == len(dots):
        return ""
    usual = Colour(*(round(median(dot[part] for dot in drawn)) for part in range(3)))
    if contrast(usual, DARK.papers[0]) < LEAST_OF_SHAPES:
        return "light"
    return "dark" if contrast(usual, LIGHT.papers[0]) < LEAST_OF_SHAPES else ""
