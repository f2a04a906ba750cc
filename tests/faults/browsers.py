"""A visitor's browser, as far as a race needs one: cookies, forms, and answers as they came."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, ProxyHandler, build_opener

from bs4 import BeautifulSoup, Tag

R = TypeVar("R")
TIMEOUT_SECONDS = 60


class Answer(NamedTuple):
    """What a server said; `location` is where a redirect leads, empty otherwise."""

    status: int
    location: str
    text: str
    retry_after: str = ""


class _AsItCame(HTTPErrorProcessor):
    """Follows no redirect and raises nothing: each answer is looked at by the test."""

    def http_response(self, _request, response):
        return response


class Browser:
    """One visitor with a cookie jar of their own."""

    def __init__(self, server: str, jar: CookieJar | None = None):
        self.server = server
        self.jar = jar if jar is not None else CookieJar()
        # No proxy, whatever the machine is set to: the servers are here.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar), _AsItCame())

    def at(self, server: str) -> "Browser":
        """The same visitor, whose next request reaches another server."""
        return Browser(server, self.jar)

    def get(self, path: str) -> Answer:
        return self._send(path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._send(path, urlencode(fields).encode())

    def _send(self, path: str, body: bytes | None) -> Answer:
        with self._opener.open(urljoin(self.server, path), body, TIMEOUT_SECONDS) as response:
            location = response.headers.get("Location", "")
            again = response.headers.get("Retry-After", "")
            return Answer(response.status, location, response.read().decode(), again)


def button_fields(page: str, name: str, value: str) -> dict[str, str]:
    """Return what a press on a button sends: the button's own value and its form's hidden ones."""
    button = BeautifulSoup(page, "html.parser").find("button", {"name": name, "value": value})
    assert isinstance(button, Tag), f"no button offers {value}"
    return {**form_fields(button.find_parent("form")), name: value}


def form_fields(form: Tag | None) -> dict[str, str]:
    """Return what a form sends as it stands, before anybody types."""
    assert form is not None
    inputs = [one for one in form.find_all("input") if one.get("name")]
    sent = [
        one
        for one in inputs
        if one.get("type") not in {"radio", "checkbox"} or one.has_attr("checked")
    ]
    return {str(one["name"]): str(one.get("value", "")) for one in sent}


def details_form(page: str, action: str) -> dict[str, str]:
    """Return what the form that posts to `action` sends as it stands."""
    return form_fields(BeautifulSoup(page, "html.parser").find("form", {"action": action}))


def all_at_once(acts: Sequence[Callable[[], R]]) -> list[R]:
    """Do everything at the same moment, each act in a thread; return what came of each."""
    together = Barrier(len(acts))

    def do(act: Callable[[], R]) -> R:
        together.wait(TIMEOUT_SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))
