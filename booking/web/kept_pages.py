"""Public pages as they were rendered last, for as long as nothing in the database has changed.

A page that anybody may see is the same for all who have told us nothing about themselves, but for
the token of its forms. It is kept with the name of the state that was read before it was
rendered, and given again only while the database has that name and the clock shows that minute:
what is free, and what has been published, changes with the minute and with nothing smaller.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.database import db
from booking.web.database_state import DatabaseState
from booking.web.unchanged import own_page

# Pages of at most so many bytes in all; whose turn is longest ago goes first.
MOST_BYTES = 16 * 1024 * 1024
# What a visitor's cookie may say without making the page their own.
KNOWN = {"csrf_token"}
USUAL_HEADERS = {"Content-Type", "Content-Length", "ETag"}


class Shelf:
    """Pages by their key: the pieces between which the token of the forms stands."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self._pages: OrderedDict[Hashable, list[str]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> list[str] | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: Hashable, page: list[str]) -> None:
        with self._lock:
            self._bytes += _size(page) - _size(self._pages.pop(key, []))
            self._pages[key] = page
            while self._bytes > self.most_bytes:
                _key, oldest = self._pages.popitem(last=False)
                self._bytes -= _size(oldest)


def _size(page: list[str]) -> int:
    return sum(len(piece) for piece in page)


def not_this_one() -> None:
    """Keep the page that is being rendered for nobody else: it goes without something."""
    g.page_key = None


def init_app(app: Flask, endpoints: frozenset[str]) -> None:
    """Keep the pages of `endpoints`: routes open to everybody that show nobody's own things.

    Comes after all that guards a route, so that no guard is passed by.
    """
    if not app.config["KEEP_PAGES"]:
        return
    shelf = Shelf()
    with app.app_context():
        database = DatabaseState(db.engine)
    app.extensions["kept_pages"] = database

    @app.before_request
    def give() -> Response | None:
        is_for_all = request.method == "GET" and request.endpoint in endpoints
        if not is_for_all or not set(session) <= KNOWN:
            return None
        try:
            state = database.name()
        except (SQLAlchemyError, OSError):
            return None  # The page finds out for itself, and says so.
        g.page_key = key = (state, f"{clock.utcnow():%Y%m%d%H%M}", request.full_path)
        page = shelf.find(key)
        if page is None:
            return None
        g.page_key = None
        token = generate_csrf() if len(page) > 1 else ""
        return own_page(token.join(page))

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.get("page_key")
        if key is not None and _is_for_all(response):
            body = response.get_data(as_text=True)
            token = g.get("csrf_token")
            shelf.keep(key, body.split(token) if token else [body])
        return response


def _is_for_all(response: Response) -> bool:
    """Tell whether a page was rendered whole and left no mark on the visitor who asked for it."""
    return (
        response.status_code == 200
        and response.mimetype == "text/html"
        and set(response.headers.keys()) <= USUAL_HEADERS
        and set(session) <= KNOWN
    )
