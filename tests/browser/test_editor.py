"""The editor with its script: nothing typed is lost, and a press goes once."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_who_presses_twice_or_is_signed_out_meanwhile_loses_nothing(world, new_context):
    page = new_context(storage_state=world.cookies["mara"]).new_page()
    page.goto("/studio/articles/new")
    page.get_by_label("Title").fill("Pressed twice")
    text = page.get_by_label("Text", exact=True)
    text.fill("Once.")
    save = page.get_by_role("button", name="Save", exact=True)
    save.dblclick()
    expect(page.locator("p.state")).to_contain_text("Draft")
    page.goto("/studio/articles/?q=twice")
    expect(page.locator(".pieces li")).to_have_count(1)
    page.get_by_role("link", name="Pressed twice").click()
    text.fill("Typed on.")
    page.route("**/draft", lambda route: route.fulfill(status=400))
    save.click()
    expect(page.locator("[data-status]")).to_contain_text("no longer signed in")
    expect(text).to_have_value("Typed on.")
    page.unroute("**/draft")
    save.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_what_is_typed_is_kept_and_shown_with_a_script_and_without(world, new_context):
    page = new_context(storage_state=world.cookies["mara"]).new_page()
    page.goto("/studio/articles/new")
    page.get_by_label("Title").fill("Kept while typing")
    text = page.get_by_label("Text", exact=True)
    text.press_sequentially("Some **bold** words.")
    expect(page.locator("[data-status]")).to_contain_text("Kept at")
    expect(page.locator("[data-shown] strong")).to_have_text("bold")
    page.reload()
    expect(text).to_have_value("Some **bold** words.")
    kept_at = page.url

    plain = new_context(storage_state=world.cookies["mara"], java_script_enabled=False).new_page()
    plain.goto(kept_at)
    text = plain.get_by_label("Text", exact=True)
    expect(text).to_have_value("Some **bold** words.")
    text.fill("Some *other* words.")
    plain.get_by_role("button", name="Preview").click()
    expect(plain.locator("[data-shown] em")).to_have_text("other")
    expect(text).to_have_value("Some *other* words.")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator("p.state")).to_contain_text("Draft")
    expect(text).to_have_value("Some *other* words.")
