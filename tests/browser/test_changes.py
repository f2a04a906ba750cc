"""From the manage page, with scripts off: move a booking, undo that, cancel it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps

pytestmark = [
    pytest.mark.browser,
    pytest.mark.browser_context_args(java_script_enabled=False, viewport=steps.PHONE),
]


def test_moving_is_two_presses_and_can_be_undone(page):
    before = steps.book_something(page)
    page.get_by_role("link", name="Move").click()
    after = move_to_another_day(page)
    expect(page.get_by_text("Your booking has its new time.")).to_be_visible()
    expect(shown_time(page)).to_have_text(after)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Your booking is back at its old time.")).to_be_visible()
    expect(shown_time(page)).to_have_text(before)


def test_keeping_the_time_changes_nothing(page):
    before = steps.book_something(page)
    for leave, keep in (("Move", "Keep the time I have"), ("Cancel", "Keep it")):
        page.get_by_role("link", name=leave).click()
        page.get_by_role("link", name=keep).click()
        expect(shown_time(page)).to_have_text(before)


def test_cancelling_asks_once_and_says_what_it_costs(page):
    steps.book_something(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("This is free of charge until")).to_be_visible()
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_role("heading", name="Cancelled.")).to_be_visible()
    for gone in ("Move", "Cancel", "Add to calendar"):
        expect(page.get_by_role("link", name=gone)).to_have_count(0)
    page.get_by_role("link", name="Book again").click()
    expect(page).to_have_url(re.compile("/services/resting-massage"))


def move_to_another_day(page: Page) -> str:
    said = steps.choose_last_day(page)
    time = page.locator("button.time").first
    said += f", {time.inner_text()}"
    time.click()
    return said


def shown_time(page: Page) -> Locator:
    return page.locator("main dd time")
