"""Names as people look for them: neither capitals nor accents are meant."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case and accents, its words parted by single spaces: "emile roux"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
