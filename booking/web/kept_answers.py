"""Whole answers of pages without a form, given before the application has begun its work.

A page that holds no token says the same, byte for byte, to everybody who brings no cookie. So its
answer is kept with all that it depends on: the state of the database, the minute, and what the
request names. Whatever a guard would look at makes a request go the long way: a cookie, a body, a
tag of a page that is known. An address is kept only once it has passed all guards under that host.
"""

from collections.abc import Callable, Iterable
from typing import Any

from booking import clock
from booking.web.database_state import DatabaseState
from booking.web.shelf import Shelf

Headers = list[tuple[str, str]]
# What makes a request more than a question for a page; an empty length is no body.
MORE = (
    "HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_TRANSFER_ENCODING",
    "CONTENT_TYPE", "CONTENT_LENGTH",
)  # fmt: skip
NAMED = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO",
         "QUERY_STRING")  # fmt: skip
# Under these names the application reads which state it is asked in, and says that a page may be
# given again.
STATE, IS_FOR_ALL = "booking.state", "booking.is_for_all"


class KeptAnswers:
    """Stands before the application, behind what corrects the request for a proxy."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], database: DatabaseState):
        self.inner = inner
        self.database = database
        self._shelf: Shelf[tuple[bytes, Headers]] = Shelf()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or any(environ.get(name) for name in MORE):
            return self.inner(environ, start_response)
        state = self.database.name_or_none()
        if state is None:
            return self.inner(environ, start_response)
        key = (state, clock.minute(), *(environ.get(name) for name in NAMED))
        kept = self._shelf.find(key)
        if kept is not None:
            body, headers = kept
            start_response("200 OK", list(headers))
            return [body]
        environ[STATE] = state
        return self._ask(key, environ, start_response)

    def _ask(
        self, key: tuple, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        said: list[Headers] = []

        def note(status: str, headers: Headers, *more: Any) -> Any:
            said.append(headers)
            return start_response(status, headers, *more)

        answer = self.inner(environ, note)
        if not environ.get(IS_FOR_ALL) or not said or _names(said[-1], "set-cookie"):
            return answer
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()  # pyright: ignore[reportAttributeAccessIssue]
        # The moment at which it was told is the server's to say.
        headers = [one for one in said[-1] if one[0].lower() != "date"]
        self._shelf.keep(key, (body, headers))
        return [body]


def _names(headers: Headers, wanted: str) -> bool:
    return any(name.lower() == wanted for name, _value in headers)
