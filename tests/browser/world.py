"""What the pages need to exist, made once: people who are signed in, and addresses."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page, StorageState

from booking import clock
from booking.accounts import tokens
from booking.accounts.links import one_time_url
from booking.database import transact
from booking.demo.cast import ADA, LENA, MARA, MEI
from tests.browser import class_world, mails, steps
from tests.browser.class_steps import SMALL


@dataclass
class World:
    """Addresses by the names that the list of pages has for them, and cookies by who has them."""

    browser: Browser
    base_url: str
    instance: Path
    site: Flask
    made: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, StorageState] = field(default_factory=dict)

    def keep(self, name: str, address: str | None) -> None:
        assert address, name
        self.made[name] = urlsplit(address).path


def make_world(browser: Browser, base_url: str, instance: Path, site: Flask) -> World:
    world = World(browser, base_url, instance, site)
    class_world.stay_awake(site)
    people = {
        "guest": as_guest,
        "ada": as_ada,
        "nora": as_nora,
        "lena": as_lena,
        "mei": as_mei,
        "mara": as_mara,
        "rosa": as_rosa,
    }
    for who, prepare in people.items():
        page = browser.new_page(base_url=base_url, reduced_motion="reduce")
        prepare(page, world)
        world.cookies[who] = page.context.storage_state()
        page.context.close()
    return world


def as_guest(page: Page, world: World) -> None:
    steps.book_something(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel the session").click()
    page.get_by_role("heading", name="Cancelled.").wait_for()
    world.keep("cancelled", page.url)
    steps.book_something(page, note="The left hip again.")
    world.keep("done", page.url)
    world.made["day"] = steps.local_day(steps.when(page))
    steps.choose_a_time(page, "therapeutic-massage")
    world.keep("details", page.url)
    newcomer = steps.new_address()
    steps.ask_for_a_link(page, "/sign-up", newcomer)
    world.keep("newcomer_link", mails.link_for(world.instance, newcomer))
    world.keep("guest_link", guest_link(world.site, steps.new_address()))
    class_world.fill_classes(page, world.made)


def guest_link(site: Flask, address: str) -> str:
    """The link of a confirmation, made here: the mail waits for the minutes of undoing."""
    with site.app_context():
        secret = transact(tokens.issue, tokens.GUEST, address, "", clock.utcnow())
        return one_time_url(tokens.GUEST, secret)


def as_ada(page: Page, world: World) -> None:
    """A client with a family and bookings past and to come, who waits for a class."""
    steps.sign_in(page, ADA)
    page.goto(f"/classes/book/{world.made['full']}")
    page.get_by_role("button", name="Put me on the list").click()
    world.keep("family_in_line", page.url)
    steps.choose_a_time(page)
    steps.book(page)
    steps.choose_a_time(page)
    world.keep("family_details", page.url)
    page.goto("/account/people")
    child = page.get_by_role("listitem").filter(has_text="Noah Bishop")
    world.keep("child", child.get_by_role("link", name="Change").get_attribute("href"))


def as_nora(page: Page, world: World) -> None:
    """A new client, who has nothing yet and reads Spanish."""
    nora = steps.sign_up(page, world.instance)
    for name, path in (("sign_in_link", "/sign-in"), ("password_link", "/password")):
        steps.ask_for_a_link(page, path, nora.email)
        world.keep(name, mails.link_for(world.instance, nora.email, f"{path}/"))
    elsewhere = steps.new_address()
    page.goto("/account/address")
    page.get_by_label("New e-mail address").fill(elsewhere)
    page.get_by_role("button", name="Send the link").click()
    world.keep("address_link", mails.link_for(world.instance, elsewhere, "/address/"))
    steps.speak(page, "Español")


def as_lena(page: Page, world: World) -> None:
    """A practitioner without a second step."""
    steps.sign_in(page, LENA)
    page.goto(f"/studio/day/{world.made['day']}")
    cancel = page.get_by_role("link", name="Cancel").first
    world.keep("studio_cancel", cancel.get_attribute("href"))
    world.made["studio_booking"] = world.made["studio_cancel"].removesuffix("/cancel")


def as_mei(page: Page, world: World) -> None:
    """A teacher, one of whose classes has just begun: one came, one did not, one is at the door."""
    steps.sign_in(page, MEI)
    world.made["begun"] = str(class_world.begun_class(world.site))
    page.goto(f"/studio/classes/{world.made['begun']}")
    for press in ("Arrived", "No-show"):
        page.get_by_role("button", name=press).first.click()


def as_mara(page: Page, world: World) -> None:
    """The manager."""
    steps.sign_in(page, MARA)
    _waits, link = steps.invite(page, world.instance)
    world.keep("invitation", link)
    for name, person in (("client", ADA.name), ("ward", "Noah Bishop")):
        page.goto(f"/studio/clients?q={person}")
        found = page.get_by_role("link", name=person, exact=True)
        world.keep(name, found.get_attribute("href"))
    world.made["guardian"] = world.made["client"].rpartition("/")[2]
    page.goto("/studio/classes")
    series = page.get_by_role("link", name=f"Change {SMALL}")
    world.keep("series", series.get_attribute("href"))
    page.goto("/studio/team")
    lena = page.get_by_role("link", name=f"Change {LENA.email}")
    world.keep("member", lena.get_attribute("href"))


def as_rosa(page: Page, world: World) -> None:
    """A practitioner who came by an invitation and has a second step."""
    manager = world.browser.new_page(base_url=world.base_url, storage_state=world.cookies["mara"])
    rosa, link = steps.invite(manager, world.instance)
    steps.join(page, rosa, link)
    steps.switch_on_the_second_step(page)
    manager.goto("/studio/team")
    change = manager.get_by_role("link", name=f"Change {rosa.email}")
    world.keep("safe_member", change.get_attribute("href"))
    manager.context.close()
