"""Plain text as people send it by mail: a title, paragraphs, a signature, a note."""

import re

from booking.articles.limits import NAME, NOTE, SUMMARY, TITLE
from booking.articles.operations import Draft
from booking.articles.sources.found import (
    Found,
    SourceError,
    check_length,
    cut,
    cut_prose,
    escape,
    one_line,
    prose,
    slug_of,
    source_key,
    summary_of,
)

# "Guest Post by Ada Lovelace", alone in its paragraph. People type it in a hurry, so the last
# letter of "guest" may be missing; "for" and what follows names whom it was written for.
GUEST = re.compile(
    r"^gues(?:t)?\s+post\s+by\s+(?P<name>.+?)(?P<whom>\s+for\b.*)?$", re.IGNORECASE | re.DOTALL
)
ABOUT = re.compile(r"^about\s+(?P<who>.+)$", re.IGNORECASE)


def from_plain_text(text: str, stem: str, name: str = "") -> Found:
    """Read a text as it arrives by mail; `stem` gives its slug, `name` how it is known again.

    The first line is the title and blank lines part the paragraphs. A line "Guest post by …"
    names the author; what follows the signature under a line "About …" is the note on the
    practice or person that published it. Raises SourceError.
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", prose(text))]
    blocks = [block for block in blocks if block]
    if len(blocks) < 2:
        raise SourceError("holds no title and text")
    body, guest, note, dropped = _take_apart(blocks[1:])
    if not body:
        raise SourceError("holds no text below its title")
    text = "\n\n".join(escape(paragraph) for paragraph in body)
    check_length(text, 0)
    left_out = one_line(" ".join(dropped))
    notes = [f"left out below the author: {left_out}"] if left_out else []
    draft = Draft(
        title=cut("title", blocks[0], TITLE, notes),
        slug=slug_of(stem),
        body=text,
        author=cut("author", guest or "", NAME, notes),
        is_guest=guest is not None,
        author_note=cut_prose("note", "\n\n".join(map(escape, note)), NOTE, notes),
        summary=one_line(summary_of(body[0]), SUMMARY),
    )
    return Found(draft, source_key("file", name or stem), dated=False, notes=notes)


def _take_apart(blocks: list[str]) -> tuple[list[str], str | None, list[str], list[str]]:
    """Part the paragraphs from the signature and the note that follow them.

    Last comes what is in neither: for whom it was written, which stands in or below the signature.
    """
    body: list[str] = []
    guest: str | None = None
    note: list[str] = []
    dropped: list[str] = []
    for block in blocks:
        # A signature is a line or two; what begins like one and goes on is a paragraph.
        signature = GUEST.match(block) if len(block) < 200 else None
        about = ABOUT.match(block) if "\n" not in block and len(block) < 200 else None
        if signature and guest is None:
            guest = one_line(signature["name"])
            dropped.append(signature["whom"] or "")
        elif note or (about and (guest is not None or len(block) < 60)):
            note.append(one_line(block))
        elif guest is None:
            body.append(one_line(block))
        else:
            dropped.append(block)
    return body, guest, note, dropped
