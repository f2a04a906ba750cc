"""Error pages: one sentence, one way on, and never a stack trace.

Every answer of reliability lives here: 400, 403, 404, 405, 409, 413, 422, 429, 503.
"""

import logging
from datetime import timedelta

from flask import Flask, Response, current_app, make_response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from booking import clock
from booking.database import DatabaseBusy, db
from booking.domain.errors import Refusal
from booking.web.filters import clock_words, refusal_words
from booking.web.limits import limiter

log = logging.getLogger(__name__)


# Seconds from which a time on the clock says more than a count.
LONG_WAIT = 120
UNAVAILABLE = (DatabaseBusy, OperationalError, InterfaceError)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(RateLimitExceeded, show_too_many)
    app.register_error_handler(SecurityError, show_foreign_host)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(Refusal, show_refusal)
    for fault in UNAVAILABLE:
        app.register_error_handler(fault, show_unavailable)
    app.register_error_handler(Exception, show_fault)


def _sentences() -> dict[int, tuple[str, str]]:
    return {
        400: (_("That did not arrive whole"), _("Please go back, reload the page and try again.")),
        403: (_("Not for this account"), _("You are signed in, but this page is for others.")),
        404: (_("Nothing here"), _("The page you asked for does not exist, or is not yours.")),
        405: (_("Not like this"), _("This address only answers to a button on a page.")),
        413: (_("Too large"), _("What you sent is too large for us.")),
        429: (_("A little slower, please"), ""),
        503: (_("One moment, please"), _("We are busy right now. Please try again in a minute.")),
    }


def _page(status: int, title: str = "", text: str = "") -> Response:
    try:
        known = _sentences().get(status, (_("Something went wrong"), _("Please try again.")))
        page = render_template(
            "errors/error.html", title=title or known[0], text=text or known[1], status=status
        )
    except UNAVAILABLE as error:
        return show_unavailable(error)
    return make_response(page, status)


def show_http_error(error: HTTPException) -> Response:
    response = error.get_response()
    if response.status_code < 400:
        return response  # type: ignore[return-value] - a redirect raised by the router
    page = _page(response.status_code)
    for header in ("Allow", "Retry-After"):
        if header in response.headers:
            page.headers[header] = response.headers[header]
    return page


def show_too_many(_error: RateLimitExceeded) -> Response:
    """Say when to come again, to people in words and to programs in seconds (RFC 9110, 10.2.3)."""
    limit = limiter.current_limit
    now = clock.utcnow()
    seconds = max(1, round(limit.reset_at - now.timestamp())) if limit else 60
    if seconds > LONG_WAIT:
        again = clock_words(now + timedelta(seconds=seconds + 59))  # The next whole minute.
        wait = _("Please try again at %(time)s.", time=again)
    else:
        wait = ngettext(
            "Please wait %(num)s second and try again.",
            "Please wait %(num)s seconds and try again.",
            seconds,
        )
    page = _page(429, text=wait)
    page.headers["Retry-After"] = str(seconds)
    return page


def show_foreign_host(_error: SecurityError) -> Response:
    """A request for another host: without one of ours no address on a page could be made."""
    return make_response(_("This site does not answer to that name."), 400)


def show_csrf_error(_error: CSRFError) -> Response:
    return _page(
        400,
        _("Please send that again"),
        _("This page was open for a long time, or cookies are switched off. Go back, reload it, "
          "and send the form again."),
    )  # fmt: skip


def show_refusal(refusal: Refusal) -> Response:
    """A refusal that no view turned into its own page."""
    return _page(refusal.status, _("This is not possible"), refusal_words(refusal))


def show_unavailable(error: Exception) -> Response:
    """The database is away, locked or full: nothing was changed, and trying again may help."""
    log.error("database unavailable: %s", type(error).__name__)
    db.session.rollback()
    response = make_response(_static_page(), 503)
    response.headers["Retry-After"] = "5"
    return response


def show_fault(error: Exception) -> Response:
    log.error("unexpected fault: %s", type(error).__name__, exc_info=error)
    db.session.rollback()
    return make_response(_static_page(), 500)


def _static_page() -> str:
    """A page that needs no database: rendered without the names every other page gets."""
    return current_app.jinja_env.get_template("errors/unavailable.html").render()
