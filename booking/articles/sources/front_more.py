"""What our own files say beyond the text: its picture, sources, and the services it goes with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from booking.articles.operations import Source
from booking.articles.sources import files
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import More, Seen, SourceError, Told, one_line

LONGEST = 300
PICTURE_NAMES = ("picture", "image", "featured_image", "cover", "thumbnail")


def more_of(head: Mapping[str, Any], path: Path, told: Told, notes: list[str], title: str) -> More:
    """Return what a head says of these; what is not of the expected kind is not said."""
    archived = head.get("archived")
    return More(
        cover=_cover(head, path, told, notes, title),
        rests_on=_sources(head.get("sources")),
        services=_slugs(head.get("services")),
        before=_slugs(head.get("read_before")),
        after=_slugs(head.get("read_after")),
        is_archived=None if archived is None else str(archived).lower() == "true",
    )


def _slugs(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return [one_line(one, 120) for one in value[:100] if isinstance(one, str)]


def _sources(value: object) -> list[Source] | None:
    if not isinstance(value, list):
        return None
    found = []
    for one in value[:100]:
        said = one if isinstance(one, dict) else {"title": one}
        title, link = (str(said.get(key) or "") for key in ("title", "link"))
        if title and not link.startswith(("http://", "https://")):
            link = ""
        if title:
            found.append(Source(one_line(title, LONGEST), one_line(link)))
    return found


def _cover(
    head: Mapping[str, Any], path: Path, told: Told, notes: list[str], title: str
) -> Seen | None:
    named = next((head[name] for name in PICTURE_NAMES if isinstance(head.get(name), str)), "")
    if not named or "://" in named:
        return None
    roots = [path.parent, told.root, told.root and told.root / "static", told.uploads]
    file = Pictures(*filter(None, roots)).find(files.path_of(named))
    if file is None:
        notes.append(f"its picture is not beside it: {one_line(named, 80)}")
        return None
    words = one_line(str(head.get("picture_alt") or title), LONGEST)
    try:
        return Seen("import:cover", file, words, files.digest_of(file))
    except SourceError as error:
        notes.append(f"the picture {one_line(named, 80)} {error}")
        return None
