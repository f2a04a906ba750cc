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
    open_form,
    picture_of,
    seen_of,
    shown,
    typed_now,
    unsaved,
)
from booking.articles.models import Article, ArticleDraft, ArticleState, Picture, TopicKind
from booking.articles.writing import Step
from booking.articles.writing_forms import ArticleForm
from booking.articles.writing_views import bp, this_article
from booking.database import lock_row, transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.web.addresses import number_argument
from booking.web.editing import digest
from booking.web.filters import refusal_words


def keep_typed(form: ArticleForm, article: Article | None) -> ArticleDraft:
    kept = transact(
        drafts.keep, this_account().id, form.key.data or "", article.id if article else None,
        typed_now(form), clock.utcnow(), form.base.data or "",
    )  # fmt: skip
    form.seen.data = kept.typed.get("seen", "")
    return kept


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
            "is_overdue": article is not None and article.is_overdue(now),
            "most_bytes": pictures.MOST_BYTES,
            "links": drafts.links_of(article.id, now) if article else [],
            "unsaved": [],
            "message": "",
            **more,
        },
    )


@bp.get("/new")
def new_article() -> ResponseReturnValue:
    """An empty form, or what somebody has begun and not saved; by now it may be a piece."""
    draft = drafts.own(this_account().id, number_argument("draft") or 0)
    if draft is not None and draft.article_id is not None:
        return redirect(url_for("writing.article", article_id=draft.article_id, draft=draft.id))
    return show_editor(open_form(None, clock.utcnow(), draft), None, is_unsaved=draft is not None)


@bp.get("/<id:article_id>", endpoint="article")
def edit_article(article_id: int) -> ResponseReturnValue:
    """The piece as it is saved; what was typed and not saved is offered beside it."""
    article, now = this_article(article_id), clock.utcnow()
    kept, asked = drafts.of(this_account().id, article), number_argument("draft")
    wanted = next((one for one in kept if one.id == asked), None)
    if wanted is not None:
        return show_editor(open_form(article, now, wanted), article, is_unsaved=True)
    form = open_form(article, now)
    return show_editor(form, article, unsaved=unsaved(article, kept, now))


@bp.post("/new")
def add_article() -> ResponseReturnValue:
    """Answer a press; one that comes twice finds what the first has made."""
    written = drafts.written(this_account().id, request.form.get("key", ""))
    if written is None or written.article_id is None:
        return _sent(None)
    article = this_article(written.article_id)
    form, press = open_form(None, clock.utcnow()), _press()
    if written.typed.get("saved") != _digest(form, press):
        return _sent(article)
    return _saved(article.id, _step(form, None, press))


@bp.post("/<id:article_id>")
def change_article(article_id: int) -> ResponseReturnValue:
    return _sent(this_article(article_id))


def _press() -> str:
    return request.form.get("press", "save")


def _digest(form: ArticleForm, press: str) -> str:
    return digest(typed_now(form) | {"press": press})


def _sent(article: Article | None) -> ResponseReturnValue:
    """Answer a press; what was typed is kept first, whatever comes of it."""
    if set(request.files) - {"file"}:
        abort(400)
    form, press = open_form(article, clock.utcnow()), _press()
    keep_typed(form, article)
    if press in {"into_text", "as_main"}:
        return _add_picture(form, article, press)
    if press == "preview":
        return show_editor(form, article, is_preview=True)
    if not form.validate_on_submit():
        return show_editor(form, article), 422
    step = _step(form, article, press)
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
    return _saved(saved, step)


def _step(form: ArticleForm, article: Article | None, press: str) -> Step:
    """Return what is meant: to save a piece with another moment typed is to plan it."""
    step = Step(press) if press in set(Step) else Step.KEEP
    state = article.state(clock.utcnow()) if article else ArticleState.DRAFT
    is_waiting = state in {ArticleState.DRAFT, ArticleState.PLANNED}
    return Step.PLAN if step is Step.KEEP and is_waiting and form.is_planned_anew else step


def _saved(article_id: int, step: Step) -> ResponseReturnValue:
    flash(_said(step), "success")
    return redirect(url_for("writing.article", article_id=article_id), code=303)


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
    now = clock.utcnow()
    article = this_article(article_id) if article_id is not None else None
    if article is not None:
        lock_row(article)
        if not form.is_current(current_values(form, article)):
            return None
    typed = drafts.locked(this_account().id, form.key.data or "")
    if article is None and typed is not None and typed.article_id is not None:
        return typed.article_id  # By the same press, a moment before.
    asked = {one.slug for one in type(form).kinds.values()}
    kept = [
        topic.slug
        for topic in (article.topics if article else ())
        if topic.kind is TopicKind.WORK and topic.slug not in asked
    ]
    piece = form.piece(picture_of(form), kept, article.slug if article else "")
    saved = writing.write(article, piece, step, at, this_actor(), now)
    if typed is not None:
        drafts.settle(typed, saved, typed_now(form), _digest(form, _press()), seen_of(saved, now))
    return saved.id


def _add_picture(form: ArticleForm, article: Article | None, press: str) -> ResponseReturnValue:
    """Keep a picture and put it where it was asked for; all that was typed is shown again."""
    if not form.file.data:
        form.file.errors = [_("Please choose a file.")]
        return show_editor(form, article), 422
    try:
        alt = pictures.alt_words(form.alt.data or "")
        drawn = pictures.draw(form.file.data.read(pictures.MOST_BYTES + 1))
        picture = transact(pictures.keep, drawn, alt, clock.utcnow())
    except Refusal as refusal:
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
    written = drafts.written(this_account().id, request.form.get("key", ""))
    return _kept(this_article(written.article_id) if written and written.article_id else None)


@bp.post("/<id:article_id>/draft")
def keep(article_id: int) -> ResponseReturnValue:
    return _kept(this_article(article_id))


def _kept(article: Article | None) -> ResponseReturnValue:
    """Keep what is being typed and answer with how it looks: for the script."""
    form = open_form(article, clock.utcnow())
    kept = keep_typed(form, article)
    # Where the page finds it again when it is loaded anew, or come back to.
    if article is not None:
        again = url_for("writing.article", article_id=article.id, draft=kept.id)
    else:
        again = url_for("writing.new_article", draft=kept.id)
    return render_template(
        "writing/_shown.html", piece_shown=shown(form), kept_at=kept.kept_at, again=again
    )
