"""The plain text of a mail: short lines, and what the list of a mail program shows of it."""

import re
import textwrap

WIDTH = 78
LEAD_MOST = 120
# Signs without a shape, so that a list which has room for more does not go on with the mail.
FILLER = "\u034f\u200c\u00a0" * 70


def with_one_stop(text: str) -> str:
    """Let a sentence end once where its last word is a time of the day in Spanish: 10:00 a.m."""
    return re.sub(r"(\b[ap]\.\s?m\.)\.(?!\.)", r"\1", text)


def wrapped(text: str) -> str:
    """Break lines after at most 78 characters, except where an address would be torn.

    What a condition leaves out of a template leaves empty lines: two are enough for an eye.
    """
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return "\n".join(_lines(line) for line in text.splitlines()) + "\n"


def _lines(line: str) -> str:
    line = re.sub(r"(?<=\S)[ \t]{2,}", " ", line.rstrip())
    if len(line) <= WIDTH:
        return line
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(
        line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def lead(text: str, client: str = "") -> str:
    """Return the first words that say something, in one line: not those that greet the client."""
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    if len(parts) > 1 and client and client in parts[0] and len(parts[0]) < WIDTH:
        parts = parts[1:]
    return "" if "://" in parts[0] else shortened(parts[0].rstrip(":"), LEAD_MOST)


def shortened(text: str, most: int) -> str:
    """Return a text in one line of at most `most` characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
