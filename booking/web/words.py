"""Text that is translated when it is shown, and the languages there are."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_time
from flask_babel import get_locale, lazy_gettext

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
    wanted = f"{language}_{territory}" if territory else language
    try:
        Locale.parse(wanted)
    except UnknownLocaleError:  # Nobody has written down how that language is written there.
        return language
    return wanted


def offered_languages(kept: str | None) -> dict[str, str]:
    """Return the languages to choose from: those of the practice, and the one that is chosen."""
    offered = {*practice.current().languages, (kept or "").partition("_")[0]}
    return {code: name for code, name in languages().items() if code in offered}


def clock_of(instant: datetime, zone: ZoneInfo) -> str:
    """10:00 AM, on the clock of any zone."""
    return format_time(instant.astimezone(zone).time(), format="short", locale=get_locale())
