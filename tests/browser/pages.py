"""Every page of the site and the way to it; what must hold everywhere is tested along this list."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, StorageState

from booking.demo.cast import ADA, LENA
from tests.browser import steps


@dataclass(frozen=True)
class At:
    """A page with an address of its own; `path` may name what `make_world` has made."""

    path: str
    who: str = "guest"


def empty_details(page: Page, world: "World") -> None:
    page.goto(world.made["details"])
    page.get_by_role("button", name="Book this session").click()
    page.get_by_role("alert").wait_for()


def taken(page: Page, world: "World") -> None:
    """Press a time that somebody else has taken since the page was opened."""
    page.goto("/services/private-tai-chi")
    rival = world.browser.new_context(base_url=world.base_url)
    faster = rival.new_page()
    faster.goto(page.url)
    faster.locator("button.time").first.click()
    page.locator("button.time").first.click()
    page.get_by_text("The nearest free times").wait_for()
    rival.close()


def ask_for_a_link(page: Page, _world: "World") -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").first.fill(steps.new_address())
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()


def wrong_password(page: Page, _world: "World") -> None:
    page.goto("/sign-in")
    page.get_by_text("Sign in with a password").click()
    page.get_by_role("group").get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


PAGES: dict[str, At | Callable[[Page, "World"], None]] = {
    "home": At("/"),
    "kind": At("/kinds/massage"),
    "service": At("/services/therapeutic-massage"),
    "details": At("{details}"),
    "details with errors": empty_details,
    "taken": taken,
    "done": At("{done}"),
    "move": At("{done}/move"),
    "cancel": At("{done}/cancel"),
    "cancelled": At("{cancelled}"),
    "my bookings": At("/my/bookings", "ada"),
    "sign in": At("/sign-in"),
    "sign in with errors": wrong_password,
    "link sent": ask_for_a_link,
    "link spent": At("/sign-in/some-link"),
    "articles": At("/read"),
    "article": At("/read/gluteus-medius"),
    "about": At("/about"),
    "practitioners": At("/practitioners"),
    "practitioner": At("/practitioners/lena-hartmann"),
    "room": At("/rooms/quiet-room"),
    "not found": At("/nowhere"),
    "studio today": At("/studio/", "lena"),
    "studio day": At("/studio/day/{day}", "lena"),
    "studio cancel": At("{studio_cancel}", "lena"),
}
WITH_ADDRESS = [name for name, way in PAGES.items() if isinstance(way, At)]


@dataclass
class World:
    """What the pages need to exist, made once: addresses, and the cookies of who may see them."""

    browser: Browser
    base_url: str
    made: dict[str, str]
    cookies: dict[str, StorageState]

    def cookies_for(self, name: str) -> StorageState:
        way = PAGES[name]
        return self.cookies[way.who if isinstance(way, At) else "guest"]

    def go(self, page: Page, name: str) -> None:
        way = PAGES[name]
        if isinstance(way, At):
            page.goto(way.path.format_map(self.made))
        else:
            way(page, self)


def make_world(browser: Browser, base_url: str) -> World:
    world = World(browser, base_url, {}, {})
    for who, prepare in (("guest", as_guest), ("ada", as_ada), ("lena", as_lena)):
        page = browser.new_page(base_url=base_url, reduced_motion="reduce")
        prepare(page, world.made)
        world.cookies[who] = page.context.storage_state()
        page.context.close()
    return world


def as_guest(page: Page, made: dict[str, str]) -> None:
    steps.book_something(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel the session").click()
    page.get_by_role("heading", name="Cancelled.").wait_for()
    made["cancelled"] = page.url
    steps.book_something(page, note="The left hip again.")
    made["done"] = page.url
    made["day"] = steps.local_day(steps.when(page))
    steps.choose_a_time(page, "therapeutic-massage")
    made["details"] = page.url


def as_ada(page: Page, made: dict[str, str]) -> None:
    steps.sign_in(page, ADA)
    steps.choose_a_time(page)
    steps.book(page)


def as_lena(page: Page, made: dict[str, str]) -> None:
    steps.sign_in(page, LENA)
    page.goto(f"/studio/day/{made['day']}")
    cancel = page.get_by_role("link", name="Cancel").first
    made["studio_cancel"] = cancel.get_attribute("href")
