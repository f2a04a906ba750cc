"""The editor's form: one page, one save; and the small forms around it.

Ticks are fields of their own (`topic_7`, `before_3`), because a field that is said twice is
refused. Sources are rows of two fields, a few empty ones at the end.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, ValidationError

from booking.articles import limits
from booking.articles.drawn import is_ours
from booking.articles.markdown import pictures_in
from booking.articles.models import Article, Moment, Topic, TopicKind
from booking.articles.operations import Draft, Source
from booking.articles.pictures import MOST_ALT
from booking.articles.writing import Piece, draft_of
from booking.catalog.models import Category, Service
from booking.domain.pictures import pictured
from booking.web.editing import EditForm
from booking.web.forms import Form, prose_field, text_field
from booking.web.wall_fields import WhenForm, day_field, time_field
from booking.web.words import lazy as _l

EMPTY_SOURCES = 2
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


def _is_link(form: Any, field: Any) -> None:
    if field.data and not limits.is_link(field.data):
        raise ValidationError(
            _("Please copy the whole address: it begins with https:// or http://.")
        )


class ArticleForm(EditForm, WhenForm):
    """A piece. `article_form` adds the ticks and the rows of sources."""

    topics: ClassVar[Mapping[str, Topic]] = {}
    kinds: ClassVar[Mapping[str, Category]] = {}
    fits: ClassVar[Mapping[str, Service]] = {}
    before: ClassVar[Mapping[str, Service]] = {}
    after: ClassVar[Mapping[str, Service]] = {}
    rows: ClassVar[int] = 0

    # Under which what is typed is kept, what it went on with, and when it was to be published.
    key = HiddenField()
    base = HiddenField()
    planned = HiddenField()
    cursor = HiddenField()
    title = text_field(_l("Title"), limits.TITLE, _l("Please type a title."), autocomplete="off")
    summary = text_field(
        _l("In one or two sentences, for lists (optional)"), limits.SUMMARY, autocomplete="off"
    )
    body = prose_field(_l("Text"), limits.BODY, rows=22)
    slug = text_field(
        _l("Address (optional)"),
        limits.SLUG,
        autocomplete="off",
        autocapitalize="off",
        spellcheck="false",
    )
    author = text_field(_l("Author (optional)"), limits.NAME, autocomplete="off")
    is_guest = BooleanField(_l("A guest wrote it"))
    author_note = prose_field(
        _l("A note about the author, below the text (optional)"), limits.NOTE, rows=4
    )
    picture = HiddenField()
    no_picture = BooleanField(_l("Take the main picture away"))
    file = FileField(
        _l("Picture (PNG, JPEG, WebP or GIF, at most 10 MB)"), render_kw={"accept": ACCEPTED}
    )
    alt = text_field(_l("What the picture shows"), MOST_ALT, autocomplete="off")
    day = day_field(_l("Day"))
    time = time_field(_l("Time"))

    def validate_body(self, field: Any) -> None:
        for one in pictures_in(field.data or ""):
            if not one.words and (pictured(one.address) or is_ours(one.address)):
                raise ValidationError(
                    _("A picture in the text has no words: type what it shows between ![ and ].")
                )

    @property
    def moment(self) -> str:
        """When it is to be published, as it was typed; empty for nothing."""
        typed = (self.day.data, self.time.data, self.which.data)
        return " ".join(str(one) for one in typed if one)

    @property
    def is_planned_anew(self) -> bool:
        """Whether another moment was typed than the form was opened with."""
        return self.moment != (self.planned.data or "")

    def boxes(self, what: str) -> list[Any]:
        """Return the fields of a group of ticks."""
        return [self[name] for name in getattr(self, what)]

    @property
    def has_wrong_source(self) -> bool:
        return any(title.errors or link.errors for title, link in self.source_rows)

    def ticked(self, ticks: Mapping[str, Any]) -> list[Any]:
        return [one for name, one in ticks.items() if self[name].data]

    @property
    def picture_id(self) -> int | None:
        typed = self.picture.data or ""
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None

    @property
    def source_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"source_title_{n}"], self[f"source_link_{n}"]) for n in range(self.rows)]

    @property
    def sources(self) -> tuple[Source, ...]:
        typed = [(title.data or "", link.data or "") for title, link in self.source_rows]
        return tuple(Source(title or link, link) for title, link in typed if title or link)

    def piece(self, picture: Any, kept_topics: Sequence[str], slug: str) -> Piece:
        """Return what was typed; `kept_topics` are those the form does not ask about."""
        draft = Draft(
            title=self.title.data or "",
            slug=(self.slug.data if self.slug else slug) or "",
            body=_lines(self.body.data),
            author=self.author.data or "",
            summary=self.summary.data or "",
            is_guest=bool(self.is_guest.data),
            author_note=_lines(self.author_note.data),
            topics=(*kept_topics, *(one.slug for one in self.ticked(self.topics))),
            picture=None if self.no_picture.data else picture,
            services=tuple(one.id for one in self.ticked(self.fits)),
            sources=self.sources,
        )
        before, after = self.ticked(self.before), self.ticked(self.after)
        return Piece(
            draft,
            [one.id for one in self.ticked(self.kinds)],
            [one.id for one in before],
            [one.id for one in after],
        )


def _lines(typed: str | None) -> str:
    """Return what was typed as it is kept: forms send the end of a line as two characters."""
    return (typed or "").replace("\r\n", "\n")


def _ticks(prefix: str, rows: Iterable[Any]) -> dict[str, Any]:
    return {f"{prefix}_{one.id}": one for one in rows}


def article_form(
    topics: Iterable[Topic], kinds: Iterable[Category], services: Sequence[Service], rows: int
) -> type[ArticleForm]:
    """Return the form with a tick for each of these and so many rows of sources."""
    asked: dict[str, Any] = {
        "topics": _ticks("topic", topics),
        "kinds": _ticks("kind", kinds),
        "fits": _ticks("service", services),
        "before": _ticks("before", services),
        "after": _ticks("after", services),
    }
    fields: dict[str, Any] = {
        name: BooleanField(one.name) for ticks in asked.values() for name, one in ticks.items()
    }
    for number in range(rows):
        fields[f"source_title_{number}"] = text_field(_l("What it is"), limits.SOURCE_TITLE)
        fields[f"source_link_{number}"] = text_field(
            _l("Where it is found (optional)"),
            limits.SOURCE_LINK,
            rules=[_is_link],
            inputmode="url",
        )
    return type("ArticleForm", (ArticleForm,), {**asked, **fields, "rows": rows})


def rows_for(sources: int) -> int:
    """How many rows are shown when so many are filled in."""
    return min(sources + EMPTY_SOURCES, limits.SOURCES)


def values_of(
    kind: type[ArticleForm], article: Article, readings: set[tuple[Moment, int]]
) -> dict[str, Any]:
    """Return what the form shows of a piece."""
    draft = draft_of(article)
    topics = {topic.id for topic in article.topics}
    slugs = {topic.slug for topic in article.topics if topic.kind is TopicKind.WORK}
    services = {one.id for one in article.services}
    values: dict[str, Any] = {
        "title": draft.title, "slug": draft.slug, "summary": draft.summary, "body": draft.body,
        "author": draft.author, "is_guest": draft.is_guest, "author_note": draft.author_note,
        "picture": str(article.picture_id or ""),
    }  # fmt: skip
    values |= {name: one.id in topics for name, one in kind.topics.items()}
    values |= {name: one.slug in slugs for name, one in kind.kinds.items()}
    values |= {name: one.id in services for name, one in kind.fits.items()}
    for moment, ticks in ((Moment.BEFORE, kind.before), (Moment.AFTER, kind.after)):
        values |= {name: (moment, one.id) in readings for name, one in ticks.items()}
    for number, source in enumerate(article.sources):
        values[f"source_title_{number}"] = source["title"]
        values[f"source_link_{number}"] = source["link"]
    return values


class PictureForm(Form):
    """A picture for the collection."""

    file = FileField(
        _l("Picture (PNG, JPEG, WebP or GIF, at most 10 MB)"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ACCEPTED},
    )
    alt = text_field(
        _l("What the picture shows"), MOST_ALT, _l("Please say what the picture shows.")
    )


class AltForm(Form):
    """What a picture shows, in other words."""

    alt = text_field(
        _l("What the picture shows"), MOST_ALT, _l("Please say what the picture shows.")
    )


class TopicForm(Form):
    """A topic of the body."""

    name = text_field(_l("Name"), 80, _l("Please type a name."), autocomplete="off")


class MergeForm(Form):
    """Which topic another one becomes."""

    into = SelectField(_l("Join with"), [InputRequired()], coerce=int)
