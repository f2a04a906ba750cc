"""The practice's writing: the list, and what becomes of a piece as a whole."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_account, this_actor
from booking.articles import drafts, writing, writing_queries
from booking.articles.models import Article, ArticleState, ArticleVersion
from booking.columns import clean_text
from booking.database import lock_row, transact
from booking.domain.errors import Refusal
from booking.web.addresses import page_argument
from booking.web.filters import refusal_words

bp = Blueprint("writing", __name__, url_prefix="/studio/articles")


def this_article(article_id: int) -> Article:
    return writing_queries.find(article_id, this_account()) or abort(404)


def writes_article(values: dict) -> bool:
    """Owner look-up for the access table: practitioners change their own, managers all."""
    account = access.signed_in()
    return account is not None and writing_queries.may_write(values["article_id"], account)


def typed_it(values: dict) -> bool:
    """Owner look-up for the access table: what somebody has not saved is theirs alone."""
    account = access.signed_in()
    return account is not None and drafts.own(account.id, values["draft_id"]) is not None


@bp.app_template_filter()
def state_words(state: str) -> str:
    return {
        "draft": _("Draft"),
        "planned": _("Planned"),
        "published": _("Published"),
        "archived": _("Archived"),
    }[state]


@bp.get("/")
def index() -> ResponseReturnValue:
    """What has been written, by state and title; what was begun and not saved stands first."""
    page, now, account = page_argument(), clock.utcnow(), this_account()
    state = request.args.get("state", "")
    chosen = ArticleState(state) if state in set(ArticleState) else None
    words = _words_argument()
    found = writing_queries.search(account, words, chosen, page, now)
    return render_template(
        "writing/index.html",
        articles=found[: writing_queries.PAGE],
        has_more=len(found) > writing_queries.PAGE,
        page=page,
        words=words,
        chosen=chosen,
        states=[one.value for one in ArticleState],
        begun=drafts.begun(account.id) if page == 1 and not words else [],
        now=now,
    )


def _words_argument() -> str:
    try:
        return clean_text(request.args.get("q", "")[:120], 120)
    except ValueError:
        return ""


@bp.post("/<id:article_id>/archive")
def archive(article_id: int) -> ResponseReturnValue:
    return _become(article_id, writing.archive, _("Archived: nobody but you sees it any more."))


@bp.post("/<id:article_id>/bring-back")
def bring_back(article_id: int) -> ResponseReturnValue:
    if this_article(article_id).is_overdue(clock.utcnow()):
        said = _("It is back as a draft: the time it was planned for has passed.")
    else:
        said = _("It is back as it was.")
    return _become(article_id, writing.bring_back, said)


def _become(article_id: int, operation, said: str) -> ResponseReturnValue:  # noqa: ANN001
    try:
        transact(_locked, article_id, operation)
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(said, "success")
    return redirect(url_for("writing.article", article_id=article_id), code=303)


def _locked(article_id: int, operation) -> None:  # noqa: ANN001
    article = this_article(article_id)
    lock_row(article)
    operation(article, this_actor(), clock.utcnow())


@bp.post("/drafts/<id:draft_id>/discard")
def discard(draft_id: int) -> ResponseReturnValue:
    draft = drafts.own(this_account().id, draft_id) or abort(404)
    article_id = draft.article_id
    transact(_forget, draft_id)
    flash(_("What was not saved is thrown away."), "success")
    if article_id is None:
        return redirect(url_for("writing.index"), code=303)
    return redirect(url_for("writing.article", article_id=article_id), code=303)


def _forget(draft_id: int) -> None:
    drafts.forget(drafts.own(this_account().id, draft_id, is_locked=True) or abort(404))


@bp.get("/<id:article_id>/versions")
def versions(article_id: int) -> ResponseReturnValue:
    article = this_article(article_id)
    found = writing_queries.versions(article_id)
    return render_template("writing/versions.html", article=article, versions=found)


def _this_version(article_id: int, number: int) -> ArticleVersion:
    return writing_queries.version(article_id, number) or abort(404)


@bp.get("/<id:article_id>/versions/<id:number>", endpoint="version")
def show_version(article_id: int, number: int) -> ResponseReturnValue:
    article = this_article(article_id)
    found = _this_version(article_id, number)
    return render_template("writing/version.html", article=article, version=found)


@bp.post("/<id:article_id>/versions/<id:number>/restore")
def restore(article_id: int, number: int) -> ResponseReturnValue:
    transact(_restore, article_id, number)
    flash(_("This text counts again. The one it takes the place of is kept as well."), "success")
    return redirect(url_for("writing.article", article_id=article_id), code=303)


def _restore(article_id: int, number: int) -> None:
    article, found = this_article(article_id), _this_version(article_id, number)
    lock_row(article)
    writing.restore(article, found, this_actor(), clock.utcnow())
