"""Signing in: clients by a link in a mail, the therapist by a password."""

import re

import pytest
from playwright.sync_api import expect

from booking.demo.cast import ADA, LENA
from tests.browser import mails, steps

pytestmark = pytest.mark.browser


def test_a_link_from_the_mail_signs_in_once(page, instance, new_context):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").first.fill(ADA.email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    link = mails.link_for(instance, ADA.email)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    expect(page.get_by_text(f"{ADA.name} ·").first).to_be_visible()
    elsewhere = new_context().new_page()
    elsewhere.goto(link)
    expect(elsewhere.get_by_role("alert")).to_contain_text("used")
    expect(elsewhere.get_by_role("link", name="Send me a new sign-in link")).to_be_visible()


def test_a_page_for_others_leads_through_the_sign_in_and_back_to_itself(page):
    page.goto("/my/bookings")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_text("Sign in with a password").click()
    form = page.get_by_role("group")
    form.get_by_label("E-mail address").fill(ADA.email)
    form.get_by_label("Password").fill(steps.PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_wrong_password_says_so_at_the_field_and_keeps_the_address(page):
    page.goto("/sign-in")
    page.get_by_text("Sign in with a password").click()
    form = page.get_by_role("group")
    form.get_by_label("E-mail address").fill(LENA.email)
    form.get_by_label("Password").fill("not her password")
    form.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(form.get_by_label("Password")).to_be_focused()
    expect(form.get_by_label("E-mail address")).to_have_value(LENA.email)


def test_the_therapist_finds_today_and_then_a_day_with_somebody_on_it(page, world):
    steps.sign_in(page, LENA)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today,")
    page.get_by_role("link", name="Day after").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Today,")
    page.get_by_role("link", name="Today").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today,")
    page.goto(f"/studio/day/{world.made['day']}")
    expect(page.get_by_role("heading", name="Nora Quist").first).to_be_visible()
    expect(page.get_by_text("The left hip again.").first).to_be_visible()
