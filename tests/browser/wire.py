"""What a page costs on the wire.

Without the site's icon, for which a browser asks once, at a moment of its own: after the page, or
while the next one is already being read.
"""

from playwright.sync_api import CDPSession, Page

ICON = "/static/img/icon.svg"
# What it costs with its headers, rounded up.
ICON_BYTES = 1_500


class Wire:
    """Counts a page's answers and the bytes that came for them, headers included."""

    def __init__(self, page: Page):
        self.bytes = 0
        self._asked: set[str] = set()
        self._icons: set[str] = set()
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._response)
        self.session.on("Network.loadingFinished", self._finished)

    @property
    def requests(self) -> int:
        """How many addresses were asked."""
        return len(self._asked)

    def stop(self) -> None:
        """Count no more: what follows is another visit."""
        self.session.detach()

    def _response(self, event: dict) -> None:
        # What is written into a sheet, and the browser's own signs in fields, nobody is asked for.
        url = event["response"]["url"]
        if ICON in url:
            self._icons.add(event["requestId"])
        elif url.startswith("http"):
            self._asked.add(url)

    def _finished(self, event: dict) -> None:
        if event["requestId"] not in self._icons:
            self.bytes += event["encodedDataLength"]
