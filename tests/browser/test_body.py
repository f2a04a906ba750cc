"""The figure of the body as it is used, by thumb, keyboard and ear; and a piece on paper."""

import pytest
from playwright.sync_api import Page

from tests.browser.steps import PHONE

pytestmark = pytest.mark.browser

# What is pressed of each region, in pixels: its width and height on the figure's own scale.
SIZES = """() => {
  const scale = document.querySelector(".side svg").getBoundingClientRect().width / 300;
  return [...document.querySelectorAll("defs .pressed")].map((one) => {
    const [, wide, high] = one.getAttribute("d").match(/h(\\d+)v(\\d+)/);
    return [one.closest("[id^=at-]").id, wide * scale, high * scale];
  });
}"""
FRONT = ["Head and jaw", "Neck", "Shoulder and upper arm", "Chest and ribs", "Elbow and forearm",
         "Belly", "Wrist and hand", "Hip and groin", "Front of the thigh", "Knee",
         "Calf and shin", "Ankle and foot"]  # fmt: skip
BACK = ["Upper back", "Low back", "Buttock", "Back of the thigh"]
FOCUSED = "document.activeElement.getAttribute('aria-label')"


@pytest.fixture
def figure(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    page.goto("/where-does-it-hurt")
    return page


def test_every_region_is_as_large_as_a_thumb_and_leads_to_its_page(figure):
    sizes = figure.evaluate(SIZES)
    assert len(sizes) == len(FRONT + BACK)
    assert [one for one in sizes if min(one[1:]) < 44] == []
    # The right hand of the back is the same place as the left one of the front.
    hand = figure.locator(".side").last.locator("[href$='/hand']")
    box = hand.bounding_box()
    assert box is not None
    figure.mouse.click(box["x"] + box["width"] - 22, box["y"] + 22)
    figure.get_by_role("heading", name="Wrist and hand").wait_for()


def test_the_keyboard_goes_from_top_to_bottom_once(figure):
    figure.locator("#main").focus()
    seen = []
    for _stop in range(len(FRONT) + len(BACK)):
        figure.keyboard.press("Tab")
        seen.append(figure.evaluate(FOCUSED))
    assert sorted(seen[: len(FRONT)]) == sorted(FRONT)
    assert seen == FRONT + BACK
    ring = "one => getComputedStyle(one).getPropertyValue('--ring')"
    assert figure.eval_on_selector(".side a:focus-visible", ring)
    figure.keyboard.press("Enter")
    figure.get_by_role("heading", name="Back of the thigh").wait_for()
    figure.get_by_role("heading", name="See a doctor first").wait_for()


def test_a_screen_reader_is_told_two_sides_a_list_and_no_region_twice(figure):
    told = figure.locator("main").aria_snapshot()
    for side, names in (("Front", FRONT), ("From behind", BACK)):
        group = told.split(f'- group "{side}":')[1].split("- group")[0].split("- navigation")[0]
        assert [line.split('"')[1] for line in group.splitlines() if "- link" in line] == names
    listed = told.split('- navigation "The same places as a list"')[1]
    assert listed.count("- link") == len(FRONT + BACK)


def test_a_region_and_its_entry_are_shown_together(figure):
    colour = "one => getComputedStyle(one).getPropertyValue('--area')"
    area = figure.locator(".side [href$='/knee']").first
    before = area.evaluate(colour)
    figure.locator(".regions").get_by_role("link", name="Knee").focus()
    assert area.evaluate(colour) != before


def test_on_paper_an_article_stands_alone_and_says_where_it_is_from(page):
    page.goto("/read/gluteus-medius")
    page.emulate_media(media="print")
    shown = ".piece h1, .piece .prose, .piece .drawn svg, .piece .print-only"
    assert all(one.is_visible() for one in page.locator(shown).all())
    assert page.locator(".print-only").inner_text().endswith("/read/gluteus-medius")
    away = "header, footer, .skip, .beside, .book-this, .read-next"
    assert not any(one.is_visible() for one in page.locator(f"body > header, {away}").all())
