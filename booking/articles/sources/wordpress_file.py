"""A WordPress export (WXR 1.0 to 1.2) as rows: read as a stream, nothing in it followed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from booking.articles.sources import files
from booking.articles.sources.found import SourceError

VERSIONS = {"1.0", "1.1", "1.2"}
NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
}
# XML knows no such characters, yet blogs write what people have pasted.
CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\r")
DEEPEST = 50


@dataclass(slots=True)
class Row:
    """An item of the export: a post, a page, a file that was uploaded, or something else."""

    fields: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)  # Domain, nicename, name.
    meta: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def kind(self) -> str:
        return self["wp:post_type"].strip() or "post"


@dataclass(slots=True)
class Blog:
    """An export as a whole."""

    version: str = ""
    addresses: list[str] = field(default_factory=list)  # Of the blog itself.
    authors: dict[str, str] = field(default_factory=dict)  # Shown names by login.
    rows: list[Row] = field(default_factory=list)
    control_characters: int = 0


class _Cleaned:
    """A file without the control characters that no XML may hold."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.removed = 0

    def read(self, size: int = -1) -> bytes:
        while data := self.file.read(size):
            if b"\0" in data:
                raise SourceError("holds NUL bytes, so it is no XML in UTF-8")
            kept = data.translate(None, CONTROLS)
            self.removed += len(data) - len(kept)
            if kept:  # An empty answer would say that the file has ended.
                return kept
        return b""


def read(path: Path) -> Blog:
    """Read an export whole; raises SourceError for what is none, or is broken anywhere."""
    files.check(path, files.LARGEST_EXPORT)
    blog = Blog()
    try:
        with path.open("rb") as opened:
            file = _Cleaned(opened)
            for element in _elements(file):
                _take(blog, element)
            blog.control_characters = file.removed
    except DefusedXmlException as error:
        raise SourceError("declares entities or a DTD, which no export does") from error
    except ParseError as error:
        line, column = error.position
        raise SourceError(f"is no whole XML (line {line}, column {column})") from error
    except (ValueError, LookupError) as error:  # An encoding that is unknown or not kept to.
        raise SourceError("is no XML in UTF-8") from error
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from error
    if not blog.version:
        raise SourceError("is XML, but no WordPress export")
    if blog.version not in VERSIONS:
        raise SourceError(f"is a WordPress export of version {blog.version[:20]}, not 1.0 to 1.2")
    return blog


def _elements(file: _Cleaned) -> Iterator[Element]:
    """Yield each child of the channel when it is whole, and forget it afterwards."""
    path: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            path.append(element)
            if len(path) > DEEPEST:
                raise SourceError("is nested deeper than any export")
            continue
        path.pop()
        if len(path) == 2:
            yield element
            path[-1].remove(element)


def _take(blog: Blog, element: Element) -> None:
    name = _name(element)
    if name == "item":
        blog.rows.append(_row(element))
    elif name == "wp:author":
        said = {_name(child): (child.text or "") for child in element}
        login = said.get("wp:author_login", "").strip()
        blog.authors[login] = said.get("wp:author_display_name", "").strip() or login
    elif name == "wp:wxr_version":
        blog.version = (element.text or "").strip()
    elif name in {"link", "wp:base_site_url", "wp:base_blog_url"}:
        blog.addresses.append((element.text or "").strip())


def _row(item: Element) -> Row:
    row = Row()
    for child in item:
        name = _name(child)
        if name == "category":
            row.terms.append(
                (child.get("domain", ""), child.get("nicename", ""), (child.text or "").strip())
            )
        elif name == "wp:postmeta":
            said = {_name(part): (part.text or "") for part in child}
            row.meta[said.get("wp:meta_key", "")] = said.get("wp:meta_value", "")
        elif name != "wp:comment":  # What others wrote there is not ours to take.
            row.fields[name] = child.text or ""
    return row


def _name(element: Element) -> str:
    """Return a tag with the prefix that exports give it, whatever their version."""
    space, separator, local = element.tag.rpartition("}")
    space = space.lstrip("{")
    if not separator:
        return local
    if space.startswith("http://wordpress.org/export/"):
        return f"excerpt:{local}" if "/excerpt" in space else f"wp:{local}"
    return f"{NAMESPACES.get(space, space)}:{local}"
