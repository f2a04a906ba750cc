"""Articles from files: Markdown with front matter, a blog's export, plain text as people send it.

Reading knows neither the database nor what is already there: `articles.import_plan` does.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from booking.articles.operations import Draft
from booking.articles.sources import files
from booking.articles.sources.files import EXPORTS
from booking.articles.sources.found import Found, Harvest, SourceError, Told
from booking.articles.sources.front_matter import from_markdown
from booking.articles.sources.plain_text import from_plain_text

__all__ = ["Draft", "Found", "Harvest", "SourceError", "Told", "harvest", "read"]

# For files that are our own and give all they have to say.
ANY_TIME = Told(ZoneInfo("UTC"), datetime(2100, 1, 1, tzinfo=UTC))


def harvest(path: Path, told: Told, name: str = "") -> Harvest:
    """Read one file whole; its ending decides how. `name` is how it is known the next time.

    Raises SourceError with what is wrong, to stand after the file's name.
    """
    if path.suffix.lower() in EXPORTS:
        from booking.articles.sources.wordpress import from_wordpress  # Few need it, once.

        return from_wordpress(path, told)
    text = files.read_text(path)
    if path.suffix.lower() == ".txt":
        return Harvest([from_plain_text(text, path.stem, name or path.name)])
    return Harvest([from_markdown(text, path, told, name)])


def read(path: Path) -> Draft:
    """Read a file with one article whose topics are known here. Raises SourceError."""
    (found,) = harvest(path, ANY_TIME).found
    draft = replace(found.draft, topics=tuple(one.slug for one in found.wishes))
    rests_on = found.more.rests_on
    return draft if rests_on is None else replace(draft, sources=tuple(rests_on))
