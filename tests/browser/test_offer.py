"""Lists of what is offered: put in order by keyboard, by dragging, and with scripts off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import keyboard
from tests.browser.steps import DESK

pytestmark = pytest.mark.browser

ROOMS = "/studio/settings/rooms"
AS_MADE = ["Quiet room", "Garden room", "Studio floor"]


@pytest.fixture
def rooms(new_context, world) -> Page:
    page = new_context(storage_state=world.cookies["mara"], viewport=DESK).new_page()
    page.goto(ROOMS)
    return page


def shown(page: Page) -> list[str]:
    return [one.strip().removeprefix("Change").strip()
            for one in page.locator(".ordered .entry-name").all_text_contents()]  # fmt: skip


def move(page: Page, stands: int, then: str) -> None:
    """Press the button that has the focus, and find the focus on the one to go on with."""
    page.keyboard.press("Enter")
    said = f"Studio floor is number {stands} of 3 now."
    expect(page.locator("[data-said]")).to_have_text(said)
    expect(page.locator(":focus")).to_contain_text(f"{then}: Studio floor")


def test_by_keyboard_the_focus_stays_with_what_is_moved(rooms):
    address = rooms.url
    keyboard.tab_to(rooms, "button", "Move up: Studio floor")
    move(rooms, 2, "Move up")
    move(rooms, 1, "Move down")
    assert shown(rooms) == ["Studio floor", "Quiet room", "Garden room"]
    move(rooms, 2, "Move down")
    move(rooms, 3, "Move up")
    assert shown(rooms) == AS_MADE
    assert rooms.url == address
    rooms.reload()
    assert shown(rooms) == AS_MADE


def test_by_dragging(rooms):
    drag(rooms, "Studio floor", "Quiet room")
    expect(rooms.locator("[data-said]")).to_have_text("Studio floor is number 1 of 3 now.")
    rooms.reload()
    assert shown(rooms) == ["Studio floor", "Quiet room", "Garden room"]
    drag(rooms, "Studio floor", None)
    expect(rooms.locator("[data-said]")).to_have_text("Studio floor is number 3 of 3 now.")
    assert shown(rooms) == AS_MADE


def drag(page: Page, name: str, before: str | None) -> None:
    """Take a row by its grip and let it go above another, or below all."""
    rows = page.locator(".ordered .entry")
    grip = rows.filter(has_text=name).locator(".grip").bounding_box()
    goal = (rows.filter(has_text=before) if before else rows.last).bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    height = 3 if before else goal["height"] - 3
    page.mouse.move(goal["x"] + 20, goal["y"] + height, steps=6)
    page.mouse.up()


def test_without_scripts_the_same_buttons_do_the_same(new_context, world):
    page = new_context(
        storage_state=world.cookies["mara"], viewport=DESK, java_script_enabled=False
    ).new_page()
    page.goto(ROOMS)
    page.get_by_role("button", name="Move down: Quiet room").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Quiet room is number 2 of 3 now.")
    expect(page.get_by_role("button", name="Move down: Quiet room")).to_be_focused()
    page.get_by_role("button", name="Move up: Quiet room").press("Enter")
    expect(page.get_by_role("button", name="Move down: Quiet room")).to_be_focused()
    assert shown(page) == AS_MADE


def test_a_service_is_written_looked_at_and_saved_without_scripts(new_context, world):
    page = new_context(
        storage_state=world.cookies["mara"], viewport=DESK, java_script_enabled=False
    ).new_page()
    page.goto("/studio/settings/services/new")
    page.get_by_label("Name", exact=True).fill("Hand massage")
    page.locator("[name=minutes_n1]").fill("20")
    page.locator("[name=price_n1]").fill("35,50")
    page.get_by_role("button", name="Another length").click()
    page.locator("[name=minutes_n3]").fill("40")
    page.locator("[name=price_n3]").fill("60")
    page.get_by_text("Sitting").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview .card")).to_contain_text("20 min $35.50")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Hand massage")
    page.get_by_label("Name", exact=True).press("Enter")  # Saves, whatever buttons there are.
    expect(page.get_by_role("status").first).to_have_text("Added: Hand massage.")
    page.get_by_role("button", name="Archive Hand massage").click()
    expect(page.get_by_role("button", name="Bring back Hand massage")).to_be_visible()
