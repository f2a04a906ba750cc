"""What people do on the site, in their words."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from booking.demo.cast import PASSWORD, Member
from tests.browser import mails

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
    introduce(page, name)
    page.get_by_label("Anything we should know?").fill(note)


def introduce(page: Page, name: str = "Nora Quist") -> str:
    """Type a name and a new address and agree to the policy; return the address."""
    address = new_address()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("I agree to this").check()
    return address


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


def sign_in(page: Page, member: Member, wanted: str = "/sign-in", password: str = PASSWORD) -> None:
    """Sign in with a password, on the way to a page that asks for it."""
    page.goto(wanted)
    page.get_by_text("Sign in with a password").click()
    form = page.get_by_role("group")
    form.get_by_label("E-mail address").fill(member.email)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def ask_for_a_link(page: Page, path: str, address: str) -> None:
    page.goto(path)
    page.get_by_label("E-mail address").first.fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()


def sign_up(page: Page, instance: Path, name: str = "Nora Quist") -> Member:
    """Make an account with a password, from the first page to *My bookings*."""
    member = Member(name, new_address())
    ask_for_a_link(page, "/sign-up", member.email)
    page.goto(mails.link_for(instance, member.email))
    page.get_by_label("Your name").fill(member.name)
    page.get_by_text("Also choose a password").click()
    page.get_by_label("Password (optional)").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    return member


def speak(page: Page, language: str, save: str = "Save") -> None:
    """Choose the language of the account that is signed in."""
    page.goto("/account")
    page.get_by_role("radio", name=language).check()
    page.get_by_role("button", name=save, exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()


def invite(page: Page, instance: Path) -> tuple[Member, str]:
    """Invite a practitioner to the team, as a manager; return whom, and the link they get."""
    member = Member("Rosa Lind", new_address())
    page.goto("/studio/team/invite")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"The invitation goes to {member.email}.")).to_be_visible()
    return member, mails.link_for(instance, member.email, "/invitation/")


def join(page: Page, member: Member, link: str) -> None:
    """Join the team by an invitation, with name and password."""
    page.goto(link)
    page.get_by_label("Your name").fill(member.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Today,")).to_be_visible()


def switch_on_the_second_step(page: Page) -> str:
    """Set up the second step as somebody without a camera; return the secret the app now has."""
    page.goto("/second-factor/set-up")
    page.get_by_text("No camera? Type it").click()
    secret = "".join(page.locator(".secret code").inner_text().split())
    page.get_by_role("textbox", name="Code").fill(TOTP(secret).now())
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return secret


def next_code(secret: str) -> str:
    """The code that comes after this half-minute's: each is taken once, and a bit early is fine."""
    return TOTP(secret).at(datetime.now(UTC), counter_offset=1)
