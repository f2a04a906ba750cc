"""What the pages need to exist, made once: people who are signed in, and addresses."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState
from sqlalchemy import func, select

from booking import clock
from booking.accounts import tokens
from booking.accounts.audit import SYSTEM
from booking.accounts.links import one_time_url
from booking.accounts.models import Person
from booking.articles import drafts, pictures
from booking.articles import operations as articles
from booking.articles.operations import Draft, Source
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.demo.cast import ADA, LENA, MARA, MARCO, MEI
from booking.mail.list_links import unsubscribe_url
from booking.mail.models import RefusedAddress
from booking.payments import operations as payments
from booking.payments.models import Method
from booking.payments.operations import Taking
from booking.practice import queries as practice
from tests.browser import class_world, long_piece, mails, steps
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
    pay_a_part(world)
    world.made["day"] = steps.local_day(steps.when(page))
    world.made["month"] = world.made["day"][:7]
    steps.choose_a_time(page, "therapeutic-massage")
    world.keep("details", page.url)
    newcomer = steps.new_address()
    steps.ask_for_a_link(page, "/sign-up", newcomer)
    world.keep("newcomer_link", mails.link_for(world.instance, newcomer))
    world.keep("guest_link", guest_link(world.site, steps.new_address()))
    class_world.fill_classes(page, world.made)


def pay_a_part(world: World) -> None:
    """Let the guest pay a part of what was just booked: a receipt, and something still due."""
    with world.site.app_context():
        newest = db.session.scalars(select(func.max(Booking.id))).one()
        part = Taking(1000, Method.TRANSFER, 0)
        paid = transact(payments.take, newest, part, SYSTEM, practice.current(), clock.utcnow())
        assert paid.receipt is not None
        world.made["receipt_by_link"] = f"{world.made['done']}/receipts/{paid.receipt.id}"
        world.made["receipt"] = f"/studio/receipts/{paid.receipt.id}"
        world.made["part_paid"] = f"/studio/bookings/{newest}/money"


def unreached(site: Flask) -> str:
    """The record of a client whose address its server does not know; returns where it is."""
    with site.app_context():
        address, now = "iris.gone@example.com", clock.utcnow()
        person = Person(name="Iris Gone", email=address, created_at=now)
        answer = f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        mark = RefusedAddress(address=address, answer=answer, refused_at=now)
        transact(db.session.add_all, [person, mark])
        return f"/studio/clients/{person.id}"


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
    page.goto("/my/bookings")
    receipt = page.get_by_role("link", name="Receipt").first
    world.keep("my_receipt", receipt.get_attribute("href"))
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


def write_a_piece(world: World) -> None:
    """A draft with a picture, a source and a link for who wrote it, and a long published piece."""
    target = io.BytesIO()
    Image.new("RGB", (900, 400), "green").save(target, "PNG")

    def write() -> int:
        now = clock.utcnow()
        picture = pictures.keep(pictures.draw(target.getvalue()), "A field", now)
        text = f'A line.\n\n![A field]({picture.address} "Beside the road")'
        draft = Draft(
            "Why ankles roll", "why-ankles-roll", text, "Rosa Field", "Ankles.", True,
            picture=picture, sources=(Source("A study", "https://example.org/a"),),
        )  # fmt: skip
        article = articles.save(draft, now)
        drafts.make_link(article, SYSTEM, now)
        long_piece.publish(picture, now)
        return article.id

    with world.site.app_context():
        world.made["piece"] = f"/studio/articles/{transact(write)}"


def as_mara(page: Page, world: World) -> None:
    """The manager."""
    write_a_piece(world)
    steps.sign_in(page, MARA)
    page.goto(world.made["piece"])
    world.keep("piece_by_link", page.get_by_label("Link 1").input_value())
    _waits, link = steps.invite(page, world.instance)
    world.keep("invitation", link)
    for name, person in (("client", ADA.name), ("ward", "Noah Bishop")):
        page.goto(f"/studio/clients?q={person}")
        found = page.get_by_role("link", name=person, exact=True)
        world.keep(name, found.get_attribute("href"))
    world.made["guardian"] = world.made["client"].rpartition("/")[2]
    page.goto(f"/studio/mails?client={world.made['guardian']}")
    mail = page.locator(".log a").first
    world.keep("mail", mail.get_attribute("href"))
    world.made["unreached"] = unreached(world.site)
    page.goto("/studio/settings/limits")
    limits = page.get_by_role("link", name=LENA.name, exact=True)
    world.keep("limits", limits.get_attribute("href"))
    with world.site.app_context():
        world.keep("stop", unsubscribe_url(ADA.email, "come_back"))
    page.goto("/studio/settings/notices")
    notices = page.get_by_role("link", name=LENA.name, exact=True)
    world.keep("notices", notices.get_attribute("href"))
    keep_lists(page, world)
    page.goto("/studio/classes")
    series = page.get_by_role("link", name=f"Change {SMALL}")
    world.keep("series", series.get_attribute("href"))
    page.goto("/studio/settings/legal/privacy")
    page.get_by_label("Text").fill("## What we keep\n\nAs little as we **can**.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published.").first.wait_for()
    page.goto("/studio/time-off")
    note = page.get_by_role("link", name="Change the note").first
    world.keep("time_off", note.get_attribute("href"))
    page.goto("/studio/hours")
    for who, key in ((LENA, "lena"), (MARCO, "marco")):
        link = page.get_by_role("link", name=who.name).get_attribute("href") or ""
        world.made[key] = link.rpartition("/")[2]
    page.goto(f"/studio/hours/{world.made['marco']}")
    pause = page.get_by_role("link", name="Change Monday").get_attribute("href") or ""
    world.made["break"] = pause.rpartition("/")[2]
    for what, name in (("practitioners", "Mei Tan"), ("rooms", "Studio floor")):
        page.goto(f"/studio/settings/{what}")
        found = page.get_by_role("link", name=name)
        world.keep(f"offered_{what[:-1]}", found.get_attribute("href"))
    page.goto("/studio/team")
    lena = page.get_by_role("link", name=f"Change {LENA.email}")
    world.keep("member", lena.get_attribute("href"))


def keep_lists(page: Page, world: World) -> None:
    """Two entries of one client, two clients with accounts, and two lists of clients."""
    page.goto("/studio/clients/duplicates")
    compare = page.get_by_role("link", name="Compare").first
    world.keep("one_person", compare.get_attribute("href"))
    page.goto("/studio/clients?q=nora")
    nora = page.locator(".entry-name a").first.get_attribute("href") or ""
    number = nora.rpartition("/")[2]
    world.made["two_accounts"] = f"{world.made['client']}/merge/{number}"
    for name, words in (
        ("import", "Name,E-mail\nOna Reyes,ona@example.com\nNobody,not an address\n"),
        ("strange_import", "Who;Where\nOna Reyes;here\n"),
    ):
        page.goto("/studio/clients/import")
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": words.encode()}
        page.get_by_label("The file").set_input_files([file])  # pyright: ignore[reportArgumentType]
        page.get_by_role("button", name="Look at it first").click()
        page.get_by_role("heading", name="Look at the list").wait_for()
        world.keep(name, page.url)


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
