"""What people do on the site, in their words."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from booking.demo.cast import PASSWORD, Member

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
ZONE = ZoneInfo("America/New_York")
_numbers = count(1)


def new_address() -> str:
    """An address of its own for each booking: a guest may have only a few open ones."""
    return f"guest{next(_numbers)}@example.com"


def choose_a_time(page: Page, service: str = "resting-massage") -> str:
    """Press an opening of one of the coming weeks; return it as day and time."""
    weeks_ahead = next(_numbers) % 5 + 1
    wanted = datetime.now(UTC).date() + timedelta(weeks=weeks_ahead)
    page.goto(f"/services/{service}?day={wanted}")
    said = choose_last_day(page)
    opening = page.locator("button.time").first
    said += f", {opening.inner_text()}"
    opening.click()
    expect(page).to_have_url(re.compile("/book/"))
    return said


def choose_last_day(page: Page) -> str:
    """Press the last day of the week strip that has openings; return it in words."""
    day = page.locator("a.day:not(.none):not([aria-current])").last
    words = day.locator(".unseen").text_content().rstrip(",")
    day.click()
    expect(page.locator("#times")).to_have_text(words)
    return words


def fill_in(page: Page, name: str = "Nora Quist", note: str = "") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(new_address())
    page.get_by_label("Anything we should know?").fill(note)
    page.get_by_label("I agree to this").check()


def book(page: Page) -> None:
    page.get_by_role("button", name="Book this session").click()
    expect(page).to_have_url(re.compile("/manage/"))


def book_something(page: Page, name: str = "Nora Quist", note: str = "") -> str:
    """Book as a new client, from choosing a time to the done page; return the day and time."""
    said = choose_a_time(page)
    fill_in(page, name, note)
    book(page)
    return said


def when(page: Page) -> str:
    """The instant of the session a page shows, in the form the openings have: in UTC, with Z."""
    return page.locator("main dd time").get_attribute("datetime")[:16] + "Z"


def local_day(instant: str) -> str:
    """The date of an instant on the practice's wall."""
    return str(datetime.fromisoformat(instant).astimezone(ZONE).date())


def sign_in(page: Page, member: Member) -> None:
    page.goto("/sign-in")
    page.get_by_text("Sign in with a password").click()
    form = page.get_by_role("group")
    form.get_by_label("E-mail address").fill(member.email)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
