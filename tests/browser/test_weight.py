"""What a page costs on the wire; that it asks nobody else is seen to by `watch` in every test."""

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

WITH_ADDRESS = [name for name, way in PAGES.items() if way.then is None]


class Wire:
    """Counts a page's answers and the bytes that came for them, headers included."""

    def __init__(self, page: Page):
        self.requests = self.bytes = 0
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._response)
        session.on("Network.loadingFinished", self._finished)

    def _response(self, event: dict) -> None:
        self.requests += 1

    def _finished(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]


@pytest.mark.parametrize("name", WITH_ADDRESS)
def test_a_first_visit_is_light_and_a_second_lighter(name, new_context, world, watch):
    way = PAGES[name]
    page = new_context(storage_state=world.cookies[way.who]).new_page()
    visits = []
    for _visit in ("first", "second"):
        wire = Wire(page)
        way.open(page, world)
        visits.append((wire.requests, wire.bytes))
    (first_requests, first_bytes), (_requests, second_bytes) = visits
    assert first_requests <= 10
    assert first_bytes < 60_000
    assert second_bytes < 20_000
    assert watch.wrong == []
