"""Files on disk: read whole and checked, and nothing outside the folder that was named."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from booking.articles.sources.found import SourceError

MEGABYTE = 1024 * 1024
LARGEST_TEXT = 2 * MEGABYTE
LARGEST_EXPORT = 200 * MEGABYTE
LARGEST_PICTURE = 10 * MEGABYTE
MOST_FILES = 20_000
TEXTS = {".md", ".markdown", ".txt"}
EXPORTS = {".xml", ".wxr"}


class Member(NamedTuple):
    """A file of a folder: where it lies, its name within the folder, and why it is not read."""

    path: Path
    name: str
    fault: str = ""


def read_text(path: Path) -> str:
    """Return the text of a file; raises SourceError for what is too large, or no text in UTF-8."""
    data = read_bytes(path, LARGEST_TEXT)
    if b"\0" in data:
        raise SourceError("holds NUL bytes, so it is no text in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"is not UTF-8 text (byte {error.start})") from error


def read_bytes(path: Path, most: int) -> bytes:
    """Return what a plain file holds; raises SourceError when it is larger than `most` bytes."""
    check(path, most)
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from error


def check(path: Path, most: int) -> None:
    """Raise SourceError for what is no plain file, or a larger one than `most` bytes."""
    try:
        found = path.stat()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from error
    if not stat.S_ISREG(found.st_mode):  # A pipe would be waited for without end.
        raise SourceError("is no plain file")
    if found.st_size > most:
        raise SourceError(f"is larger than {most // MEGABYTE} MB")


def members(folder: Path) -> Iterator[Member]:
    """Yield the texts and exports in a folder and those below it, in order of their names.

    Hidden ones are passed over. A link that leads out of the folder is named and not followed.
    """
    root = folder.resolve()
    seen = 0
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(place)
        for name in [*folders]:
            if (here / name).is_symlink():
                folders.remove(name)
                yield Member(here / name, _within(here / name, root), "is a link, not followed")
        for name in sorted(names):
            path = here / name
            if name.startswith(".") or path.suffix.lower() not in TEXTS | EXPORTS:
                continue
            seen += 1
            if seen > MOST_FILES:
                yield Member(root, root.name, f"holds more than {MOST_FILES:,} files")
                return
            fault = "" if is_inside(path, root) else "is a link that leads out of the folder"
            yield Member(path, _within(path, root), fault)


def _within(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def is_inside(path: Path, root: Path) -> bool:
    """Tell whether a path, links followed, stays within a folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


class Pictures:
    """The pictures that lie beside a source, found by how the source calls them."""

    def __init__(self, *roots: Path):
        self.roots = [root for root in dict.fromkeys(roots) if root.is_dir()]

    def find(self, *names: str) -> Path | None:
        """Return the first file that one of these paths names within a root, None for none."""
        for name in names:
            parts = [part for part in name.split("/") if part not in {"", "."}]
            if not parts or ".." in parts or any("\0" in part for part in parts):
                continue
            for root in self.roots:
                path = root.joinpath(*parts)
                if _is_file(path) and is_inside(path, root):
                    return path
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # A name that is too long, for example.
        return False


def digest_of(path: Path) -> str:
    """Return a digest of a picture's bytes; raises SourceError when it is too large."""
    return hashlib.sha256(read_bytes(path, LARGEST_PICTURE)).hexdigest()


def path_of(url: str) -> str:
    """Return the decoded path of an address, without host and query; empty for none."""
    try:
        return unquote(urlsplit(url.strip()).path)
    except ValueError:
        return ""
