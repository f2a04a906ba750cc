"""axe finds nothing on any page: in light on the phone and the desk, in dark on the phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES
from tests.browser.steps import DESK, PHONE

pytestmark = pytest.mark.browser

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def test_axe_is_not_kept_out_by_the_content_security_policy(open_page):
    page = open_page("home")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<input>')")
    found = Axe().run(page, options=OPTIONS)
    assert [fault["id"] for fault in found.response["violations"]] == ["label"]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name, open_page):
    page = open_page(name)
    for size, scheme in ((DESK, "light"), (PHONE, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=OPTIONS)
        assert found.violations_count == 0, found.generate_report()
