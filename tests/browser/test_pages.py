"""What holds on every page: axe finds nothing, nothing is cut off, it is light, nobody is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.page_ways import At
from tests.browser.pages import PAGES
from tests.browser.steps import DESK, PHONE
from tests.browser.watch import Watch
from tests.browser.wire import ICON_BYTES, Wire
from tests.browser.world import World

pytestmark = pytest.mark.browser

# Routes that answer with a file, or with a part of a page that is in the list. Nothing can be
# measured in a mail's frame, where no script runs: test_mails looks at what it shows.
FILES = {
    "static", "bookings.calendar", "house.logo", "house.look", "payments.download",
    "studio.callers", "articles.feed", "found.robots", "found.sitemap", "studio.mail_html",
    "settings.own_words_shown", "articles.picture", "scheduling.openings",
}  # fmt: skip

NARROW = {"width": 320, "height": 640}
USUAL = {"width": 1280, "height": 720}

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
RUN_AXE = """(options) => axe.run(options).then((found) => found.violations.flatMap(
  (fault) => fault.nodes.map((node) => `${fault.id}: ${node.html} ${node.failureSummary}`)))"""

# Links in a sentence or a list of words may be as high as their line (WCAG 2.5.8).
PRESSED = "button, input, textarea, select, summary, .button, .chip, .time, .day, .arrow, .pills a"
FOLLOWED = "nav a, header a, footer a, h2 a, h3 a, .kicker a"
FIND_SMALL = """(sizes) => [...document.querySelectorAll(sizes.what)]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .map((one) => [(one.closest("label.pill, .tick label") ?? one).getBoundingClientRect(), one])
  .filter(([box]) => box.height < sizes.high || box.width < sizes.wide)
  .map(([box, one]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML}`)"""

# A long text in a column that the things beside it have left no room.
FIND_SQUEEZED = """() => [...document.querySelectorAll("main :is(p, li, dd, h2, h3)")]
  .filter((one) => one.checkVisibility() && one.textContent.trim().length > 40)
  .filter((one) => one.getBoundingClientRect().width < 64 && !one.closest(".unseen"))
  .map((one) => one.outerHTML)"""


@dataclass
class Visit:
    """A page of the list as it was visited; what it cost, where its address alone leads there."""

    page: Page
    watch: Watch
    way: At
    costs: list[Wire]


@pytest.fixture(scope="module")
def tab(browser: Browser, browser_context_args: dict) -> Iterator[Page]:
    """One tab for all pages that are only looked at: a window costs more than most of them do."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=PAGES)
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict,
    world: World,
    tab: Page,
) -> Iterator[Visit]:
    """A page of the list, for all the tests of this module; in a window of its own, if pressed."""
    watch = Watch(world.base_url)
    way = PAGES[request.param]
    if way.then is None:
        as_new(tab, world.cookies[way.who])
        watch.follow(tab.context)
        yield Visit(tab, watch, way, [cost_of(tab, way, world) for _visit in ("first", "second")])
        watch.leave(tab.context)
        return
    context = browser.new_context(**browser_context_args, storage_state=world.cookies[way.who])
    watch.follow(context)
    page = context.new_page()
    way.visit(page, world)
    yield Visit(page, watch, way, [])
    context.close()


def as_new(tab: Page, state: Any) -> None:
    """Let a tab be as if it had just been opened by somebody: nothing fetched, nothing kept."""
    tab.goto("about:blank")
    tab.set_viewport_size(USUAL)
    tab.emulate_media(color_scheme="light")
    tab.context.clear_cookies()
    tab.context.add_cookies(state["cookies"])
    session = tab.context.new_cdp_session(tab)
    session.send("Network.clearBrowserCache")
    session.detach()


def cost_of(tab: Page, way: At, world: World) -> Wire:
    wire = Wire(tab)
    way.open(tab, world)
    wire.stop()
    return wire


def test_axe_finds_nothing_in_light_and_dark(visit):
    visit.page.evaluate(Axe().axe_script)
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        visit.page.set_viewport_size(size)
        visit.page.emulate_media(color_scheme=scheme)
        assert visit.page.evaluate(RUN_AXE, OPTIONS) == []


def test_it_fits_the_narrowest_phone_and_any_thumb(visit):
    page = visit.page
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate(FIND_SMALL, {"what": PRESSED, "high": 44, "wide": 24}) == []
        assert page.evaluate(FIND_SMALL, {"what": FOLLOWED, "high": 24, "wide": 24}) == []
        assert page.evaluate(FIND_SQUEEZED) == []


def test_a_first_visit_is_light_and_a_second_lighter(visit):
    assert len(visit.costs) == (2 if visit.way.then is None else 0)
    for cost, most in zip(visit.costs, (60_000 - ICON_BYTES, 20_000), strict=False):
        assert 0 < cost.requests < 10
        assert 0 < cost.bytes < most


def test_it_asks_nobody_else_and_reports_no_error(visit):
    assert visit.watch.asked
    assert visit.watch.wrong == []


def test_every_page_of_the_site_is_in_the_list(site, world):
    routes = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in rule.methods}
    visited = {route_of(site, way.address(world)) for way in PAGES.values()}
    assert routes - visited == FILES


def route_of(site: Flask, address: str) -> str | None:
    with site.test_request_context(address) as context:
        return context.request.endpoint


def test_what_is_measured_here_would_be_found(new_context):
    """Neither axe nor the watch is kept out by the Content-Security-Policy."""
    page = new_context().new_page()
    watch = Watch("http://nowhere.example")
    watch.follow(page.context)
    page.goto("/about")
    page.evaluate("document.querySelector('h1').outerHTML = '<h1>A <input type=text></h1>'")
    page.evaluate(Axe().axe_script)
    (finding,) = page.evaluate(RUN_AXE, OPTIONS)
    assert finding.startswith("label: <input")
    assert len(page.evaluate(FIND_SMALL, {"what": PRESSED, "high": 44, "wide": 24})) == 1
    assert page.evaluate(FIND_SQUEEZED) == []
    page.evaluate("""() => {
      const thin = document.querySelector("main").appendChild(document.createElement("p"));
      thin.textContent = "word ".repeat(20);
      thin.style.width = "20px";
    }""")
    assert len(page.evaluate(FIND_SQUEEZED)) == 1
    assert any("asked another host" in sentence for sentence in watch.wrong)
