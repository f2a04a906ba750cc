"""The sentences in other languages, read from their .po files.

Read as they are, once a process: nothing has to be compiled before the first start, and what a
translator saves is what people see.
"""

from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Babel, Domain, get_locale
from wtforms.i18n import get_translations

FOLDER = Path(__file__).resolve().parent.parent / "translations"


class Catalogs(Domain):
    """Finds a sentence in the language of the person it is said to."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return load(locale.language if locale else "")


@lru_cache(maxsize=16)
def load(language: str) -> NullTranslations:
    """Return the catalogue of a language; English, and what we have none for, needs none."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=16)
def of_forms(locale: str) -> GNUTranslations:
    """Return what the library of our forms says by itself, in a language it may know.

    Flask-WTF reads that file anew for each request, which took an eighth of a page's time.
    """
    return get_translations([locale, locale.partition("_")[0], "en"])


CATALOGS = Catalogs()


class OurBabel(Babel):
    """Flask-Babel with our catalogues in the place of compiled files."""

    @property
    def domain_instance(self) -> Domain:
        return CATALOGS
