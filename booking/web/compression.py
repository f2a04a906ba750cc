"""Style sheets, scripts and drawings, sent as small as they are: compressed once a process.

Pages are not compressed. They carry secrets beside what a stranger may have put there, and the
length of a compressed page would tell of both (BREACH). A file of ours holds neither.
"""

import gzip

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator, FileWrapper

PACKED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}


def init_app(app: Flask) -> None:
    known: dict[str, bytes] = {}

    @app.after_request
    def pack(response: Response) -> Response:
        if request.endpoint != "static" or response.mimetype not in PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and "gzip" in request.accept_encodings:
            _pack(response, known)
        return response


def _pack(response: Response, known: dict[str, bytes]) -> None:
    name, _is_weak = response.get_etag()
    if name is None:
        return
    opened, response.direct_passthrough = response.response, False
    if name not in known:
        known[name] = gzip.compress(b"".join(response.iter_encoded()), mtime=0)
    if isinstance(opened, ClosingIterator | FileWrapper):
        opened.close()
    response.set_data(known[name])
    response.content_encoding = "gzip"
    # Another representation of the same file (RFC 9110, 8.8.1): equal in what it says alone.
    response.set_etag(name, weak=True)
