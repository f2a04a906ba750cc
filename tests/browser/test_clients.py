"""Clients whom the studio writes down: who calls, and whose child comes."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(viewport=steps.PHONE)]


@pytest.fixture
def page(new_context, world):
    return new_context(storage_state=world.cookies["mara"]).new_page()


def test_who_calls_is_written_down_and_found_by_the_number(page):
    page.goto("/studio/clients")
    page.get_by_role("link", name="Add a client").click()
    page.get_by_label("Name").fill("Walter Caller")
    page.get_by_label("Telephone").fill("321 555 0163")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Walter Caller is in the list.")).to_be_visible()
    page.get_by_role("link", name="Clients").click()
    page.get_by_role("searchbox").fill("555 0163")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Walter Caller").click()
    expect(page.get_by_text("none: nothing is sent")).to_be_visible()


def test_a_grown_up_is_not_asked_for_a_guardian(page):
    page.goto("/studio/clients/new")
    expect(page.get_by_label("Name")).to_be_visible()
    expect(page.get_by_label("The guardian consents")).to_have_count(0)


def test_a_child_is_written_down_with_the_consent_of_the_guardian(page, world):
    page.goto(world.made["client"])
    page.get_by_role("link", name="Add a child of Ada Bishop").click()
    page.get_by_label("Name").fill("Ida Bishop")
    page.get_by_label("The guardian consents").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("under 18")).to_be_visible()
    page.get_by_role("link", name="Ada Bishop").click()
    expect(page.get_by_role("link", name="Ida Bishop")).to_be_visible()


def test_a_list_is_looked_at_and_taken_in_with_scripts_off(new_context, world):
    context = new_context(storage_state=world.cookies["mara"], java_script_enabled=False)
    page = context.new_page()
    page.goto("/studio/clients")
    page.get_by_role("link", name="Take in a list").click()
    lines = "Name,E-mail\nIda Newcomer,ida.newcomer@example.com\nNobody,none\n"
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.get_by_label("The file").set_input_files([file])
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("line 3: this does not look like an e-mail address")).to_be_visible()
    page.get_by_role("button", name="Take in 1 client").click()
    expect(page.get_by_text("1 client was taken in. All is in.")).to_be_visible()
    page.get_by_role("link", name="To the clients").click()
    page.get_by_role("searchbox").fill("Newcommer")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Ida Newcomer")).to_be_visible()
