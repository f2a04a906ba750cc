"""What a client types is shown as what it is, wherever it is shown, and runs nowhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = pytest.mark.browser

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}'-alert(1)-'<svg/onload=fetch('//evil')>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_and_a_note_are_only_text(payload, page, new_context, world, watch):
    steps.book_something(page, payload, f"{payload}\n{payload}")
    diary = new_context(storage_state=world.cookies["lena"]).new_page()
    diary.goto(f"/studio/day/{steps.local_day(steps.when(page))}")
    expect(diary.get_by_role("heading", name=payload)).to_be_visible()
    expect(diary.get_by_text(f"{payload} {payload}")).to_be_visible()
    session = diary.get_by_role("listitem").filter(has_text=payload)
    session.get_by_role("link", name="Cancel").click()
    expect(diary.get_by_text(payload)).to_be_visible()
    for shown in (page, diary):
        assert nothing_was_made(shown)
    assert watch.wrong == []


def test_what_an_address_carries_is_only_text(page, watch):
    for payload in PAYLOADS:
        page.goto(f"/services/therapeutic-massage?day={payload}&with={payload}&option={payload}")
        assert nothing_was_made(page)
        page.goto(f"/read?topic={payload}")
        assert nothing_was_made(page)
        page.goto(f"/sign-in?next={payload}")
        assert nothing_was_made(page)
    assert watch.wrong == []


def nothing_was_made(page: Page) -> bool:
    """Tell whether the page holds no element and no script that a payload would have made."""
    return page.evaluate(
        """() => !document.querySelector("main img, main script, [onerror], [onload]")"""
    )
