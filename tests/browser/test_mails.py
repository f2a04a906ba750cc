"""Every mail as it is shown: axe finds nothing, it fits a phone, thumbs hit its buttons."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.mail_pictures import PHONE, WIDE, mails
from tests.browser.test_pages import FIND_SMALL, OPTIONS, RUN_AXE

pytestmark = pytest.mark.browser

FETCHED = "performance.getEntriesByType('resource').map((one) => one.name)"


def test_every_mail_can_be_read_and_pressed(new_context, site):
    """One after the other in English and light, in Spanish and dark."""
    page = new_context().new_page()
    ways = [("light", mails(site, "en")), ("dark", mails(site, "es"))]
    what = {"what": ".button, .row", "high": 44, "wide": 44}
    for number, name in enumerate(ways[0][1]):
        scheme, shown = ways[number % 2]
        page.emulate_media(color_scheme=scheme)
        page.set_content(shown[name])
        page.evaluate(Axe().axe_script)
        assert page.evaluate(RUN_AXE, OPTIONS) == [], name
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            assert page.evaluate(FIND_SMALL, what) == [], name
        assert page.evaluate(FETCHED) == [], name
    page.set_content(mails(site, "en")["confirmed"].replace("line-height:22px", "line-height:9px"))
    assert page.evaluate(FIND_SMALL, what) != []  # It would be found.
