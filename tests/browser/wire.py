"""What a page costs on the wire."""

from playwright.sync_api import CDPSession, Page


class Wire:
    """Counts a page's answers and the bytes that came for them, headers included."""

    def __init__(self, page: Page):
        self.requests = self.bytes = 0
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._response)
        self.session.on("Network.loadingFinished", self._finished)

    def stop(self) -> None:
        """Count no more: what follows is another visit."""
        self.session.detach()

    def _response(self, event: dict) -> None:
        # What is written into a sheet, and the browser's own signs in fields, nobody is asked for.
        self.requests += event["response"]["url"].startswith("http")

    def _finished(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]
