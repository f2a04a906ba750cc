"""An account as its owner has it: making it, getting back in, its language, devices and data."""

import re
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from booking.demo.cast import ADA, PASSWORD
from tests.browser import keyboard, mails, steps
from tests.browser.steps import PHONE
from tests.browser.watch import Watch
from tests.browser.world import guest_link

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(viewport=PHONE)]

OTHER_PASSWORD = "amber-window-slow-kettle"
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604"
)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_link_and_a_name_make_an_account(new_context, instance, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="Make an account").click()
    address = steps.new_address()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_text(f"We have sent a mail to {address}.")).to_be_visible()
    page.goto(mails.link_for(instance, address))
    page.get_by_label("Your name").fill("Nora Quist")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    expect(page.get_by_text("Nothing is booked.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_password_chosen_at_the_start_signs_in_later(new_context, instance, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    nora = steps.sign_up(page, instance)
    steps.sign_out(page)
    steps.sign_in(page, nora)
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()


def test_a_password_is_counted_as_it_grows_and_can_be_looked_at(page, world):
    page.goto(world.made["newcomer_link"])
    page.get_by_text("Also choose a password").click()
    password = page.get_by_label("Password (optional)")
    hint = page.get_by_role("status")
    for typed, said in (
        ("four words", "5 more characters"),
        ("four words apart", "Long enough"),
        ("aaaaaaaaaaaaaaaa", "Long enough, but it repeats itself"),
        ("", ""),
    ):
        password.fill(typed)
        expect(hint).to_have_text(said)
    page.get_by_role("button", name="Show").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(password).to_have_attribute("type", "password")


def test_a_weak_password_is_refused_at_its_field_which_stays_open(page, world):
    page.goto(world.made["newcomer_link"])
    page.get_by_label("Your name").fill("Nora Quist")
    page.get_by_text("Also choose a password").click()
    page.get_by_label("Password (optional)").fill("short")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Nora Quist")
    expect(page.get_by_label("Password (optional)")).to_have_accessible_description(
        re.compile("A password needs at least 15 characters.$")
    )


def test_a_forgotten_password_is_replaced_by_a_link(page, instance):
    nora = steps.sign_up(page, instance)
    steps.sign_out(page)
    choose_anew(page, instance, nora.email)
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    steps.sign_out(page)
    steps.sign_in(page, nora, password=OTHER_PASSWORD)


def test_a_new_password_is_confirmed_in_words(page, instance):
    nora = steps.sign_up(page, instance)
    steps.sign_out(page)
    choose_anew(page, instance, nora.email)
    expect(page.get_by_text("Your new password counts from now on.")).to_be_visible()


def test_a_guest_makes_an_account_from_the_confirmation(page, site):
    booked_as_guest(page, site)
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    expect(page.get_by_role("link", name="Resting massage, 60 minutes")).to_be_visible()


def test_a_guest_who_comes_home_is_thanked(page, site):
    booked_as_guest(page, site)
    expect(page.get_by_text("Your bookings are together in your account.")).to_be_visible()


def test_the_pages_speak_the_language_of_the_account(page, instance):
    steps.sign_up(page, instance)
    steps.speak(page, "Español")
    expect(page.get_by_role("heading", name="Mi cuenta")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^es"))
    page.get_by_role("link", name="Mis reservas").click()
    expect(page.get_by_role("heading", name="Mis reservas")).to_be_visible()
    steps.speak(page, "El idioma del estudio", save="Guardar")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^en"))


def test_a_device_that_is_ended_is_out_at_its_next_click(page, new_context):
    tablet = new_context(user_agent=TABLET).new_page()
    for device in (page, tablet):
        steps.sign_in(device, ADA)
    page.goto("/account/devices")
    page.get_by_role("button", name="Sign out Safari on iPad").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    expect(page.get_by_role("heading", name="Safari on iPad")).to_have_count(0)
    tablet.get_by_role("link", name="Account").click()
    expect(tablet).to_have_url(re.compile("/sign-in"))
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_signing_in_and_finding_ones_devices_needs_no_mouse(page):
    page.goto("/sign-in")
    keyboard.tab_to(page, "summary", "Sign in with a password")
    page.keyboard.press("Enter")
    for label, words in (("E-mail address", ADA.email), ("Password", PASSWORD)):
        keyboard.tab_to(page, "input", label)
        page.keyboard.type(words)
    keyboard.tab_to(page, "button", "Sign in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    for link, heading in (("Account", "My account"), ("Devices", "Devices")):
        keyboard.tab_to(page, "a", link)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def test_the_data_taken_along_are_read_without_the_site(page, browser, tmp_path):
    address = taken_along(page, tmp_path)
    watch = Watch("file://")
    with closing(browser.new_context(offline=True)) as offline:
        watch.follow(offline)
        reader = offline.new_page()
        reader.goto(address)
        expect(reader.get_by_role("heading", name="My data at Heron Lane Studio")).to_be_visible()
        expect(reader.get_by_text(ADA.email).first).to_be_visible()
    assert (watch.asked, watch.wrong) == ([address], [])


def test_the_data_taken_along_fit_a_phone(page, browser, tmp_path):
    address = taken_along(page, tmp_path)
    with closing(browser.new_context(offline=True, viewport=PHONE)) as offline:
        reader = offline.new_page()
        reader.goto(address)
        assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def choose_anew(page: Page, instance: Path, address: str) -> None:
    """From the sign-in page to a new password, by a link."""
    page.goto("/sign-in")
    page.get_by_text("Sign in with a password").click()
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(mails.link_for(instance, address, "/password/"))
    page.get_by_label("New password").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()


def taken_along(page: Page, folder: Path) -> str:
    """Download Ada's data as she does, unpack them and return the address of the page to read."""
    steps.sign_in(page, ADA)
    page.goto("/account/data")
    page.get_by_role("link", name="Take my data along").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    with ZipFile(download.value.path()) as packed:
        packed.extractall(folder)
    return (folder / "my-data.html").as_uri()


def booked_as_guest(page: Page, site: Flask) -> None:
    """Book without an account, and make one by the link of the confirmation."""
    steps.choose_a_time(page)
    steps.fill_in(page)
    address = page.get_by_label("E-mail address").input_value()
    steps.book(page)
    page.goto(guest_link(site, address))
    page.get_by_label("Your name").fill("Nora Quist")
    page.get_by_role("button", name="This is my address").click()
