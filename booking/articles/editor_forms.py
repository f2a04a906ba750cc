"""The editor's form as it is opened, as it was sent, and as it was kept."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking.accounts.access import this_account
from booking.articles import drafts, pictures, writing_queries
from booking.articles.models import Article, ArticleDraft, Picture
from booking.articles.writing_forms import ArticleForm, article_form, rows_for, values_of
from booking.catalog import queries as catalog
from booking.practice import queries as practice

# A row of what is typed holds so many characters of its form's key.
KEY = re.compile(r"(?:new|article-\d{1,10})-[A-Za-z0-9_-]{8,20}")
# What is sent along with what was typed and is no part of it.
NOT_TYPED = {"csrf_token", "press", "file", "cursor", "key", "base"}
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


def form_kind(article: Article | None, *typed: Mapping[str, str]) -> type[ArticleForm]:
    """Return the form of a piece, with as many rows of sources as are typed or kept.

    A service that rests keeps its ticks.
    """
    numbers = [int(found[1]) + 1 for names in typed for name, value in names.items()
               if value and (found := FILLED.fullmatch(name))]  # fmt: skip
    filled = max([len(article.sources) if article else 0, *numbers])
    return article_form(
        writing_queries.body_topics(),
        writing_queries.kinds(),
        writing_queries.services_for(article),
        rows_for(filled),
    )


def open_form(
    article: Article | None, now: datetime, draft: ArticleDraft | None = None
) -> ArticleForm:
    """Return the form as it was sent, as it was kept (`draft`), or as it is opened."""
    if request.method == "POST":
        return _sent_form(article, now)
    typed = draft.typed if draft else {}
    kind = form_kind(article, typed)
    values = saved_values(kind, article)
    form = kind(formdata=MultiDict(typed) if draft else None, data=values)
    _fix_address(form, article, now)
    if draft is None:
        form.opened_on(_asked(values, form) if article else {})
        _show_moment(form, article, now)
    form.key.data, form.base.data = new_key(article), drafts.name_of(draft) if draft else ""
    return form


def _sent_form(article: Article | None, now: datetime) -> ArticleForm:
    kind = form_kind(article, request.form)
    form = kind(formdata=_with_file(request.form), data=saved_values(kind, article))
    _fix_address(form, article, now)
    if not KEY.fullmatch(form.key.data or ""):
        form.key.data = new_key(article)
    return form


def _fix_address(form: ArticleForm, article: Article | None, now: datetime) -> None:
    if article is not None and article.has_been_public(now):
        del form.slug


def unsaved(
    article: Article, kept: Sequence[ArticleDraft], now: datetime
) -> list[tuple[ArticleDraft, Shown]]:
    """Return what was typed and not saved, as it would look; what says nothing new is left out."""
    if not kept:
        return []
    kind = form_kind(article, *(one.typed for one in kept))
    values = saved_values(kind, article)
    forms = [(one, kind(formdata=MultiDict(one.typed), data=values)) for one in kept]
    for _one, form in forms:
        _fix_address(form, article, now)
    return [(one, shown(form)) for one, form in forms if _differs(form, values)]


def _with_file(sent: Any) -> Any:
    files = [(name, file) for name, file in request.files.items() if name == "file"]
    return MultiDict([*sent.items(multi=True), *files])


def new_key(article: Article | None) -> str:
    """Return the key of a form that is opened: what is typed into it is kept apart."""
    place = f"article-{article.id}-" if article else drafts.NEW
    return place + secrets.token_urlsafe(12)


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


def seen_of(article: Article, now: datetime) -> str:
    """Return what a form of this piece that is opened now remembers."""
    form = form_kind(article)(formdata=None)
    _fix_address(form, article, now)
    form.opened_on(current_values(form, article))
    return form.seen.data or ""


def _show_moment(form: ArticleForm, article: Article | None, now: datetime) -> None:
    at = article.published_at if article else None
    if at is not None and at > now:
        form.show(at, practice.current().zone)
    form.planned.data = form.moment


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


def _differs(form: ArticleForm, values: Mapping[str, Any]) -> bool:
    """Tell whether a form shows something else than what is saved, or another moment."""
    more = {name for name in form.data if FILLED.fullmatch(name)} - set(values) | {"no_picture"}
    if form.is_planned_anew or any(form[name].data for name in more):
        return True
    form.seen.data = ""
    return not form.is_current(_asked(values, form))
