"""The editor's form as it is opened, as it was sent, and as it was kept."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking.accounts.access import this_account
from booking.articles import drafts, pictures, writing_queries
from booking.articles.models import Article, Picture
from booking.articles.writing_forms import ArticleForm, article_form, rows_for, values_of
from booking.catalog import queries as catalog
from booking.practice import queries as practice

KEY = re.compile(r"new-[A-Za-z0-9_-]{8,32}")
# What is sent along with what was typed and is no part of it.
NOT_TYPED = {"csrf_token", "press", "file", "cursor"}
FILLED = re.compile(r"source_(?:title|link)_(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as it would look, made of what was typed: no row, so nothing of it can be saved."""

    title: str
    summary: str
    body_markdown: str
    author: str
    is_guest: bool
    author_note: str
    picture: Picture | None
    sources: list[dict[str, str]]


def form_kind(article: Article | None, typed: Mapping[str, str]) -> type[ArticleForm]:
    """Return the form of a piece, with as many rows of sources as are typed or kept."""
    numbers = [int(found[1]) + 1 for name, value in typed.items()
               if value and (found := FILLED.fullmatch(name))]  # fmt: skip
    filled = max([len(article.sources) if article else 0, *numbers])
    services = list(writing_queries.services())
    known = {one.id for one in services}
    services += [one for one in article.services if one.id not in known] if article else []
    return article_form(
        writing_queries.body_topics(), writing_queries.kinds(), services, rows_for(filled)
    )


def open_form(
    article: Article | None, now: datetime, typed: Mapping[str, str] | None = None
) -> ArticleForm:
    """Return the form as it was sent, as it was kept (`typed`), or as it is opened."""
    sent = request.form if request.method == "POST" else MultiDict(typed or {})
    kind = form_kind(article, sent)
    values = saved_values(kind, article)
    is_filled = request.method == "POST" or typed is not None
    form = kind(formdata=_with_file(sent) if is_filled else None, data=values)
    if article is not None and article.has_been_public(now):
        del form.slug
    if not is_filled:
        form.opened_on(_asked(values, form) if article else {})
    form.key.data = key_for(article, form)
    if not is_filled:
        _show_moment(form, article, now)
    return form


def _with_file(sent: Any) -> Any:
    files = [(name, file) for name, file in request.files.items() if name == "file"]
    return MultiDict([*sent.items(multi=True), *files])


def key_for(article: Article | None, form: ArticleForm) -> str:
    if article is not None:
        return drafts.key_of(article)
    typed = form.key.data or ""
    return typed if KEY.fullmatch(typed) else f"new-{secrets.token_urlsafe(12)}"


def saved_values(kind: type[ArticleForm], article: Article | None) -> dict[str, Any]:
    """What the form begins with: what is saved, or for a new piece who writes it."""
    if article is not None:
        return values_of(kind, article, writing_queries.readings(article.id))
    own = catalog.practitioner_of(this_account().id)
    return {"author": own.name if own else ""}


def current_values(form: ArticleForm, article: Article | None) -> dict[str, Any]:
    if article is None:
        return {}
    return _asked(saved_values(type(form), article), form)


def _asked(values: Mapping[str, Any], form: ArticleForm) -> dict[str, Any]:
    """Only what this form has a field for."""
    return {name: value for name, value in values.items() if name in form}


def _show_moment(form: ArticleForm, article: Article | None, now: datetime) -> None:
    at = article.published_at if article else None
    if at is not None and at > now:
        form.show(at, practice.current().zone)


def typed_now(form: ArticleForm) -> dict[str, str]:
    """Return what was typed, as the form would send it again."""
    typed = {
        name: value
        for name, value in request.form.items()
        if name in form and name not in NOT_TYPED
    }
    return typed | {"body": form.body.data or "", "picture": form.picture.data or ""}


def picture_of(form: ArticleForm) -> Picture | None:
    number = form.picture_id
    return pictures.find(number) if number is not None else None


def shown(form: ArticleForm) -> Shown:
    return Shown(
        title=form.title.data or _("Without a title"),
        summary=form.summary.data or "",
        body_markdown=form.body.data or "",
        author=form.author.data or "",
        is_guest=bool(form.is_guest.data),
        author_note=form.author_note.data or "",
        picture=None if form.no_picture.data else picture_of(form),
        sources=[{"title": one.title, "link": one.link} for one in form.sources],
    )


def differs(form: ArticleForm, article: Article) -> bool:
    """Tell whether a form shows something else than what is saved."""
    probe = type(form)(formdata=None)
    for name, field in form._fields.items():
        if name in probe and name != "seen":
            probe[name].data = field.data
    return not probe.is_current(current_values(form, article))
