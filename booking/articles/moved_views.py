"""Old addresses of articles: whoever follows one is led to the article. GET and HEAD only."""

import logging

from flask import Response, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from booking import clock
from booking.articles import addresses
from booking.articles.views import bp
from booking.database import db
from booking.web.errors import show_http_error

log = logging.getLogger(__name__)


@bp.before_app_request
def follow_short_address() -> AnyResponse | None:
    """A blog's short addresses (``/?p=12``) are the home page's: asked only when one is meant."""
    if request.path != "/" or not _post_number():
        return None
    return _moved()


@bp.app_errorhandler(404)
def show_not_found(error: NotFound) -> AnyResponse | Response:
    """Before a page is said not to be there, ask whether an article was: one select."""
    return _moved() or show_http_error(error)


def _moved() -> AnyResponse | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    keys = [addresses.path_key(request.path, _post_number()), addresses.path_key(request.path)]
    wanted = list(dict.fromkeys(key for key in keys if key))
    if not wanted:
        return None
    try:
        slug = addresses.moved_to(wanted, clock.utcnow())
    except SQLAlchemyError:
        log.exception("old address not looked up")
        db.session.rollback()
        return None
    own = slug and url_for("articles.show", slug=slug)
    if not own or own == request.path:
        return None
    return redirect(own, code=301)


def _post_number() -> str | None:
    return request.args.get("p") or request.args.get("page_id")
