"""From "a client calls" to "booked" in under five fields: by mouse, by keyboard, scripts off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import caller_steps, keyboard, steps

TABLET = {"width": 768, "height": 1024}
pytestmark = pytest.mark.browser

# What one fills in: presses on a button are not counted, choices in a list are.
COUNT_FIELDS = """() => {
  window.filled = new Set();
  document.addEventListener("input", (event) => window.filled.add(event.target.name));
}"""


@pytest.fixture
def lena(new_context, world):
    def open_form(**options: object) -> Page:
        context = new_context(storage_state=world.cookies["lena"], **options)
        page = context.new_page()
        page.goto("/studio/")
        page.get_by_role("link", name="Book for a caller").click()
        page.wait_for_load_state()
        return page

    return open_form


@pytest.mark.parametrize("size", [steps.PHONE, TABLET, steps.DESK], ids=["390", "768", "1280"])
def test_who_calls_anew_is_booked_in_under_five_fields(lena, size):
    page = lena(viewport=size)
    page.evaluate(COUNT_FIELDS)
    caller_steps.who_calls(page, f"Walter {size['width']}")
    expect(page.get_by_label("Name", exact=True)).to_have_value(f"Walter {size['width']}")
    page.get_by_label("Telephone (optional)").fill("321 555 0163")
    page.locator("#offers input").nth(1).check()
    assert len(page.evaluate("[...window.filled]")) < 5
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text(f"Booked for Walter {size['width']}")).to_be_visible()
    expect(page.get_by_text("There is no mail address: nothing is sent.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was booked and nobody was told.")).to_be_visible()


def test_without_scripts_a_button_looks_and_nothing_typed_is_lost(lena):
    page = lena(viewport=steps.PHONE, java_script_enabled=False)
    page.locator("#offers input").nth(2).check()
    caller_steps.who_calls(page, "Walter Quiet")
    expect(page.locator("#offers input:checked")).to_have_count(1)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text("Booked for Walter Quiet")).to_be_visible()


def test_by_keyboard_alone_and_heard(lena):
    page = lena(viewport=steps.DESK)
    keyboard.tab_to(page, "input", "Client: name or number")
    page.keyboard.type("Walter Keys")
    expect(page.get_by_role("status").filter(has_text="Nobody of that name")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Somebody new")).to_be_focused()
    keyboard.tab_to(page, "input", "Telephone")
    page.keyboard.type("321 555 0177")
    keyboard.tab_to(page, "input", "")
    while page.evaluate("document.activeElement.name") != "start":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    keyboard.tab_to(page, "button", "Book")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Booked for Walter Keys")).to_be_visible()


def test_a_known_client_brings_their_usual_session_and_another_is_offered_its_times(lena):
    page = lena(viewport=steps.DESK)
    option = page.get_by_label("Service")
    option.select_option(index=2)
    chosen = option.input_value()
    caller_steps.book(page, "Walter Usual")
    page.goto("/studio/book")
    expect(option).not_to_have_value(chosen)
    page.get_by_label("Client: name or number").fill("walter usu")
    expect(option).to_have_value(chosen)
    before = page.locator("#offers").inner_html()
    with page.expect_response(re.compile("option=")):
        option.select_option(index=0)
    expect(page.locator("#offers input:not([value=typed])")).not_to_have_count(0)
    assert before


def test_a_series_lists_its_dates_first(lena):
    page = lena(viewport=steps.PHONE)
    caller_steps.who_calls(page, "Walter Weekly")
    caller_steps.type_a_time(page, weeks=2, time="21:30")
    caller_steps.repeat(page, "every week", times=3)
    page.get_by_role("button", name="Book", exact=True).click()
    dates = page.locator(".series-dates > li")
    expect(dates).to_have_count(3)
    expect(dates.first).to_contain_text("outside the working hours")
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(2).check()
    page.get_by_role("button", name="Book what is ticked").click()
    expect(page.get_by_text("Booked for Walter Weekly: 2 sessions")).to_be_visible()
