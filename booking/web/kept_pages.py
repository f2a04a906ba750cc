"""Pages as they were rendered last, for as long as nothing in the database has changed.

A page that anybody may see is the same for all who have told us nothing about themselves, but for
the token of its forms. It is kept with the name of the state that was read before it was
rendered, and given again only while the database has that name and the clock shows that minute:
what is free, and what has been published, changes with the minute and with nothing smaller.

A calendar of the studio is kept in the same way for the one session that asked for it, behind all
that guards it: who has signed out, or may no longer see it, does not come this far.
"""

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from booking import clock
from booking.database import db
from booking.web.database_state import DatabaseState
from booking.web.kept_answers import IS_FOR_ALL, STATE, KeptAnswers
from booking.web.shelf import Shelf
from booking.web.turns import Turns
from booking.web.unchanged import own_page

# What a visitor's cookie may say without making the page their own.
KNOWN = {"csrf_token"}
# What is said once and then no more: a page that says it is given to nobody again.
ONCE = "_flashes"
OWN_BYTES = 4 * 1024 * 1024
# A page that was asked for by its tag bears the time at which it was told (Date).
USUAL_HEADERS = {"Content-Type", "Content-Length", "Date", "ETag"}


def not_this_one() -> None:
    """Keep the page that is being rendered for nobody else: it goes without something."""
    g.page_key = None


def init_app(app: Flask, endpoints: frozenset[str], own: frozenset[str]) -> None:
    """Keep the pages of `endpoints`: routes open to everybody that show nobody's own things.

    And those of `own`: what they show follows from who asks, the database and the minute. Comes
    after all that guards a route, so that no guard is passed by.
    """
    if not app.config["KEEP_PAGES"]:
        return
    shelf: Shelf[list[str]] = Shelf()
    # Apart from the others, so that many who look at their calendars leave room for visitors.
    own_shelf: Shelf[list[str]] = Shelf(OWN_BYTES)
    # After each commit all who ask for a page would render it at once.
    turns = Turns()
    with app.app_context():
        database = DatabaseState(db.engine)
    app.extensions["kept_pages"] = database
    _stand_before(app, database)
    _end_turns(app, turns)

    @app.before_request
    def give() -> Response | None:
        whose = _whose(endpoints, own)
        if whose is None:
            return None
        state = request.environ.get(STATE) or database.name_or_none()
        if state is None:
            return None  # The page finds out for itself, and says so.
        g.page_key = key = (state, clock.minute(), request.full_path, *whose)
        place = own_shelf if whose else shelf
        page = place.find(key)
        if page is None and turns.begin(key):
            g.page_turn = key
            return None
        # Whoever had the turn has made it, or could not.
        page = page or place.find(key)
        if page is None:
            return None
        g.page_key = None
        request.environ[IS_FOR_ALL] = len(page) == 1 and not whose
        token = generate_csrf() if len(page) > 1 else ""
        return own_page(token.join(page))

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.get("page_key")
        if key is not None and _is_whole(response) and key[3:] == _whose(endpoints, own):
            body = response.get_data(as_text=True)
            token = g.get("csrf_token")
            place = own_shelf if key[3:] else shelf
            place.keep(key, body.split(token) if token else [body])
            request.environ[IS_FOR_ALL] = not token and not key[3:]
        return response


def _end_turns(app: Flask, turns: Turns) -> None:
    @app.teardown_request
    def end_turn(_error: BaseException | None) -> None:
        key = g.pop("page_turn", None)
        if key is not None:
            turns.end(key)


def _stand_before(app: Flask, database: DatabaseState) -> None:
    """Give whole answers before the application, but behind what reads a proxy's headers."""
    outermost = app.wsgi_app
    if isinstance(outermost, ProxyFix):
        outermost.app = KeptAnswers(outermost.app, database)
    else:
        app.wsgi_app = KeptAnswers(outermost, database)


def _whose(endpoints: frozenset[str], own: frozenset[str]) -> tuple[str, ...] | None:
    """Say whose page is asked for: () everybody's, else the session's; None when it is not kept."""
    if request.method != "GET" or ONCE in session:
        return None
    if request.endpoint in endpoints and set(session) <= KNOWN:
        return ()
    said = sorted((name, repr(value)) for name, value in session.items() if name not in KNOWN)
    return (repr(said),) if request.endpoint in own else None


def _is_whole(response: Response) -> bool:
    return (
        response.status_code == 200
        and response.mimetype == "text/html"
        and set(response.headers.keys()) <= USUAL_HEADERS
    )
