"""What every answer carries, and what every request must not try."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

F = TypeVar("F", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # no-referrer would make browsers send "Origin: null" and break every form over https.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

YEAR_SECONDS = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Put the headers on every answer, errors and static files included."""
    app.before_request(refuse_foreign_origin)
    app.before_request(refuse_repeated_fields)
    app.after_request(add_headers)
    if app.config["PROXY_COUNT"]:
        count = app.config["PROXY_COUNT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)


def refuse_foreign_origin() -> None:
    """Answer 400 to a form that a page of another site sends, whatever token it carries.

    Browsers name the page's origin with every POST (Fetch, 3.2); programs may leave it out.
    """
    origin = request.headers.get("Origin")
    if request.method in {"GET", "HEAD", "OPTIONS"} or origin is None:
        return
    ours = {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
    try:
        is_ours = urlsplit(origin).netloc in ours
    except ValueError:
        is_ours = False
    if not is_ours:
        abort(400)


def refuse_repeated_fields() -> None:
    """Answer 400 to a form that says one thing twice: which one was meant is anybody's guess.

    So too to what no form of ours sends: fields as JSON or as files would pass these rules by,
    but for the one file that a view says it takes.
    """
    if request.is_json or set(request.files) - {_file_of(request.endpoint)}:
        abort(400)
    said = [name for source in (request.form, request.files) for name, _value in
            source.items(multi=True)]  # fmt: skip
    if len(said) != len(set(said)):
        abort(400)


def takes_file(name: str) -> Callable[[F], F]:
    """Mark a view as one whose form has a file in the field of this name."""

    def mark(view: F) -> F:
        view.takes_file = name  # pyright: ignore[reportFunctionMemberAccess]
        return view

    return mark


def _file_of(endpoint: str | None) -> str | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "takes_file", None)


def add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if current_app.config["PUBLIC_URL"].startswith("https://"):
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = _static_caching()
    elif "_user_id" in session:  # Signed in; asking the cookie works while the database is away.
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _static_caching() -> str:
    # The address of a static file carries a digest of its content, so it never changes.
    if "v" in request.args:
        return f"public, max-age={YEAR_SECONDS}, immutable"
    return "public, max-age=3600"
