"""Opening a picture that somebody has sent: nothing of the file is trusted, not even its size."""

import io
import re
import struct
import warnings

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

# What Pillow raises on files that are cut off, crafted or not what they say.
BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError,
    MemoryError, struct.error, UnidentifiedImageError,
)  # fmt: skip
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class TooManyDots(Exception):
    """The picture claims more dots than are taken."""


class Unreadable(Exception):
    """The file is not a picture of the formats that are taken, or is broken."""


def is_svg(data: bytes) -> bool:
    return bool(re.search(rb"<svg[\s>]|<!DOCTYPE svg", data[:4096], re.IGNORECASE))


def open_upright(
    data: bytes, formats: tuple[str, ...], most_dots: int, at_least: tuple[int, int] | None = None
) -> Image.Image:
    """Return the picture as it is meant to be seen, in RGBA; the first one of several.

    The size it claims is looked at before its dots are read. A photograph may be read smaller,
    but not below `at_least`. Raises TooManyDots or Unreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=formats)
            if picture.width * picture.height > most_dots:
                raise TooManyDots
            if at_least is not None:
                picture.draft(None, at_least)
            picture.load()
            return _usual_colours(ImageOps.exif_transpose(picture)).convert("RGBA")
    except BOMBS as error:
        raise TooManyDots from error
    except BROKEN as error:
        raise Unreadable from error


def _usual_colours(picture: Image.Image) -> Image.Image:
    """Bring a photograph with a profile of its own into sRGB: the profile is not kept."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        own, usual = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, usual) or picture
    except (ImageCms.PyCMSError, OSError):  # The second is for what is no profile at all.
        return picture
