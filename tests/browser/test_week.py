"""The week strip: another day, another length, and back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import choose_last_day

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_another_day_and_another_length_show_their_times_and_back_undoes_it(new_context, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto("/services/therapeutic-massage")
    first_day = heading(page)
    choose_last_day(page)
    other_day = heading(page)
    assert other_day != first_day
    page.get_by_role("link", name="30 minutes").click()
    expect(chosen_length(page)).to_contain_text("30 minutes")
    assert heading(page) == other_day
    page.go_back()
    expect(chosen_length(page)).to_contain_text("60 minutes")
    assert heading(page) == other_day
    page.go_back()
    expect(page.locator("#times")).to_have_text(first_day)


def test_with_scripts_the_page_stays_and_focus_follows(page):
    page.goto("/services/therapeutic-massage")
    page.evaluate("window.stays = true")
    choose_last_day(page)
    expect(page.locator("#times")).to_be_focused()
    page.get_by_role("link", name="90 minutes").click()
    expect(chosen_length(page)).to_contain_text("90 minutes")
    page.go_back()
    expect(chosen_length(page)).to_contain_text("60 minutes")
    assert page.evaluate("window.stays") is True


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "crossed"])
def test_of_two_quick_choices_the_second_counts_however_the_answers_come(page, order):
    page.goto("/services/therapeutic-massage")
    asked = []
    page.route(re.compile("option=[23]"), lambda route: asked.append(route))
    page.get_by_role("link", name="90 minutes").click()
    page.get_by_role("link", name="30 minutes").click()
    while len(asked) < 2:
        page.wait_for_timeout(20)
    for number in order:
        asked[number].continue_()
        page.wait_for_timeout(200)
    expect(chosen_length(page)).to_contain_text("30 minutes")
    expect(page).to_have_url(re.compile("option=3"))


def test_without_an_answer_the_link_is_followed_as_a_link(page):
    page.goto("/services/therapeutic-massage")
    page.evaluate("window.stays = true")
    page.route(
        re.compile("option=2"),
        lambda route: (
            route.fulfill(status=200, body="no openings")
            if route.request.resource_type == "fetch"
            else route.continue_()
        ),
    )
    page.get_by_role("link", name="90 minutes").click()
    expect(chosen_length(page)).to_contain_text("90 minutes")
    assert page.evaluate("window.stays") is None


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_arrows_lead_to_later_weeks_and_back(new_context, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto("/services/therapeutic-massage")
    first_day = heading(page)
    page.get_by_role("link", name="Later week").click()
    expect(page.locator("#times")).not_to_have_text(first_day)
    page.get_by_role("link", name="Earlier week").click()
    expect(page.get_by_role("link", name="Earlier week")).to_have_count(0)


def heading(page: Page) -> str:
    return page.locator("#times").inner_text()


def chosen_length(page: Page) -> Locator:
    return page.locator(".pills").first.locator("[aria-current]")
