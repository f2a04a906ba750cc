"""Pictures: drawn anew in a few sizes, so that nothing of the file that came is ever served."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.articles.models import Picture, PictureFile
from booking.columns import clean_text
from booking.database import db
from booking.domain.article_errors import (
    AltTextTooLong,
    NoAltText,
    NotAPicture,
    PictureIsSvg,
    PictureTooBig,
    PictureTooManyDots,
)
from booking.domain.pictures import WIDTHS, Pictured
from booking.web.picture_files import TooManyDots, Unreadable, is_svg, open_upright

MOST_BYTES = 10 * 1024 * 1024
MOST_DOTS = 25_000_000
WIDEST, HIGHEST = WIDTHS[-1], 2400
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# A drawing has few colours: it is kept without loss, which is smaller and stays sharp.
DRAWING_COLOURS = 4096
MOST_ALT = 300
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it will be kept: what its name tells, and each file by its name."""

    pictured: Pictured
    files: dict[str, bytes]


def draw(data: bytes) -> Drawn:
    """Draw the picture anew in its sizes. Takes a second or so: not for within a transaction.

    Raises a Refusal with the sentence for what is too large, no picture or a drawing in SVG.
    """
    picture = opened(data)
    picture.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    has_holes = picture.getextrema()[3] != (255, 255)  # pyright: ignore[reportGeneralTypeIssues]
    is_drawing = picture.getcolors(DRAWING_COLOURS) is not None
    ending = "png" if has_holes or is_drawing else "jpg"
    digest = hashlib.sha256(data).hexdigest()[:20]
    name = Pictured(digest, *picture.size, ending)
    plain = picture if has_holes else picture.convert("RGB")
    files = {}
    for width in name.widths:
        size = _sized(plain, width, name.height_of(width))
        for kind in ("webp", ending):
            files[name.name_of(width, kind)] = _written(size, kind, is_drawing)
    return Drawn(name, files)


def known(digest: str) -> Drawn | None:
    """Return a picture that is here already as if it had been drawn: it is kept without files."""
    found = _known(digest)
    return Drawn(found.sizes, {}) if found else None


def opened(data: bytes) -> Image.Image:
    """Return the picture as it is meant to be seen. Raises a Refusal as drawing it would."""
    if len(data) > MOST_BYTES:
        raise PictureTooBig
    if is_svg(data):
        raise PictureIsSvg
    try:
        return open_upright(data, FORMATS, MOST_DOTS, (WIDEST, WIDEST))
    except TooManyDots as error:
        raise PictureTooManyDots from error
    except Unreadable as error:
        raise NotAPicture from error


def _sized(picture: Image.Image, width: int, height: int) -> Image.Image:
    """A new picture takes the dots along and nothing else: no place, no camera, no profile."""
    plain = Image.new(picture.mode, (width, height))
    plain.paste(picture.resize((width, height), Image.Resampling.LANCZOS))
    return plain


def _written(picture: Image.Image, ending: str, is_drawing: bool) -> bytes:
    target = io.BytesIO()
    if ending == "webp":
        picture.save(target, "WEBP", lossless=is_drawing, quality=80, method=4)
    elif ending == "png":
        picture.save(target, "PNG", optimize=True)
    else:
        picture.save(target, "JPEG", quality=82, optimize=True, progressive=True)
    return target.getvalue()


def keep(drawn: Drawn, alt: str, now: datetime, *, renames: bool = True) -> Picture:
    """Keep what has been drawn, with the words for who cannot see it. Raises a Refusal.

    Of a picture that is here already, `renames` says whether these words take the place of its own.
    """
    words = alt_words(alt)
    found = _known(drawn.pictured.digest)
    if found is None:
        try:
            with db.session.begin_nested():
                found = _new(drawn, words, now)
        except IntegrityError:  # Somebody else has just sent the same one.
            found = _known(drawn.pictured.digest)
            if found is None:
                raise
    if renames:
        found.alt = words
        db.session.flush()
    return found


def alt_words(alt: str) -> str:
    """Return the words on one line; raises a Refusal when there are none, or too many."""
    try:
        words = clean_text(" ".join(alt.split()))
    except ValueError as error:
        raise NoAltText from error
    if not words:
        raise NoAltText
    if len(words) > MOST_ALT:
        raise AltTextTooLong
    return words


def _known(digest: str) -> Picture | None:
    return db.session.scalar(select(Picture).where(Picture.digest == digest))


def _new(drawn: Drawn, alt: str, now: datetime) -> Picture:
    about = drawn.pictured
    picture = Picture(
        digest=about.digest, width=about.width, height=about.height, ending=about.ending,
        alt=alt, created_at=now,
    )  # fmt: skip
    db.session.add(picture)
    db.session.flush()
    db.session.add_all(
        PictureFile(name=name, picture_id=picture.id, content=content)
        for name, content in drawn.files.items()
    )
    db.session.flush()
    return picture


def find(picture_id: int) -> Picture | None:
    return db.session.get(Picture, picture_id)


def content(name: str) -> bytes | None:
    """Return the bytes of one file, None when there is none of this name."""
    return db.session.scalar(select(PictureFile.content).where(PictureFile.name == name))


def newest(page: int = 1) -> Sequence[Picture]:
    """Return a page of pictures, the newest first, and one more when there are others."""
    return db.session.scalars(
        select(Picture)
        .order_by(Picture.id.desc())
        .limit(PER_PAGE + 1)
        .offset((page - 1) * PER_PAGE)
    ).all()
