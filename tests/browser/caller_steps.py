"""What a therapist does when a client calls."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.steps import ZONE


def who_calls(page: Page, name: str) -> None:
    """Type who it is; with a script the list follows, without one a button shows it."""
    page.wait_for_load_state()  # Until then the script may not have hidden the button.
    page.get_by_label("Client: name or number").fill(name)
    if page.locator(".look").is_visible():
        page.get_by_role("button", name="Search").click()
    expect(page.locator("[name=person]:checked")).to_have_count(1)


def type_a_time(page: Page, weeks: int, time: str) -> None:
    """Type a time of a day some weeks ahead instead of pressing one that is offered."""
    day = datetime.now(UTC).astimezone(ZONE).date() + timedelta(weeks=weeks)
    page.get_by_label("another time").check()
    page.get_by_label("Day", exact=True).fill(day.isoformat())
    page.get_by_label("Time", exact=True).fill(time)


def repeat(page: Page, every: str, times: int) -> None:
    page.get_by_text("Note, mail, repeat").click()
    page.get_by_label("Repeat").select_option(every)
    page.get_by_label("How many times").fill(str(times))


def book(page: Page, name: str) -> None:
    """Book the first time that is offered."""
    who_calls(page, name)
    page.locator("#offers input").first.check()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text(f"Booked for {name}")).to_be_visible()
