"""What people do with group classes and their waiting lists, in their words."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps

# A class of the demo with three places, and one with more than these tests take.
SMALL = "Yoga for stiff backs"
LARGE = "Evening yoga"


def open_week(page: Page, weeks: int) -> None:
    """Go to the timetable of a week; the one after this is 1."""
    wanted = datetime.now(UTC).date() + timedelta(weeks=weeks)
    page.goto(f"/classes?week={wanted}")


def row_of(page: Page, name: str) -> Locator:
    """The line of a class on a list of them."""
    return page.locator("li.class").filter(has_text=name)


def open_class(page: Page, name: str, weeks: int) -> None:
    """Go to the page of one class, by the timetable of its week."""
    open_week(page, weeks)
    row_of(page, name).get_by_role("link", name=re.compile("^(Book|Wait for a place)")).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def bring(page: Page, *names: str) -> None:
    """Say who comes along."""
    page.get_by_text("Are you bringing somebody?").click()
    fields = page.get_by_role("group").filter(has_text="Are you bringing").get_by_role("textbox")
    for number, name in enumerate(names):
        fields.nth(number).fill(name)


def book_places(page: Page, *companions: str) -> str:
    """Book on the page of a class, as a new client with companions; return the address."""
    address = steps.introduce(page)
    if companions:
        bring(page, *companions)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("heading", name="It is booked.")).to_be_visible()
    return address


def crowd(page: Page, weeks: int) -> str:
    """Take all the places of the small class; return the address of the page that has them."""
    open_class(page, SMALL, weeks)
    book_places(page, "Ines Rocha", "Tom Wexler")
    return page.url


def cancel_one(page: Page, places: str) -> None:
    """Cancel one of several places, by its own page."""
    page.goto(places)
    page.locator(".dates").get_by_role("link", name="Tom Wexler").click()
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_role("heading", name="Cancelled.")).to_be_visible()


def join_line(page: Page, weeks: int) -> str:
    """Wait for a place in the small class, as a new client; return the address."""
    open_class(page, SMALL, weeks)
    address = steps.introduce(page, "Ruth Kaminski")
    page.get_by_role("button", name="Put me on the list").click()
    expect(page.get_by_role("heading", name="You are in line.")).to_be_visible()
    return address


def leave_line(page: Page) -> None:
    """Leave the line from the page of one's place in it."""
    page.get_by_role("button", name="Leave the waiting list").click()
    expect(page.get_by_role("heading", name="You are no longer in line.")).to_be_visible()


def wish_for_a_time(page: Page, service: str, day: str) -> None:
    """Wait for a private time on a weekday, as a new client."""
    page.goto(f"/services/{service}/tell-me")
    page.get_by_label("Your name").fill("Ruth Kaminski")
    page.get_by_label("E-mail address").fill(steps.new_address())
    page.get_by_text(day).click()
    page.get_by_label("I know that").check()
    page.get_by_role("button", name="Tell me").click()
