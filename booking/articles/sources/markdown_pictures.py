"""The pictures that a Markdown file names, found beside it."""

import re
from pathlib import Path

from booking.articles.sources import files
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import Seen, SourceError, Told, one_line
from booking.domain.pictures import ROOT

IMAGE = re.compile(
    r"!\[(?P<alt>(?:\\.|[^\[\]\\]){0,1000})\]\(\s{0,3}"
    r"(?:<(?P<wrapped>[^<>\n]{1,1000})>|(?P<bare>[^\s()<>]{1,1000}))"
    r"(?P<title>\s+(?:\"(?:\\.|[^\"\\]){0,1000}\"|'[^']{0,1000}'))?\s{0,3}\)"
)


def with_pictures(body: str, path: Path, told: Told, notes: list[str]) -> tuple[str, list[Seen]]:
    """Return the text with marks for the pictures that were found, and those pictures."""
    seen: list[Seen] = []
    missing: list[str] = []
    # A folder's own pictures lie beside the file; Hugo keeps those of the site in "static".
    roots = [path.parent, told.root, told.root and told.root / "static", told.uploads]
    known = Pictures(*filter(None, roots))

    def take(found: re.Match[str]) -> str:
        address = found["wrapped"] or found["bare"]
        whole = files.path_of(address)
        file = None if "://" in address and told.uploads is None else known.find(whole)
        if file is None:
            if not address.startswith(ROOT):
                missing.append(one_line(whole, 80))
            return found[0]
        try:
            digest = files.digest_of(file)
        except SourceError as error:
            notes.append(f"the picture {one_line(whole, 80)} {error}")
            return found[0]
        words = one_line(re.sub(r"\\(.)", r"\1", found["alt"]), 300)
        one = Seen(f"import:{len(seen)}", file, words, digest)
        seen.append(one)
        return f"![{found['alt']}]({one.mark}{found['title'] or ''})"

    text = IMAGE.sub(take, body)
    if missing:
        named = ", ".join(sorted(set(missing))[:5])
        notes.append(f"{len(missing)} pictures are not beside it: {named}")
    return text, seen
