"""The editor: one form that is previewed, kept as one writes, saved and published."""

import re
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_account, this_actor
from booking.articles import drafts, pictures, writing
from booking.articles.editor_forms import (
    current_values,
    differs,
    open_form,
    picture_of,
    shown,
    typed_now,
)
from booking.articles.models import Article, ArticleDraft, Picture, TopicKind
from booking.articles.writing import Step
from booking.articles.writing_forms import ArticleForm
from booking.articles.writing_views import bp, this_article
from booking.database import lock_row, transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.web.addresses import number_argument
from booking.web.filters import refusal_words


def keep_typed(form: ArticleForm, article: Article | None) -> ArticleDraft:
    return transact(
        drafts.keep, this_account().id, form.key.data or "", article.id if article else None,
        typed_now(form), clock.utcnow(),
    )  # fmt: skip


def show_editor(form: ArticleForm, article: Article | None, **more: Any) -> str:
    """Show the form; beside it what is kept of it, when that is not what it shows."""
    now = clock.utcnow()
    return render_template(
        "writing/editor.html",
        **{
            "form": form,
            "article": article,
            "state": article.state(now).value if article else "draft",
            "is_fixed": form.slug is None,
            "piece_shown": shown(form),
            "main_picture": picture_of(form),
            "links": drafts.links_of(article.id, now) if article else [],
            "unsaved": None,
            "message": "",
            **more,
        },
    )


@bp.get("/new")
def new_article() -> ResponseReturnValue:
    """An empty form, or what somebody has begun and not saved."""
    draft = drafts.own(this_account().id, number_argument("draft") or 0)
    typed = draft.typed if draft and draft.article_id is None else None
    return show_editor(open_form(None, clock.utcnow(), typed), None, is_unsaved=typed is not None)


@bp.get("/<id:article_id>", endpoint="article")
def edit_article(article_id: int) -> ResponseReturnValue:
    """The piece as it is saved; what was typed and not saved is offered beside it."""
    article = this_article(article_id)
    kept = drafts.of(this_account().id, article)
    unsaved = open_form(article, clock.utcnow(), kept.typed) if kept else None
    if kept is None or unsaved is None or not differs(unsaved, article):
        return show_editor(open_form(article, clock.utcnow()), article)
    if number_argument("draft"):
        return show_editor(unsaved, article, is_unsaved=True, kept=kept)
    return show_editor(
        open_form(article, clock.utcnow()), article, unsaved=shown(unsaved), kept=kept
    )


@bp.post("/new")
def add_article() -> ResponseReturnValue:
    return _sent(None)


@bp.post("/<id:article_id>")
def change_article(article_id: int) -> ResponseReturnValue:
    return _sent(this_article(article_id))


def _sent(article: Article | None) -> ResponseReturnValue:
    """Answer a press; what was typed is kept first, whatever comes of it."""
    if set(request.files) - {"file"}:
        abort(400)
    form, press = open_form(article, clock.utcnow()), request.form.get("press", "save")
    if press in {"into_text", "as_main"}:
        return _add_picture(form, article, press)
    keep_typed(form, article)
    if press == "preview":
        return show_editor(form, article, is_preview=True)
    step = Step(press) if press in set(Step) else Step.KEEP
    if not form.validate_on_submit():
        return show_editor(form, article), 422
    at = _planned_for(form) if step is Step.PLAN else None
    if step is Step.PLAN and at is None:
        return show_editor(form, article), 422
    try:
        saved = transact(_save, article.id if article else None, form, step, at)
    except Refusal as refusal:
        message = refusal_words(refusal)
        return show_editor(form, article and this_article(article.id), message=message), (
            refusal.status
        )
    if saved is None:
        return show_editor(form, article and this_article(article.id)), 409
    flash(_said(step), "success")
    return redirect(url_for("writing.article", article_id=saved), code=303)


def _said(step: Step) -> str:
    return {
        Step.KEEP: _("Saved."),
        Step.PUBLISH: _("Published: everybody can read it now."),
        Step.PLAN: _("Planned: it is published by itself when its time comes."),
        Step.UNPLAN: _("A draft again: it is not published by itself."),
    }[step]


def _planned_for(form: ArticleForm) -> datetime | None:
    if form.day.data is None:
        form.day.errors = [_("Please choose a day.")]
    if form.time.data is None:
        form.time.errors = [_("Please type a time.")]
    if form.day.data is None or form.time.data is None:
        return None
    return form.instant(practice.current().zone)


def _save(article_id: int | None, form: ArticleForm, step: Step, at: datetime | None) -> int | None:
    """Save, unless somebody else has meanwhile; return which piece it is."""
    article = this_article(article_id) if article_id is not None else None
    if article is not None:
        lock_row(article)
        if not form.is_current(current_values(form, article)):
            return None
    asked = {one.slug for one in type(form).kinds.values()}
    kept = [
        topic.slug
        for topic in (article.topics if article else ())
        if topic.kind is TopicKind.WORK and topic.slug not in asked
    ]
    piece = form.piece(picture_of(form), kept, article.slug if article else "")
    saved = writing.write(article, piece, step, at, this_actor(), clock.utcnow())
    drafts.forget(this_account().id, form.key.data or "")
    return saved.id


def _add_picture(form: ArticleForm, article: Article | None, press: str) -> ResponseReturnValue:
    """Keep a picture and put it where it was asked for; all that was typed is shown again."""
    if not form.file.data:
        keep_typed(form, article)
        form.file.errors = [_("Please choose a file.")]
        return show_editor(form, article), 422
    try:
        alt = pictures.alt_words(form.alt.data or "")
        drawn = pictures.draw(form.file.data.read(pictures.MOST_BYTES + 1))
        picture = transact(pictures.keep, drawn, alt, clock.utcnow())
    except Refusal as refusal:
        keep_typed(form, article)
        at_alt = not (form.alt.data or "").strip()
        (form.alt if at_alt else form.file).errors = [refusal_words(refusal)]
        return show_editor(form, article and this_article(article.id)), 422
    if press == "as_main":
        form.picture.data, form.no_picture.data = str(picture.id), False
    else:
        form.body.data = with_picture(form.body.data or "", picture, form.cursor.data or "")
    form.alt.data = ""
    keep_typed(form, article)
    return show_editor(form, article and this_article(article.id), is_added=press)


def with_picture(body: str, picture: Picture, cursor: str) -> str:
    """Put a picture into a text where the cursor stood, or at the end, as its own paragraph."""
    body = body.replace("\r\n", "\n")
    at = int(cursor) if re.fullmatch(r"[0-9]{1,6}", cursor) else len(body)
    before, after = body[:at].rstrip("\n"), body[at:].lstrip("\n")
    line = f"![{picture.alt.replace('[', '(').replace(']', ')')}]({picture.address})"
    return "\n\n".join(part for part in (before, line, after) if part)


@bp.post("/new/draft")
def keep_new() -> ResponseReturnValue:
    return _kept(None)


@bp.post("/<id:article_id>/draft")
def keep(article_id: int) -> ResponseReturnValue:
    return _kept(this_article(article_id))


def _kept(article: Article | None) -> ResponseReturnValue:
    """Keep what is being typed and answer with how it looks: for the script."""
    form = open_form(article, clock.utcnow())
    kept = keep_typed(form, article)
    return render_template("writing/_shown.html", piece_shown=shown(form), kept_at=kept.kept_at)
