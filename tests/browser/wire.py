"""What a page costs on the wire."""

from playwright.sync_api import CDPSession, Page


class Wire:
    """Counts a page's answers and the bytes that came for them, headers included."""

    def __init__(self, page: Page):
        self.bytes = 0
        self._asked: set[str] = set()
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._response)
        self.session.on("Network.loadingFinished", self._finished)

    @property
    def requests(self) -> int:
        """How many addresses were asked; the icon of the page before may still come in as well."""
        return len(self._asked)

    def stop(self) -> None:
        """Count no more: what follows is another visit."""
        self.session.detach()

    def _response(self, event: dict) -> None:
        # What is written into a sheet, and the browser's own signs in fields, nobody is asked for.
        if event["response"]["url"].startswith("http"):
            self._asked.add(event["response"]["url"])

    def _finished(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]
