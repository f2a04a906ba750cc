"""The details: errors that help, and the time that is held meanwhile."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = pytest.mark.browser

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])


@SCRIPTS
def test_an_empty_form_says_what_is_missing_with_links_to_the_fields(new_context, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    steps.choose_a_time(page)
    page.get_by_role("button", name="Book this session").click()
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(3)
    if scripts:
        expect(summary).to_be_focused()
    summary.get_by_role("link", name="Please type your e-mail address.").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


@SCRIPTS
def test_what_was_typed_stays_and_only_what_is_wrong_is_marked(new_context, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    steps.choose_a_time(page, "therapeutic-massage")
    page.get_by_role("radio", name="30 minutes").check()
    steps.fill_in(page, "Nora Quist", "The left hip.\nAnd the knee.")
    page.get_by_label("E-mail address").fill("nora at example")
    page.get_by_label("Telephone").fill("321 555 0199")
    page.get_by_role("button", name="Book this session").click()
    expect(page.get_by_label("Your name")).to_have_value("Nora Quist")
    expect(page.get_by_label("E-mail address")).to_have_value("nora at example")
    expect(page.get_by_label("Telephone")).to_have_value(re.compile("555.?0199"))
    expect(page.get_by_label("Anything we should know?")).to_have_value(
        "The left hip.\nAnd the knee."
    )
    expect(page.get_by_label("I agree to this")).to_be_checked()
    expect(page.get_by_role("radio", name="30 minutes")).to_be_checked()
    assert marked(page) == ["email"]


def test_each_error_belongs_to_its_field(page):
    steps.choose_a_time(page)
    page.get_by_role("button", name="Book this session").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert marked(page) == ["name", "email", "policy"]
    expect(page.get_by_label("Your name")).to_have_accessible_description(
        "Please tell us your name."
    )
    expect(page.get_by_label("E-mail address")).to_have_accessible_description(
        re.compile(r"^For the confirmation .* Please type your e-mail address\.$")
    )
    expect(page.get_by_label("I agree to this")).to_have_accessible_description(
        "Please agree to the cancellation policy."
    )


def test_with_scripts_the_held_minutes_count_down(page):
    page.clock.install()
    steps.choose_a_time(page)
    held = page.get_by_text("Held for you until")
    expect(held).to_contain_text(re.compile(r"[AP]M · (10:00|9:5\d)\s*$"))
    page.clock.fast_forward("05:00")
    expect(held).to_contain_text(re.compile(r"[AP]M · (5:00|4:\d\d)\s*$"))
    page.clock.fast_forward("06:00")
    expect(page.get_by_text("The time is no longer held, but may still be free")).to_be_visible()


def test_without_scripts_the_sentence_says_until_when(new_context):
    page = new_context(java_script_enabled=False).new_page()
    steps.choose_a_time(page)
    expect(page.get_by_text("Held for you until")).to_have_text(
        re.compile(r"^\s*Held for you until \d+:\d\d\s[AP]M\s*$")
    )


def test_choosing_another_time_gives_the_held_one_back(page, new_context):
    steps.choose_a_time(page)
    starts_at = steps.when(page)
    offer = new_context().new_page()
    button = offer.locator(f"button[value='{starts_at}']")
    offer.goto(f"/services/resting-massage?day={steps.local_day(starts_at)}")
    expect(button).to_have_count(0)
    page.get_by_role("button", name="Choose another time").click()
    expect(page).to_have_url(re.compile("/services/"))
    offer.reload()
    expect(button).to_have_count(1)


def marked(page: Page) -> list[str]:
    """The names of the fields that are marked as wrong."""
    fields = page.locator("[aria-invalid=true]").all()
    return [field.get_attribute("name") for field in fields]
