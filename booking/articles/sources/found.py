"""What a source gives: an article, where it came from, and what the owner has to know of it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from booking.articles.limits import BODY, SLUG, TOPIC, typed_length
from booking.articles.moving_models import LONGEST_KEY
from booking.articles.operations import Draft, Source
from booking.columns import BIDI_CONTROLS
from booking.domain.names import slug

SUMMARY_LENGTH = 160
LONGEST_ALT = 300
LONGEST_ADDRESS = 60  # Of a picture of ours.

# What Markdown would read as something else; a single "&", "<" or "_" within a word it does not.
SPECIAL = re.compile(
    r"[\\`*|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#|\w{1,40};)|~(?=~)"
    r"|\[(?=\^)|\](?=[(\[:]|\Z)"
)
SPECIAL_IN_LINK = re.compile(SPECIAL.pattern + r"|[\[\]]")
# And at the beginning of a line: headings, quotes, lists, rules.
SPECIAL_FIRST = re.compile(
    r"^([ \t]*)(?:(\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|>|[-+](?:\s|$)|-{2}|=))", re.MULTILINE
)


class SourceError(Exception):
    """The file cannot be read as an article; the text says why, after the file's name."""


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever imports says: the practice's zone, the moment, and what is wanted."""

    zone: ZoneInfo
    now: datetime
    pages: bool = False  # Pages of a blog too, not only its posts.
    uploads: Path | None = None  # Where a blog's pictures lie.
    root: Path | None = None  # The folder that is brought in, when it is one.


@dataclass(frozen=True, slots=True)
class Wish:
    """A topic as the source calls it: its name, and the slug it had there."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture that lies beside the source. The text names it by `mark`."""

    mark: str
    file: Path
    alt: str
    digest: str  # Of the bytes: other bytes under the same name are another picture.
    was: str = ""  # How the source calls it.


@dataclass(slots=True)
class More:
    """What only some sources say; None is what they say nothing about."""

    cover: Seen | None = None
    rests_on: list[Source] | None = None
    services: list[str] | None = None  # By slug, as are those it is read before and after.
    before: list[str] | None = None
    after: list[str] | None = None
    is_archived: bool | None = None


@dataclass(slots=True)
class Found:
    """An article that a source holds; `draft.topics` stays empty until its wishes are known.

    `dated` is whether the source says when it was published, or that it never was. `addresses` are
    those it had, as the source writes them; `hosts` are where they were.
    """

    draft: Draft
    key: str
    wishes: list[Wish] = field(default_factory=list)
    dated: bool = True
    addresses: list[str] = field(default_factory=list)
    hosts: frozenset[str] = frozenset()
    pictures: list[Seen] = field(default_factory=list)
    more: More = field(default_factory=More)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Harvest:
    """All that one file held: articles, what was left out, and what is wrong with the whole."""

    found: list[Found] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)  # What, and why.
    notes: list[str] = field(default_factory=list)


def source_key(kind: str, name: str) -> str:
    """Return how a source is known the next time: its name, or a digest of one too long."""
    key = one_line(f"{kind}:{name}")
    if len(key) <= LONGEST_KEY:
        return key
    return f"{kind}:{hashlib.sha256(key.encode()).hexdigest()}"


def one_line(text: str, most: int | None = None) -> str:
    """Return `text` on one line without what a title or a name cannot hold, cut at a word."""
    plain = "".join(char for char in _composed(text) if char not in BIDI_CONTROLS)
    words = " ".join(plain.split())
    if most is None or len(words) <= most:
        return words
    return (words[: most - 2].rpartition(" ")[0] or words[: most - 2]) + " …"


def prose(text: str) -> str:
    """Return a text of several lines without what no column holds.

    Raises SourceError when it is longer than an article may be.
    """
    if len(text) > 2 * BODY:  # Far too long to compose, which takes its time.
        raise too_long()
    return _composed(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def too_long() -> SourceError:
    return SourceError(f"holds a text of more than {BODY:,} characters")


def check_length(body: str, pictures: int) -> None:
    """Raise SourceError for a text that the editor could not save with its pictures named."""
    if typed_length(body) + pictures * LONGEST_ADDRESS > BODY:
        raise too_long()


def _composed(text: str) -> str:
    kept = (
        char
        for char in unicodedata.normalize("NFC", text)
        if (char >= " " or char in "\n\t") and not "\ud800" <= char <= "\udfff"
    )
    return "".join(kept)


def cut(found_in: str, text: str, most: int, notes: list[str]) -> str:
    """Return `text` on one line as long as its column holds; what was cut is noted."""
    whole, kept = one_line(text), one_line(text, most)
    if whole != kept:
        notes.append(f"the {found_in} was longer than {most} characters and is cut")
    return kept


def cut_prose(found_in: str, text: str, most: int, notes: list[str]) -> str:
    """Return `text`, of several lines, no longer than `most` as a form counts; a cut is noted."""
    if typed_length(text) <= most:
        return text
    notes.append(f"the {found_in} was longer than {most} characters and is cut")
    kept = text
    while typed_length(kept) > most - 2:
        kept = kept[: len(kept) - (typed_length(kept) - (most - 2))]
    return (re.split(r"\s\S*\Z", kept)[0].rstrip() or kept) + " …"


def counted(number: int, what: str) -> str:
    """Return how many there are of what: "1 picture", "2 pictures"."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def note_wordless(count: int, notes: list[str]) -> None:
    """Say once of all pictures that had no words for who cannot see them."""
    if count:
        notes.append(f"{counted(count, 'picture')} without words; the title stands there")


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
    return slug(text, most=SLUG) or "article"


def wish(name: str, nicename: str = "") -> Wish | None:
    """Return a topic as a source calls it, None for a name that says nothing."""
    plain = one_line(name, TOPIC)
    known_as = slug(nicename or plain)
    return Wish(plain, known_as) if plain and known_as else None


def escape(text: str, *, is_linked: bool = False) -> str:
    """Keep what means something in Markdown as the plain characters they were, and no more.

    `is_linked` is for the words of a link, which a bracket would end.
    """
    plain = (SPECIAL_IN_LINK if is_linked else SPECIAL).sub(r"\\\g<0>", text)
    return SPECIAL_FIRST.sub(lambda found: f"{found[1]}{found[2] or ''}\\", plain)


def host_of(address: str) -> str:
    """Return the host of an address without its "www.", empty for a path."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
