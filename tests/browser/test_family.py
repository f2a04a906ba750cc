"""What an account makes short: booking for a child, and the same session again."""

import pytest
from playwright.sync_api import expect

from booking.demo.cast import ADA
from tests.browser import steps

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(viewport=steps.PHONE)]


def test_a_child_is_added_with_consent_and_booked_for(page, instance):
    steps.sign_up(page, instance)
    page.goto("/account/people")
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("Name").fill("Timo Quist")
    page.get_by_label("Under 18").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("I am a parent or guardian")).to_have_accessible_description(
        "Please consent as parent or guardian."
    )
    page.get_by_label("I am a parent or guardian").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("You can now book for Timo Quist.")).to_be_visible()

    steps.choose_a_time(page)
    whom = page.get_by_role("group", name="For whom?")
    expect(whom.get_by_role("radio", name="Nora Quist")).to_be_checked()
    whom.get_by_role("radio", name="Timo Quist").check()
    page.get_by_label("I agree to this").check()
    steps.book(page)
    page.get_by_role("link", name="My bookings").click()
    expect(page.get_by_text("Timo Quist ·")).to_be_visible()


def test_the_same_session_again_is_two_presses_and_nothing_typed(page):
    steps.sign_in(page, ADA)
    again = page.locator("li.booking", has=page.locator("button.chip")).first
    name, minutes, whom = again.get_by_role("heading").inner_text().split(", ")
    again.locator("button.chip").first.click()
    expect(page.get_by_label("E-mail address")).to_have_count(0)
    steps.book(page)
    expect(page.get_by_role("heading", name="It is booked.")).to_be_visible()
    expect(page.get_by_role("heading", name=f"{name}, {minutes}")).to_be_visible()
    expect(page.locator("main dl")).to_contain_text(whom.removeprefix("with "))
