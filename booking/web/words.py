"""Text that is translated when it is shown, and the languages there are."""

from typing import Any

from babel import Locale
from flask_babel import lazy_gettext

from booking.practice import queries as practice

# It becomes text when it is shown; the libraries' hints ask for text from the start.
lazy: Any = lazy_gettext

LANGUAGES = ("en", "es")


def languages() -> dict[str, str]:
    """Return the languages the pages are written in, each by its own name for itself."""
    return {code: (Locale.parse(code).display_name or code).capitalize() for code in LANGUAGES}


def locale_for(language: str | None) -> str | None:
    """Return the locale of a language where the practice is; None for the practice's own."""
    if language not in LANGUAGES:
        return None
    territory = practice.current().locale.partition("_")[2]
    return f"{language}_{territory}" if territory else language
