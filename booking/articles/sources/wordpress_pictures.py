"""The pictures of a blog's posts, found in the folder its uploads were saved to."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape as as_attribute
from pathlib import Path

from booking.articles.sources import files, html
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import (
    LONGEST_ALT,
    Seen,
    SourceError,
    counted,
    escape,
    note_wordless,
    one_line,
)
from booking.articles.sources.wordpress_file import Row

# photo-300x200.jpg and photo-scaled.jpg are made from photo.jpg.
SIZED = re.compile(r"(-\d{1,5}x\d{1,5}|-scaled)+(?=\.\w{2,5}$)")


class Album:
    """All that was uploaded to a blog, and where the files lie now."""

    def __init__(self, rows: Sequence[Row], pictures: Pictures):
        uploads = [row for row in rows if row.kind == "attachment"]
        self.pictures = pictures
        self.by_number = {row["wp:post_id"].strip(): row for row in uploads}
        self.by_path = {_whole(files.path_of(address_of(row))): row for row in uploads}

    def find(self, address: str) -> Path | None:
        """Return the file of a picture's address: the picture itself before a smaller one."""
        path = files.path_of(address)
        names = []
        for one in dict.fromkeys((_whole(path), path)):
            _before, separator, below = one.partition("/uploads/")
            names += [one]
            names += [f"wp-content/uploads/{below}", f"uploads/{below}", below] if separator else []
            names += [one.rpartition("/")[2]]
        return self.pictures.find(*names)

    def words(self, address: str) -> str:
        """Return what the blog says of a picture: its alternative text, caption or title."""
        row = self.by_path.get(_whole(files.path_of(address)))
        if row is None:
            return ""
        said = (
            row.meta.get("_wp_attachment_image_alt", ""), row["excerpt:encoded"], row["title"],
        )  # fmt: skip
        return next((words for one in said if (words := html.plain(one))), "")

    def gallery(self, numbers: Sequence[str]) -> str:
        """Return the pictures with these numbers as HTML."""
        rows = [self.by_number[number] for number in numbers if number in self.by_number]
        return "".join(
            f'\n\n<figure><img src="{as_attribute(address_of(row))}"></figure>\n\n' for row in rows
        )


def address_of(row: Row) -> str:
    return row["wp:attachment_url"].strip() or row["guid"].strip()


def _whole(path: str) -> str:
    return SIZED.sub("", path)


class PostPictures:
    """The pictures of one post, in the order in which it shows them."""

    def __init__(self, album: Album, title: str, notes: list[str]):
        self.album = album
        self.title = title
        self.notes = notes
        self.seen: list[Seen] = []
        self.missing: list[str] = []
        self.wordless = 0

    def markdown(self, address: str, alt: str, caption: str) -> str:
        """Return a picture as Markdown; of one that is not to be found, the words alone."""
        known = alt or self.album.words(address)
        file = self.album.find(address)
        try:
            digest = files.digest_of(file) if file else ""
        except SourceError as error:
            self.notes.append(f"the picture {one_line(files.path_of(address), 80)} {error}")
            file, digest = None, ""
        if file is None:
            self.missing.append(one_line(files.path_of(address), 80) or "without an address")
            return " · ".join(f"*{escape(one)}*" for one in dict.fromkeys((known, caption)) if one)
        words = one_line(known or caption, LONGEST_ALT)
        if not words:
            self.wordless += 1
            words = one_line(self.title, LONGEST_ALT)
        was = html.web_address(address) or ""
        one = Seen(f"import:{len(self.seen)}", file, words, digest, was)
        self.seen.append(one)
        below = one_line(caption).replace("\\", "\\\\").replace('"', '\\"')
        title = f' "{below}"' if below else ""
        return f"![{escape(words)}]({one.mark}{title})"

    def cover(self, number: str) -> Seen | None:
        """Return the picture that stands for the post, by its number."""
        row = self.album.by_number.get(number.strip())
        if row is None:
            return None
        seen = len(self.seen)
        self.markdown(address_of(row), "", "")
        return replace(self.seen.pop(), mark="import:cover") if len(self.seen) > seen else None

    def note(self) -> None:
        """Say once of all pictures what is missing."""
        if self.missing:
            named = ", ".join(sorted(set(self.missing))[:5])
            self.notes.append(
                f"{counted(len(self.missing), 'picture')} not beside the export: {named}"
            )
        note_wordless(self.wordless, self.notes)
