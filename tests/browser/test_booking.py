"""A new client books on a phone: with scripts, without, and by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import keyboard, steps
from tests.browser.steps import PHONE

pytestmark = pytest.mark.browser

WORDS = re.compile(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d+, \d+:\d\d\s[AP]M")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_new_client_books_from_the_first_page_in_three_screens(new_context, scripts):
    page = new_context(viewport=PHONE, java_script_enabled=scripts).new_page()
    screens = note_screens(page)
    page.goto("/")
    page.get_by_role("button", name="Therapeutic massage").first.click()
    steps.fill_in(page)
    steps.book(page)
    expect_done(page)
    assert [re.sub(r"[^/]+$", "", screen) for screen in screens] == ["/", "/book/", "/manage/"]


def test_a_service_page_is_as_good_a_start_as_the_first_page(new_context):
    page = new_context(viewport=PHONE).new_page()
    page.goto("/services/therapeutic-massage")
    page.locator("button.time").first.click()
    steps.fill_in(page)
    steps.book(page)
    expect_done(page)


def test_a_booking_needs_no_mouse_and_focus_is_always_seen(new_context):
    page = new_context(viewport=PHONE).new_page()
    page.goto("/")
    keyboard.tab_to(page, "button", "Therapeutic massage")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/book/"))
    for label, words in (("Your name", "Nora Quist"), ("E-mail address", steps.new_address())):
        keyboard.tab_to(page, "input", label)
        page.keyboard.type(words)
    keyboard.tab_to(page, "input", "I agree to this")
    page.keyboard.press("Space")
    keyboard.tab_to(page, "button", "Book this session")
    page.keyboard.press("Enter")
    expect_done(page)


def test_the_calendar_file_holds_the_session(page):
    steps.book_something(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    text = download.value.path().read_text()
    assert "SUMMARY:Resting massage" in text
    assert "\nDTSTART" in text


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_undo_makes_the_time_free_again(new_context, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    steps.choose_a_time(page)
    steps.fill_in(page)
    steps.book(page)
    starts_at = steps.when(page)
    assert not is_offered(new_context, starts_at)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was booked and nobody was told.")).to_be_visible()
    assert is_offered(new_context, starts_at)


def note_screens(page: Page) -> list[str]:
    """Return a list that fills with the path of each page that is shown."""
    paths: list[str] = []
    page.on("framenavigated", lambda frame: paths.append(re.sub(r"^\w+://[^/]+", "", frame.url)))
    return paths


def expect_done(page: Page) -> None:
    expect(page).to_have_url(re.compile("/manage/"))
    expect(page.get_by_role("heading", name="It is booked.")).to_be_visible()
    expect(page.locator("main dd time")).to_have_text(WORDS)
    expect(page.locator("main dd.price")).to_have_text("$95")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()


def is_offered(new_context: Callable, starts_at: str) -> bool:
    """Ask as somebody else whether a time is among the openings of its day."""
    page = new_context().new_page()
    page.goto(f"/services/resting-massage?day={steps.local_day(starts_at)}")
    return page.locator(f"button[value='{starts_at}']").count() == 1
