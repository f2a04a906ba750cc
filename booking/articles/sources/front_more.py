"""What our own files say beyond the text: its picture, sources, and the services it goes with."""

from collections.abc import Mapping
from typing import Any

from booking.articles import limits
from booking.articles.operations import Source
from booking.articles.sources import files
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import LONGEST_ALT, More, Seen, SourceError, cut, one_line

PICTURE_NAMES = ("picture", "image", "featured_image", "cover", "thumbnail")


def more_of(head: Mapping[str, Any], beside: Pictures, notes: list[str], title: str) -> More:
    """Return what a head says of these; what is not of the expected kind is not said."""
    archived = head.get("archived")
    return More(
        cover=_cover(head, beside, notes, title),
        rests_on=_sources(head.get("sources"), notes),
        services=_slugs(head.get("services")),
        before=_slugs(head.get("read_before")),
        after=_slugs(head.get("read_after")),
        is_archived=None if archived is None else str(archived).lower() == "true",
    )


def _slugs(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return [one_line(one, limits.SLUG) for one in value[:100] if isinstance(one, str)]


def _sources(value: object, notes: list[str]) -> list[Source] | None:
    """Return the sources as the editor would take them; what it would not is left and noted."""
    if not isinstance(value, list):
        return None
    if len(value) > limits.SOURCES:
        notes.append(f"of its {len(value)} sources the first {limits.SOURCES} are taken")
    found = []
    for one in value[: limits.SOURCES]:
        said = one if isinstance(one, dict) else {"title": one}
        title, link = (one_line(str(said.get(key) or "")) for key in ("title", "link"))
        if link and not limits.is_link(link):
            notes.append(f"the address of a source is none: {one_line(link, 80)}")
            link = ""
        if title or link:
            named = cut("name of a source", title or link, limits.SOURCE_TITLE, notes)
            found.append(Source(named, link))
    return found


def _cover(head: Mapping[str, Any], beside: Pictures, notes: list[str], title: str) -> Seen | None:
    named = next((head[name] for name in PICTURE_NAMES if isinstance(head.get(name), str)), "")
    if not named or "://" in named:
        return None
    file = beside.find(files.path_of(named))
    if file is None:
        notes.append(f"its picture is not beside it: {one_line(named, 80)}")
        return None
    words = one_line(str(head.get("picture_alt") or title), LONGEST_ALT)
    try:
        return Seen("import:cover", file, words, files.digest_of(file))
    except SourceError as error:
        notes.append(f"the picture {one_line(named, 80)} {error}")
        return None
