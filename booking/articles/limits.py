"""How much an article may say: the same for the editor and for what is brought in, so that
whatever came in can be saved again as it is.

Lengths are in characters as a form sends them, where the end of a line counts twice.
"""

import re

TITLE, SUMMARY, NAME, SLUG, TOPIC = 200, 300, 120, 120, 80  # What the columns hold.
BODY = 150_000  # Some 25,000 words; in any script less than a form may weigh.
NOTE = 2_000
SOURCES, SOURCE_TITLE, SOURCE_LINK = 50, 300, 500
_LINK = re.compile(r"https?://[^\s/]+\S*")


def is_link(address: str) -> bool:
    """Tell whether this is the whole address of a page, and no longer than a source's may be."""
    return len(address) <= SOURCE_LINK and _LINK.fullmatch(address) is not None


def typed_length(text: str) -> int:
    """Return how many characters a form sends for a text of several lines."""
    return len(text) + text.count("\n")
