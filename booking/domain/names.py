"""Names as people look for them: neither capitals nor accents are meant."""

import re
import unicodedata


def fold(text: str) -> str:
    """Return `text` without case and accents, its words parted by single spaces: "emile roux"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def slug(text: str, most: int = 60) -> str:
    """Return `text` as it may stand in an address: "gentle-yoga"; empty when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:most].strip("-")
