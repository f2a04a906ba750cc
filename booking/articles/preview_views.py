"""A piece before it is published, for who has the link: a guest who wrote it, as a rule."""

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from booking import clock
from booking.accounts.access import this_actor
from booking.articles import drafts
from booking.articles.models import Article
from booking.articles.preview_links import preview_url, read_preview
from booking.articles.views import bp as public
from booking.articles.writing_views import bp, this_article
from booking.database import transact
from booking.domain.errors import Refusal
from booking.web.filters import refusal_words

bp.add_app_template_filter(preview_url)


def linked(link: str) -> Article | None:
    number = read_preview(link)
    return drafts.linked(number, clock.utcnow()) if number is not None else None


def opens_preview(values: dict) -> bool:
    """Owner look-up for the access table: a link that we signed and that has not ended."""
    return linked(values["link"]) is not None


@public.get("/read/preview/<signed:link>")
def preview(link: str) -> ResponseReturnValue:
    """The page as it will look; no search engine keeps it."""
    article = linked(link) or abort(404)
    # The page says when a piece was published; nothing of this is written.
    set_committed_value(article, "published_at", article.published_at or clock.utcnow())
    response = make_response(render_template("articles/preview.html", article=article))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/<id:article_id>/links")
def make_link(article_id: int) -> ResponseReturnValue:
    try:
        transact(lambda: drafts.make_link(this_article(article_id), this_actor(), clock.utcnow()))
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(_("Here is the link. Whoever has it can read what is saved."), "success")
    return redirect(url_for("writing.article", article_id=article_id, _anchor="links"), code=303)


@bp.post("/<id:article_id>/links/<id:link_id>/end")
def end_link(article_id: int, link_id: int) -> ResponseReturnValue:
    transact(
        lambda: drafts.end_link(this_article(article_id), link_id, this_actor(), clock.utcnow())
    )
    flash(_("The link no longer works."), "success")
    return redirect(url_for("writing.article", article_id=article_id, _anchor="links"), code=303)
