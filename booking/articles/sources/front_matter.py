"""Markdown with front matter: ours, and as Hugo, Jekyll and their kin write it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from booking.articles.limits import NAME, NOTE, SUMMARY, TITLE
from booking.articles.markdown import to_html
from booking.articles.operations import Draft
from booking.articles.sources import dates
from booking.articles.sources.found import (
    Found,
    SourceError,
    Told,
    Wish,
    check_length,
    counted,
    cut,
    cut_prose,
    one_line,
    prose,
    slug_of,
    source_key,
    summary_of,
    wish,
)
from booking.articles.sources.front_more import more_of
from booking.articles.sources.markdown_pictures import beside, with_pictures

LONGEST_HEAD = 60_000  # Of ours, with all sources an article may have.
Head = Mapping[str, Any]

# 2019-05-01-why-ankles-roll.md, as Jekyll has its posts named.
DATED = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<name>.+)")
# {{< figure src="x" >}}, {% include x %}, <!--more-->: instructions to whatever made the pages.
INSTRUCTION = re.compile(r"\{\{[<%][^{}]{0,2000}[>%]\}\}|\{%[^{}]{0,2000}%\}|<!--[^<>]{0,2000}-->")
RAW_HTML = re.compile(r"^ {0,3}<(?:/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE | re.MULTILINE)


class _Words(yaml.BaseLoader):
    """Makes text, lists and mappings, whatever a document asks for, and follows no alias.

    A title "1.10" or "no" stays what was typed, and nine lines cannot become a billion.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise SourceError("has aliases in its front matter, which are not followed")
        return super().compose_node(parent, index)


def from_markdown(text: str, path: Path, told: Told, name: str = "") -> Found:
    """Read a text with its head; `path` gives what the head leaves out, `name` its key.

    Raises SourceError.
    """
    head, body = _part(prose(text))
    stem, day = _stem(path)
    notes: list[str] = []
    is_ours = "format" in head
    title = _word(head, "title") or (_heading(body) if not is_ours else "")
    if not title:
        raise SourceError("has no title")
    if not is_ours:
        body = _without_instructions(_without_heading(body, title), notes)
    near = beside(path, told)
    body, pictures = with_pictures(body, near, told, notes, title)
    if not body:
        raise SourceError("holds no text below its title")
    check_length(body, len(pictures))
    author = _word(head, "author", "authors")
    published_at, is_dated = _published(head, day, told, notes)
    draft = Draft(
        title=cut("title", title, TITLE, notes),
        slug=slug_of(_word(head, "slug") or stem),
        body=body,
        author=cut("author", author, NAME, notes),
        is_guest=_is_yes(_word(head, "guest")),
        author_note=_note(head, notes),
        summary=_summary(head, body, notes, is_ours=is_ours),
        published_at=published_at,
    )
    return Found(
        draft,
        source_key("file", name or path.name),
        wishes=_wishes(head),
        dated=is_dated,
        addresses=_addresses(head, stem, day),
        pictures=pictures,
        more=more_of(head, near, notes, title),
        notes=notes,
    )


def _part(text: str) -> tuple[dict[str, Any], str]:
    """Part head and body; a text without a head, but with a heading, is taken as well."""
    lines = text.split("\n")
    fence = lines[0].strip()
    if fence not in {"---", "+++"}:
        if not _heading(text):
            raise SourceError("has no front matter between two lines of hyphens")
        return {}, text
    ends = (number for number, line in enumerate(lines[1:], 1) if line.strip() == fence)
    end = next(ends, None)
    if end is None:
        raise SourceError("has a front matter that does not end")
    head = "\n".join(lines[1:end])
    if len(head) > LONGEST_HEAD:
        raise SourceError(f"has a front matter of more than {LONGEST_HEAD:,} characters")
    read = _toml(head) if fence == "+++" else _yaml(head)
    return {str(key).strip().lower(): value for key, value in read.items()}, "\n".join(
        lines[end + 1 :]
    ).strip()


def _yaml(head: str) -> dict[str, Any]:
    try:
        read = yaml.load(head, _Words)  # noqa: S506 - makes text, lists and mappings alone
    except RecursionError as error:
        raise SourceError("has a front matter nested deeper than any") from error
    except (yaml.YAMLError, ValueError) as error:
        return _by_line(head, error)
    if not isinstance(read, dict):
        return _by_line(head, None)
    return read


def _by_line(head: str, error: Exception | None) -> dict[str, Any]:
    """Read lines of ``key: value`` as people write them: ``title: Hips: a guide``."""
    lines = [line for line in head.split("\n") if line.strip()]
    pairs = [re.fullmatch(r"([A-Za-z][\w-]{0,40})\s*:\s?(.*)", line) for line in lines]
    if not lines or not all(pairs):
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 2}" if mark else ""
        raise SourceError(f"has a front matter that is no YAML{where}")
    return {pair[1]: pair[2].strip() for pair in pairs if pair}


def _toml(head: str) -> dict[str, Any]:
    try:
        return tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SourceError("has a front matter that is no TOML") from error


def _is_text(value: object) -> bool:
    return value is not None and not isinstance(value, dict | list)


def _word(head: Head, *names: str) -> str:
    """Return the first of these as one line; of a list its members with commas."""
    return next((words for name in names if (words := ", ".join(_list(head.get(name))))), "")


def _list(value: object) -> list[str]:
    """Return what stands in a head as a list of texts; mappings have no place there."""
    many = value if isinstance(value, list) else [value]
    return [words for one in many[:100] if _is_text(one) and (words := one_line(str(one)))]


def _note(head: Head, notes: list[str]) -> str:
    typed = head.get("note")
    return cut_prose("note", prose(str(typed)), NOTE, notes) if _is_text(typed) else ""


def _is_yes(word: str) -> bool:
    return word.lower() in {"yes", "true", "on", "1"}


def _wishes(head: Head) -> list[Wish]:
    names: list[str] = []
    for key in ("topics", "categories", "category", "tags"):
        for words in _list(head.get(key)):
            names += words.split(",") if not isinstance(head.get(key), list) else [words]
    found = (wish(name) for name in names)
    return list(dict.fromkeys(one for one in found if one))


def _published(head: Head, day: str, told: Told, notes: list[str]) -> tuple[Any, bool]:
    """Return when it was published, and whether that is known: None and known is a draft."""
    if _is_yes(_word(head, "draft")) or _word(head, "published").lower() in {"false", "no"}:
        return None, True
    typed = _word(head, "published", "publishdate", "date") or day
    if not typed:
        return None, False
    when = dates.instant(typed, told.zone, told.now)
    if when is None:
        raise SourceError(f"has a date that is none: {typed[:60]}")
    if when > told.now:
        notes.append("its date is to come, so it is planned")
    return when, True


def _summary(head: Head, body: str, notes: list[str], *, is_ours: bool) -> str:
    given = _word(head, "summary", "description", "excerpt")
    if given or is_ours:
        return cut("summary", given, SUMMARY, notes)
    shown = to_html(body)
    begins, ends = shown.find("<p>"), shown.find("</p>")
    first = shown[begins:ends] if 0 <= begins < ends else shown
    return one_line(summary_of(one_line(Markup(first).striptags())), SUMMARY)  # noqa: S704 - taken off


def _heading(body: str) -> str:
    found = re.match(r"# +(.{1,300}?)(?: +#+)? *(?:\n|$)", body)
    return one_line(found[1]) if found else ""


def _without_heading(body: str, title: str) -> str:
    """Take a title away that the text repeats as its first heading."""
    return body.partition("\n")[2].strip() if _heading(body) == one_line(title) else body


def _without_instructions(body: str, notes: list[str]) -> str:
    plain, count = INSTRUCTION.subn("", body)
    if count:
        notes.append(f"left out: {counted(count, 'instruction')} to the old site")
    if RAW_HTML.search(plain):
        notes.append("holds HTML, which is shown as it was typed")
    return plain.strip()


def _stem(path: Path) -> tuple[str, str]:
    """Return what a file's name gives: the slug, and the date if it begins with one."""
    stem = path.parent.name if path.stem.lower() in {"index", "_index"} else path.stem
    found = DATED.fullmatch(stem)
    return (found["name"], found["day"]) if found else (stem, "")


def _addresses(head: Head, stem: str, day: str) -> list[str]:
    """Return the paths it had: those it names, and the one Jekyll gives a post by its file."""
    named = [
        one
        for key in ("aliases", "redirect_from", "permalink", "url")
        for one in _list(head.get(key))
        if ":" not in one or "://" in one
    ]
    paths = [one if "://" in one or one.startswith("/") else f"/{one}" for one in named]
    if day:
        folders = "/".join(one.slug for one in _wishes({"categories": head.get("categories")}))
        date_path = day.replace("-", "/")
        paths.append(
            f"/{folders}/{date_path}/{stem}.html" if folders else f"/{date_path}/{stem}.html"
        )
    return paths
