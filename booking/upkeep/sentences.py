"""The sentences that translators work on: found in the code and templates, kept in .po files."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from booking.web.catalogs import FOLDER
from booking.web.words import LANGUAGES

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = {"booking": [("**.py", "python")], "templates": [("**", "jinja2")]}
# Beside gettext's own: how labels and refusals are marked.
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "sentence": None}
# Nothing of who and when: the file's history tells that.
HEADERS = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {plural}\\n"\n'
    '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n\n'
)


def found() -> Catalog:
    """Return every sentence that a person may read."""
    catalog = Catalog()
    for folder, methods in SOURCES.items():
        for _file, _line, message, _comments, _context in extract_from_dir(
            PROJECT / folder,
            methods,
            options_map={"**": {"silent": "false"}} if folder == "templates" else {},
            keywords=KEYWORDS,
            directory_filter=lambda _path: True,
        ):
            catalog.add(message)
    return catalog


def kept(language: str) -> Catalog:
    """Return a language's catalogue as it is."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Bring a catalogue up to what is found; return how many sentences are still to translate."""
    catalog = kept(language)
    catalog.update(found(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("wb") as file:
        header = HEADERS.format(language=language, plural=catalog.plural_forms.rstrip(";") + ";")
        file.write(header.encode())
        write_po(file, catalog, omit_header=True, sort_output=True, no_location=True)
    return len(untranslated(catalog))


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences a catalogue says nothing for."""
    return [str(message.id) for message in catalog if message.id and not _is_said(message.string)]


def _is_said(text: object) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


def languages() -> list[str]:
    """Return the languages that have a catalogue: all but English, which the sentences are in."""
    return [language for language in LANGUAGES if language != "en"]
