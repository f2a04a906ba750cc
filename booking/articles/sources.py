"""Reading articles from files: Markdown with front matter, and plain text as people send it."""

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from booking.articles.operations import Draft

# "Guest Post by Ada Lovelace", alone in its paragraph. People type it in a hurry, so the last
# letter of "guest" may be missing; "for" and what follows names whom it was written for.
GUEST = re.compile(
    r"^gues(?:t)?\s+post\s+by\s+(?P<name>.+?)(?:\s+for\b.*)?$", re.IGNORECASE | re.DOTALL
)
ABOUT = re.compile(r"^about\s+(?P<who>.+)$", re.IGNORECASE)
SUMMARY_LENGTH = 160


class SourceError(Exception):
    """The file cannot be read as an article; the text says why."""


def read(path: Path) -> Draft:
    """Read one file; its ending decides how. Raises SourceError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("is not UTF-8 text") from error
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from error
    if path.suffix == ".md":
        return from_markdown(text, path.stem)
    return from_plain_text(text, path.stem)


def from_plain_text(text: str, stem: str) -> Draft:
    """Read a text as it arrives by mail.

    The first line is the title and blank lines part the paragraphs. A line "Guest post by …"
    names the author; what follows the signature under a line "About …" is the note on the
    practice or person that published it.
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    blocks = [block for block in blocks if block]
    if len(blocks) < 2:
        raise SourceError("holds no title and text")
    title = _one_line(blocks[0])
    body, guest, note = _take_apart(blocks[1:])
    if not body:
        raise SourceError("holds no text below its title")
    return Draft(
        title=title,
        slug=slug_of(stem),
        body="\n\n".join(_escape(paragraph) for paragraph in body),
        author=guest or "",
        is_guest=guest is not None,
        author_note=note,
        summary=summary_of(body[0]),
    )


def _take_apart(blocks: list[str]) -> tuple[list[str], str | None, str]:
    """Part the paragraphs from the signature and the note that follow them."""
    body: list[str] = []
    guest: str | None = None
    note: list[str] = []
    in_note = False
    for block in blocks:
        signature, about = GUEST.match(block), ABOUT.match(block)
        if signature and guest is None:
            guest = _one_line(signature["name"])
        elif about and "\n" not in block and (guest is not None or len(block) < 60):
            in_note = True
            note.append(_one_line(block))
        elif in_note:
            note.append(_one_line(block))
        elif guest is None:
            body.append(_one_line(block))
        # Else: below the signature and above the note, the name of whom it was written for.
    return body, guest, "\n\n".join(note)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escape(paragraph: str) -> str:
    """Keep what means something in Markdown as the plain characters they were."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", paragraph)


def summary_of(paragraph: str) -> str:
    """Return the first sentences that fit a card, or the first words."""
    if len(paragraph) <= SUMMARY_LENGTH:
        return paragraph
    sentence = paragraph[:SUMMARY_LENGTH].rpartition(". ")[0]
    if sentence:
        return sentence + "."
    return paragraph[:SUMMARY_LENGTH].rpartition(" ")[0] + " …"


def slug_of(text: str) -> str:
    """Return `text` as it stands in an address: lower case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:120] or "article"


def from_markdown(text: str, stem: str) -> Draft:
    """Read Markdown below a front matter of `key: value` lines between two lines of hyphens."""
    head, body = _front_matter(text)
    if not head.get("title") or not body.strip():
        raise SourceError("needs a title in its front matter and a text below it")
    return Draft(
        title=head["title"],
        slug=slug_of(head.get("slug") or stem),
        body=body.strip(),
        author=head.get("author", ""),
        is_guest=head.get("guest", "").lower() in {"yes", "true"},
        author_note=head.get("note", ""),
        summary=head.get("summary", ""),
        topics=tuple(filter(None, (word.strip() for word in head.get("topics", "").split(",")))),
        published_at=_date(head.get("published", "")),
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise SourceError("has no front matter between two lines of hyphens")
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    pairs = (line.partition(":") for line in lines[1:end] if ":" in line)
    return {key.strip().lower(): value.strip() for key, _colon, value in pairs}, "\n".join(
        lines[end + 1 :]
    )


def _date(text: str) -> datetime | None:
    """Read a date of the front matter; noon UTC, so that it is the same date nearly everywhere."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a date, made aware below
    except ValueError as error:
        raise SourceError(f"has a date that is none: {text}") from error
    return day.replace(hour=12, tzinfo=UTC)
