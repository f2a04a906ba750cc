"""The ways to pages: an address, who goes there, and what one does there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser import caller_steps, class_steps
from tests.browser.world import World


@dataclass(frozen=True)
class At:
    """A page at an address, which may name what `make_world` has made, or what one does there."""

    path: str
    who: str = "guest"
    then: Callable[[Page, World], None] | None = None
    status: int = 200

    def address(self, world: World) -> str:
        return self.path.format_map(world.made)

    def open(self, page: Page, world: World) -> None:
        """Go there; what answers has to be this very page, not one that it leads on to."""
        address = self.address(world)
        answer = page.goto(address)
        assert answer is not None
        came_to = (urlsplit(answer.url).path, answer.status)
        assert came_to == (urlsplit(address).path, self.status), came_to

    def visit(self, page: Page, world: World) -> None:
        """Go there and do what one does there."""
        self.open(page, world)
        if self.then is not None:
            self.then(page, world)


def pressing(button: str, **typed: str) -> Callable[[Page, World], None]:
    """Type into the fields of these names, press the button and wait for what is wrong."""

    def press(page: Page, world: World) -> None:
        pressed = page.get_by_role("button", name=button, exact=True)
        form = page.locator("form").filter(has=pressed)
        for name, words in typed.items():
            form.locator(f"[name={name}]").fill(words)
        pressed.click()
        page.get_by_role("alert").wait_for()

    return press


def ask_for_a_link(page: Page, world: World) -> None:
    page.get_by_label("E-mail address").first.fill("somebody@example.com")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()


def wrong_password(page: Page, world: World) -> None:
    page.get_by_text("Sign in with a password").click()
    page.get_by_role("group").get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def choose_a_password_too(page: Page, world: World) -> None:
    page.get_by_text("Also choose a password").click()
    page.get_by_label("Password (optional)").fill("short")
    page.get_by_role("button", name="Show").click()


def taken(page: Page, world: World) -> None:
    """Press a time that somebody else has taken since the page was opened."""
    rival = world.browser.new_context(base_url=world.base_url)
    faster = rival.new_page()
    faster.goto(page.url)
    faster.locator("button.time").first.click()
    page.locator("button.time").first.click()
    page.get_by_text("The nearest free times").wait_for()
    rival.close()


def without_camera(page: Page, world: World) -> None:
    page.get_by_text("No camera? Type it").click()


def too_long_a_note(page: Page, world: World) -> None:
    """The field holds back what is too long; a script that fills it does not ask."""
    page.get_by_label("Private note").evaluate("field => { field.value = 'x'.repeat(5001) }")
    page.get_by_role("button", name="Save Private note").click()
    page.get_by_role("alert").wait_for()


def wish_for_what_is_free(page: Page, world: World) -> None:
    class_steps.wish_for_a_time(page, "therapeutic-massage", "Monday")
    page.get_by_text("These times suit").wait_for()


def book_a_caller(page: Page, world: World) -> None:
    caller_steps.book(page, "Walter Caller")
    page.get_by_role("button", name="Undo").wait_for()


def book_at_night(page: Page, world: World) -> None:
    """Ask for a time at which nobody works: what speaks against it is listed."""
    caller_steps.who_calls(page, "Wanda Nightingale")
    caller_steps.type_a_time(page, weeks=1, time="04:40")
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("alert").wait_for()


def every_other_week(page: Page, world: World) -> None:
    caller_steps.who_calls(page, "Wanda Nightingale")
    caller_steps.type_a_time(page, weeks=1, time="10:00")
    caller_steps.repeat(page, "every 2 weeks", times=5)
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("heading", name="Book a series").wait_for()


def new_codes(page: Page, world: World) -> None:
    page.get_by_role("button", name="Make ten new codes").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()


def look_at_zone(page: Page, world: World) -> None:
    page.get_by_label("Chicago").check()
    page.get_by_role("button", name="See what it moves").click()
    page.get_by_role("heading", name="What this moves").wait_for()


def try_rules(page: Page, world: World) -> None:
    page.locator("[name=cancel]").fill("3")
    page.get_by_role("button", name="See what clients read").click()
    page.get_by_role("heading", name="What clients would read").wait_for()


def look_ahead(page: Page, world: World) -> None:
    page.locator("[name=day_0-0-opens]").fill("11:00")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet").wait_for()


def take_weeks_off(page: Page, world: World) -> None:
    """Lena is booked within the coming weeks."""
    today = date.today()
    page.locator("[name=from-day]").fill((today + timedelta(days=1)).isoformat())
    page.locator("[name=until-day]").fill((today + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Enter it").click()
    page.get_by_role("heading", name="What stands in the way").wait_for()


def ask_the_doctor(page: Page, world: World) -> None:
    page.get_by_role("button", name="Ask the mail server and the name service").click()
    page.get_by_role("button", name="Ask again").wait_for()


def preview(page: Page, world: World) -> None:
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def try_a_mail(page: Page, world: World) -> None:
    page.get_by_label("How it begins").fill("Dear {client},\n\nbring socks.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def type_on(page: Page, world: World) -> None:
    """Type into a piece: it is kept and shown, and offered when the page is opened again."""
    page.get_by_label("Text", exact=True).fill("## Ankles\n\n**Typed** and not saved.")
    page.locator("[data-shown] strong").get_by_text("Typed").wait_for()
    page.reload()
    page.get_by_role("link", name="See what is saved").click()
    page.get_by_text("See what was not saved").first.click()
