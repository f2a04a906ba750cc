"""On the narrowest phone nothing is cut off, and everything can be hit with a thumb."""

import pytest

from tests.browser.pages import PAGES
from tests.browser.steps import DESK, PHONE

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}

# Links in a sentence or a list of words may be as high as their line (WCAG 2.5.8).
SMALL = """(sizes) => [...document.querySelectorAll(sizes.what)]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .map((one) => [one.closest("label.pill, .tick label") ?? one, one])
  .map(([target, one]) => [target.getBoundingClientRect(), one])
  .filter(([box]) => box.height < sizes.high || box.width < sizes.wide)
  .map(([box, one]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML}`)"""
PRESSED = "button, input, textarea, select, summary, .button, .chip, .time, .day, .arrow, .pills a"
FOLLOWED = "nav a, header a, footer a, h2 a, h3 a, .kicker a"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_narrowest_phone_and_any_thumb(name, open_page):
    page = open_page(name, viewport=NARROW)
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]
        assert page.evaluate(SMALL, {"what": PRESSED, "high": 44, "wide": 24}) == []
        assert page.evaluate(SMALL, {"what": FOLLOWED, "high": 24, "wide": 24}) == []
