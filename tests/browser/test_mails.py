"""Every mail as it is shown: axe finds nothing, it fits a phone, thumbs hit its buttons."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from booking.mail.letter_kinds import KINDS
from tests.browser.mail_pictures import PHONE, WIDE, mails
from tests.browser.test_pages import FIND_SMALL, OPTIONS, RUN_AXE

pytestmark = pytest.mark.browser

FETCHED = "performance.getEntriesByType('resource').map((one) => one.name)"


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_every_mail_can_be_read_and_pressed(new_context, site, language, scheme):
    page = new_context(color_scheme=scheme).new_page()
    shown = mails(site, language)
    assert set(shown) == set(KINDS)
    for name, html in shown.items():
        page.set_content(html)
        page.evaluate(Axe().axe_script)
        assert page.evaluate(RUN_AXE, OPTIONS) == [], name
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            what = {"what": ".button, .row", "high": 44, "wide": 44}
            assert page.evaluate(FIND_SMALL, what) == [], name
        assert page.evaluate(FETCHED) == [], name
    page.set_content(html.replace("line-height:22px", "line-height:12px"))  # It would be found.
    assert page.evaluate(FIND_SMALL, what) != []
