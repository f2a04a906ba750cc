"""An eye on a browser: what it asks of whom, and what goes wrong in it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, WebError


class Watch:
    """Collects what no page may do, as sentences in `wrong`."""

    def __init__(self, base_url: str):
        self.host = urlsplit(base_url).netloc
        self.wrong: list[str] = []
        self.asked: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        for name, listener in self._listeners():
            context.on(name, listener)

    def leave(self, context: BrowserContext) -> None:
        """Look away: what follows there is somebody else's."""
        for name, listener in self._listeners():
            context.remove_listener(name, listener)

    def _listeners(self) -> list[tuple[Any, Callable[[Any], None]]]:
        return [
            ("request", self._request), ("console", self._console),
            ("weberror", self._fault), ("dialog", self._dialog),
        ]  # fmt: skip

    def _fault(self, fault: WebError) -> None:
        self.wrong.append(f"fault: {fault.error}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        if urlsplit(request.url).netloc != self.host and not request.url.startswith("data:"):
            self.wrong.append(f"asked another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 404, 409 or 422 on purpose is reported as a load that failed.
        is_refusal = "the server responded with a status of 4" in message.text
        is_page = not urlsplit(message.location["url"]).path.startswith("/static/")
        if message.type in {"error", "warning"} and not (is_refusal and is_page):
            self.wrong.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()
