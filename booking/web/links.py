"""Addresses: of static files, of this site in mails, and of where to go next."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    """Let `url_for('static', …)` carry a digest of the file, so that it may be kept for ever."""

    @app.url_defaults
    def add_digest(endpoint: str, values: dict) -> None:
        if endpoint == "static" and app.static_folder and "filename" in values:
            values["v"] = _digest(str(Path(app.static_folder) / values["filename"]))


@lru_cache(maxsize=512)
def _digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
    except OSError:
        return "0"


def absolute_url(endpoint: str, **values: object) -> str:
    """Return the address of a page for a mail, made from PUBLIC_URL and never from a request."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(
        public.netloc, script_name=public.path or "/", url_scheme=public.scheme
    )
    return adapter.build(endpoint, values, force_external=True)


LONGEST_NEXT = 1000


def safe_next(target: str | None) -> str | None:
    """Return `target` if it is a plain path on this site, else None.

    Browsers drop tabs and newlines from addresses and read a backslash as a slash, so anything
    but a single leading slash followed by printable ASCII is refused.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if len(target) > LONGEST_NEXT:  # A cookie holds it on the way through a mailed link.
        return None
    if any(not "!" <= char <= "~" or char == "\\" for char in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
