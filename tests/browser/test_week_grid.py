"""Moving a session on the week and the day: by mouse, by touch, by keyboard, and by the form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from booking import clock
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings import changes, holds, operations
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.bookings.models import Booking, Status
from booking.catalog.models import Practitioner, Service, ServiceOption
from booking.catalog.queries import terms_of
from booking.database import db, transact
from booking.demo.cast import LENA
from booking.domain.availability import DAY, local_date
from booking.domain.openings import openings_on
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary
from tests.browser import steps

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1280, 900)}
# Weeks ahead in which no other test books on a Tuesday.
QUIET_WEEK = 6


@dataclass(frozen=True)
class Booked:
    """What was booked, to compare with what becomes of it."""

    id: int
    name: str
    starts_at: datetime
    minutes: int


@pytest.fixture(params=SIZES)
def page(request, new_context, site: Flask) -> Page:
    width, height = SIZES[request.param]
    page = new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone"
    ).new_page()
    steps.sign_in(page, LENA, "/studio/week")
    return page


@pytest.fixture
def booked(site: Flask) -> Iterator[Booked]:
    """A session of Lena's with a client of its own, on a Tuesday on which nobody else comes."""
    with site.app_context():
        made = transact(_book)
    yield made
    with site.app_context():
        transact(_cancel_all)


def _cancel_all() -> None:
    """Leave the day as it was."""
    mine = select(Booking.id).join(Person).where(
        Person.name.startswith("Dora Grid"), Booking.status == Status.BOOKED
    )  # fmt: skip
    for number in db.session.scalars(mine).all():
        changes.cancel(number, Actor("staff"), practice.current(), clock.utcnow())


def _book() -> Booked:
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    day = today + (QUIET_WEEK * 7 + 1 - today.weekday()) * DAY
    option = db.session.scalars(
        select(ServiceOption).join(Service).where(Service.slug == "resting-massage")
        .order_by(ServiceOption.minutes)
    ).first()  # fmt: skip
    lena = db.session.scalars(select(Practitioner).where(Practitioner.email == LENA.email)).one()
    terms = terms_of([option])[option.id].only(lena.id)
    diary = load_diary([terms], day, day, studio.zone, now)
    opening = next(
        one for one in openings_on(day, terms, diary, studio.policy, now)
        if one.starts_at.astimezone(studio.zone).hour >= 10
    )  # fmt: skip
    number = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    held = holds.hold(Wish(terms, opening.starts_at), f"grid-{number}", studio, now)
    details = Details(f"Dora Grid {number}", steps.new_address())
    booking = operations.book_slot(
        held.token, f"grid-{number}", option, details, None, studio, now
    )  # fmt: skip
    return Booked(booking.id, details.name, booking.starts_at, booking.minutes)


def start(site: Flask, booking_id: int) -> datetime:
    with site.app_context():
        return db.session.get_one(Booking, booking_id).starts_at


def length(site: Flask, booking_id: int) -> int:
    with site.app_context():
        return db.session.get_one(Booking, booking_id).minutes


@pytest.fixture
def block(page: Page, booked: Booked) -> Locator:
    """The session in the day's column, which every size of screen shows as a grid."""
    page.goto(f"/studio/grid/{steps.local_day(booked.starts_at.isoformat())}")
    found = page.locator(f"[data-move*='/bookings/{booked.id}/']")
    found.evaluate("one => one.scrollIntoView({block: 'center'})")
    return found


def middle(block: Locator) -> tuple[float, float]:
    box = block.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hour(block: Locator) -> float:
    """How high an hour is on the screen."""
    box = block.bounding_box()
    assert box is not None
    return box["height"] * 12 / int(block.get_attribute("data-span") or 0)


def confirm(page: Page, site: Flask, booked: Booked, moved: timedelta) -> None:
    """On the form that a move ends on: say whether the client is told, and do it; then undo it."""
    expect(page.get_by_role("heading", name="Move Dora Grid")).to_be_visible()
    assert start(site, booked.id) == booked.starts_at
    press_through(page)
    expect(page.get_by_text("this move can be taken back")).to_be_visible()
    assert start(site, booked.id) == booked.starts_at + moved
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("is back at the old time.")).to_be_visible()
    assert start(site, booked.id) == booked.starts_at


def press_through(page: Page) -> None:
    page.get_by_label("No, they know it").check()
    anyway = page.get_by_label("Move it all the same")
    if anyway.count():
        anyway.check()
    page.get_by_role("button", name="Move it").click()


def test_by_mouse(page, block, site, booked):
    x, y = middle(block)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + hour(block) / 2, steps=4)
    page.mouse.move(x, y + hour(block), steps=4)
    expect(page.locator(".ghost")).to_contain_text("Dora Grid")
    page.mouse.up()
    confirm(page, site, booked, timedelta(hours=1))


def test_by_keyboard_with_what_happens_announced(page, block, site, booked):
    block.get_by_role("link").focus()
    for _press in range(4):
        page.keyboard.press("Alt+ArrowDown")
    local = (booked.starts_at + timedelta(hours=1)).astimezone(steps.ZONE)
    said = page.locator("#board-says")
    expect(said).to_contain_text(re.compile(rf"Dora Grid \d+, {local:%A}"))
    expect(said).to_contain_text(f"{local:%-I:%M}")
    expect(said).to_contain_text("Press Enter to move, Escape to leave it.")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("stays where it was.")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Enter")
    confirm(page, site, booked, timedelta(minutes=-15))


# A finger that has scrolled leaves the page rolling on for a while.
COME_TO_REST = """() => new Promise((rest) => {
  let last = -1, calm = 0;
  const look = () => {
    calm = scrollY === last ? calm + 1 : 0;
    last = scrollY;
    if (calm > 12) rest(); else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_by_touch_a_long_press_lifts_it_and_a_short_one_scrolls(page, block, site, booked):
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    x, y = middle(block)
    touch("touchStart", (x, y))
    touch("touchMove", (x, y + 40))
    touch("touchEnd")
    expect(page.locator(".ghost")).to_have_count(0)
    page.evaluate(COME_TO_REST)
    block.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.evaluate(COME_TO_REST)
    x, y = middle(block)
    touch("touchStart", (x, y))
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchMove", (x, y + hour(block) / 2))
    touch("touchMove", (x, y + hour(block)))
    touch("touchEnd")
    confirm(page, site, booked, timedelta(hours=1))


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_the_length_changes_at_the_lower_edge_and_by_shift(page, block, site, booked):
    box = block.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + hour(block) / 2, steps=4)
    page.mouse.up()
    wanted = str(booked.minutes + 30)
    expect(page.get_by_label("Length in minutes")).to_have_value(wanted)
    page.go_back()
    block.get_by_role("link").focus()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#board-says")).to_contain_text("Press Enter to change the length")
    page.keyboard.press("Enter")
    press_through(page)
    expect(page.get_by_text("this move can be taken back")).to_be_visible()
    assert length(site, booked.id) == booked.minutes + 15
    assert start(site, booked.id) == booked.starts_at


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_in_the_week_it_goes_to_another_day_by_mouse_and_by_keyboard(page, site, booked):
    page.goto(f"/studio/week/{steps.local_day(booked.starts_at.isoformat())}")
    block = page.locator(f"[data-move*='/bookings/{booked.id}/']")
    block.get_by_role("link").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#board-says")).to_contain_text("Wednesday")
    page.keyboard.press("Escape")
    x, y = middle(block)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    monday = page.locator(".column").first.bounding_box()
    page.mouse.move(monday["x"] + monday["width"] - 30, y, steps=3)
    page.mouse.up()
    confirm(page, site, booked, timedelta(days=-1))
    expect(page).to_have_url(re.compile("/studio/week/"))


def test_by_the_form_alone_with_scripts_off_and_an_overlap_is_refused(new_context, site, booked):
    page = new_context(java_script_enabled=False, viewport=steps.PHONE).new_page()
    steps.sign_in(page, LENA, f"/studio/week/{steps.local_day(booked.starts_at.isoformat())}")
    page.get_by_role("link", name=booked.name).click()
    page.get_by_role("link", name="Move").click()
    with site.app_context():
        other = transact(_book).starts_at
    page.get_by_label("Time").fill(f"{other.astimezone(steps.ZONE):%H:%M}")
    press_through(page)
    expect(page.get_by_role("alert")).to_contain_text("That time is taken: Dora Grid")
    assert start(site, booked.id) == booked.starts_at
    page.get_by_label("Day").fill(str((booked.starts_at + 7 * DAY).date()))
    press_through(page)
    if page.get_by_label("Move it all the same").count():
        press_through(page)
    expect(page.get_by_text("this move can be taken back")).to_be_visible()
    assert start(site, booked.id) == other + 7 * DAY


def test_the_week_prints_on_one_page(new_context, booked):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    steps.sign_in(page, LENA, f"/studio/week/{steps.local_day(booked.starts_at.isoformat())}")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
