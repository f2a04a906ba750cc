"""A therapist who joins the team sets up the second step and signs in with it, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from booking.demo.cast import Member
from tests.browser import steps

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(viewport=steps.PHONE)]


@pytest.fixture
def rosa(page: Page, new_context, world, instance) -> Member:
    """Somebody who has just joined by an invitation, in the browser of `page`."""
    manager = new_context(storage_state=world.cookies["mara"]).new_page()
    member, link = steps.invite(manager, instance)
    steps.join(page, member, link)
    return member


def test_switching_it_on_shows_ten_codes_this_once(page, rosa):
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Second step").click()
    steps.switch_on_the_second_step(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    assert all(re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page).to_have_url(re.compile("/studio/$"))
    page.goto("/second-factor/set-up")
    expect(page.get_by_text("10 codes are left.")).to_be_visible()
    for code in codes:
        expect(page.get_by_text(code)).to_have_count(0)


def test_a_right_code_leads_to_where_one_wanted_to_go(page, rosa):
    secret = steps.switch_on_the_second_step(page)
    steps.sign_out(page)
    steps.sign_in(page, rosa, wanted="/studio/clients")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_label("Code").fill(steps.next_code(secret))
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/studio/clients$"))
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()


def test_a_wrong_code_is_said_at_its_field(page, rosa):
    steps.switch_on_the_second_step(page)
    steps.sign_out(page)
    steps.sign_in(page, rosa)
    page.get_by_label("Code").fill("12 34 56 7")
    page.get_by_role("button", name="Go on").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="This code is not right").click()
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_have_accessible_description(
        re.compile("This code is not right, or it has been used. Please take the next one.$")
    )


def test_until_the_code_is_given_no_page_of_the_studio_opens(page, rosa):
    steps.switch_on_the_second_step(page)
    steps.sign_out(page)
    steps.sign_in(page, rosa)
    for path in ("/studio/", "/studio/clients", "/account", "/account/devices"):
        page.goto(path)
        expect(page.get_by_role("heading", name="Second step")).to_be_visible()


def test_a_recovery_code_stands_in_for_the_telephone_once(page, rosa):
    steps.switch_on_the_second_step(page)
    code = page.locator(".codes code").first.inner_text()
    for answer in ("Today,", "Second step"):
        steps.sign_out(page)
        steps.sign_in(page, rosa)
        page.get_by_label("Code").fill(code.lower())
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(answer)


def test_who_joins_is_welcomed(page, rosa):
    expect(page.get_by_text("Welcome to the team.")).to_be_visible()


def test_the_team_shows_the_name_that_somebody_joined_with(rosa, new_context, world):
    manager = new_context(storage_state=world.cookies["mara"]).new_page()
    manager.goto("/studio/team")
    member = manager.get_by_role("listitem").filter(has_text=rosa.email)
    expect(member.get_by_role("heading")).to_have_text(rosa.name)
