"""Names as people look for them: neither capitals nor accents are meant."""

import re
import unicodedata
from collections.abc import Container
from itertools import count


def fold(text: str) -> str:
    """Return `text` without case and accents, its words parted by single spaces: "emile roux"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def slug(text: str, most: int = 60) -> str:
    """Return `text` as it may stand in an address: "gentle-yoga"; empty when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:most].strip("-")


def free_slug(wanted: str, known: Container[str]) -> str:
    """Return `wanted`, numbered from 2 when others are called so already: "gentle-yoga-2"."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in known else next(one for one in numbered if one not in known)
