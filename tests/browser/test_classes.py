"""Group classes: finding one, booking places, waiting for one, and the teacher at the door."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser import class_steps, class_world, mails, steps
from tests.browser.class_steps import LARGE, SMALL
from tests.browser.hands import Hands, Keyboard, Pointer

pytestmark = pytest.mark.browser

# A week of its own for each test that fills a class; the pages' own are sooner.
_weeks = count(4)

NOT_ON_PAPER = "button, select, input, nav a, .button, .beside, .bottom, .skip"
FIND_SHOWN = """(what) => [...document.querySelectorAll(what)]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .map((one) => one.outerHTML)"""


@pytest.fixture(params=["scripts off", "keyboard"])
def hands(request, new_context) -> Hands:
    """A phone without scripts, and a keyboard with them."""
    if request.param == "keyboard":
        return Keyboard(new_context(viewport=steps.DESK).new_page())
    return Pointer(new_context(viewport=steps.PHONE, java_script_enabled=False).new_page())


def test_two_places_are_booked_from_the_timetable_and_one_is_cancelled(hands, world):
    page = hands.page
    page.goto("/classes")
    hands.press("a", "Week after")
    expect(page.get_by_role("link", name="Week before")).to_be_visible()
    hands.press("a", "Week after")
    expect(page.get_by_role("link", name=re.compile(f"{LARGE}, "))).to_be_visible()
    timetable, free = page.url, places_left(page)
    hands.press("a", f"{LARGE}, ")
    expect(page.get_by_role("heading", name=LARGE)).to_be_visible()
    hands.type("Your name", "Nora Quist")
    hands.type("E-mail address", steps.new_address())
    hands.press("summary", "Are you bringing somebody?")
    hands.type("Somebody with you", "Tom Wexler")
    hands.tick("I agree to this")
    hands.press("button", "Book")
    expect(page.get_by_role("heading", name="It is booked.")).to_be_visible()
    hands.press("a", "Tom Wexler")
    expect(page.get_by_role("link", name="Cancel")).to_be_visible()
    hands.press("a", "Cancel")
    expect(page.get_by_text("The place of Tom Wexler")).to_be_visible()
    hands.press("button", "Cancel the session")
    expect(page.get_by_role("heading", name="Cancelled.")).to_be_visible()
    page.goto(timetable)
    assert places_left(page) == free - 1


def test_a_freed_place_is_offered_by_mail_and_taken(hands, new_context, world):
    weeks = next(_weeks)
    rival, page = new_context().new_page(), hands.page
    places = class_steps.crowd(rival, weeks)
    address = stand_in_line(hands, weeks)
    assert mails.link_for(world.instance, address, "/waiting/")
    class_steps.cancel_one(rival, places)
    offer = mails.link_for(world.instance, address, "/waiting/", "A place has become free")
    page.goto(offer)
    expect(page.get_by_role("heading", name="It is your turn.")).to_be_visible()
    hands.press("button", "Take it")
    expect(page.get_by_role("heading", name="It is booked.")).to_be_visible()
    expect(page).to_have_url(re.compile("/manage/"))
    expect(page.get_by_role("heading", name=SMALL)).to_be_visible()
    page.goto(offer)
    expect(page.get_by_role("heading", name="You have a place.")).to_be_visible()


def test_the_line_is_left_by_one_press(hands, new_context, world):
    weeks = next(_weeks)
    class_steps.crowd(new_context().new_page(), weeks)
    stand_in_line(hands, weeks)
    hands.press("button", "Leave the waiting list")
    page = hands.page
    expect(page.get_by_role("heading", name="You are no longer in line.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_count(1)
    class_steps.open_week(page, weeks)
    expect(class_steps.row_of(page, SMALL).locator(".places")).to_have_text("full")


def test_the_teacher_marks_a_class_on_a_phone_and_lets_one_more_in(new_context, world):
    number = class_world.begun_class(world.site)
    cookies = world.cookies["mei"]
    page = new_context(viewport=steps.PHONE, storage_state=cookies).new_page()
    page.goto(f"/studio/classes/{number}")
    page.get_by_role("button", name="All others arrived").click()
    expect(page.get_by_text("4 places marked.")).to_be_visible()
    expect(page.locator(".roster .session.arrived")).to_have_count(4)
    page.get_by_label("Or a new name").fill("Walter Caller")
    page.get_by_role("button", name="Give a place").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("One more than there are places").check()
    page.get_by_role("button", name="Give a place").click()
    expect(page.get_by_text("Walter Caller has a place.")).to_be_visible()
    expect(page.get_by_role("heading", name="Walter Caller")).to_be_visible()
    expect(page.get_by_text("1 overbooked")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "who", "shown"),
    [("/classes", "guest", LARGE), ("/studio/classes/{begun}", "mei", "Mia Larsen")],
    ids=["timetable", "roster"],
)
def test_on_paper_there_is_nothing_to_press(address, who, shown, new_context, world):
    page = new_context(storage_state=world.cookies[who]).new_page()
    page.goto(address.format_map(world.made))
    assert page.evaluate(FIND_SHOWN, NOT_ON_PAPER)
    page.emulate_media(media="print")
    assert page.evaluate(FIND_SHOWN, NOT_ON_PAPER) == []
    expect(page.get_by_role("heading", name=shown)).to_be_visible()


def stand_in_line(hands: Hands, weeks: int) -> str:
    """Find a full class on the timetable and wait for a place; return the address."""
    page, address = hands.page, steps.new_address()
    class_steps.open_week(page, weeks)
    hands.press("a", f"{SMALL}, ")
    expect(page.get_by_role("heading", name="Wait for a place")).to_be_visible()
    hands.type("Your name", "Ruth Kaminski")
    hands.type("E-mail address", address)
    hands.tick("I agree to this")
    hands.press("button", "Put me on the list")
    expect(page.get_by_role("heading", name="You are in line.")).to_be_visible()
    expect(page.get_by_text("You are the first in line.")).to_be_visible()
    return address


def places_left(page: Page) -> int:
    """How many places the timetable says the large class has."""
    said = class_steps.row_of(page, LARGE).locator(".places").inner_text()
    return int(said.split()[0])
