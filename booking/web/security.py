"""What every answer carries, and what every request must not try."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

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
    app.extensions.setdefault("uploads", {})
    app.url_value_preprocessor(make_room_for_files)
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


def refuse_nameless_fields() -> None:
    """Answer 400 to a part of a form without a name, before anything looks a field up by its own.

    Flask-WTF's look for the token would end in a fault.
    """
    if None in request.form or None in request.files:
        abort(400)


def make_room_for_files(endpoint: str | None, _values: dict | None) -> None:
    """Let the routes that take a file take a larger request; `uploads` says which, in bytes."""
    if most := current_app.extensions["uploads"].get(endpoint):
        request.max_content_length = most


def refuse_repeated_fields() -> None:
    """Answer 400 to a form that says one thing twice: which one was meant is anybody's guess.

    So too to what no form of ours sends: fields as JSON, or as files where no file is asked for,
    would pass these rules by.
    """
    takes_files = request.endpoint in current_app.extensions["uploads"]
    if request.is_json or (request.files and not takes_files):
        abort(400)
    said = [*request.form.lists(), *request.files.lists()]
    if any(len(values) > 1 for _name, values in said) or len(dict(said)) < len(said):
        abort(400)


def add_headers(response: Response) -> Response:
    """Put our headers on an answer; only `mail_preview` brings a policy of its own along."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["PUBLIC_URL"].startswith("https://"):
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = _static_caching()
    elif response.cache_control.public:  # A view says so of what is the same for everybody.
        pass
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
