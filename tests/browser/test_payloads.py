"""What a client types is shown as what it is, wherever it is shown, and runs nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking.articles.import_cli import import_articles
from booking.articles.markdown import TAGS
from booking.articles.models import Article
from booking.database import db, transact
from tests.articles import blog
from tests.articles import payloads as table
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


@pytest.fixture
def brought_over(site: Flask, tmp_path: Path) -> Iterator[None]:
    """Every payload of the table brought in as body, title, author and summary; gone afterwards."""
    long_ago = {"date_utc": "2001-05-01 14:00:00"}  # Last in every list, while it is there.
    posts = [
        blog.Post(1, "\n\n".join(table.PAYLOADS), title="Classic", name="p-classic", **long_ago),
        blog.Post(
            2, f"<!-- wp:html -->{''.join(table.PAYLOADS)}<!-- /wp:html -->", title="Blocks",
            name="p-blocks", **long_ago,
        ),
    ]  # fmt: skip
    posts += [
        blog.Post(
            number, "Text.", payload, f"p-{number}", creator=payload, excerpt=payload, **long_ago
        )
        for number, payload in enumerate(table.PAYLOADS[:20], 10)
    ]
    head = f"---\ntitle: Markdown\nauthor: {table.PAYLOADS[0]}\ndate: 2001-05-01\n---\n"
    (tmp_path / "p-markdown.md").write_text(head + "\n\n".join(table.PAYLOADS))
    (tmp_path / "blog.xml").write_text(blog.export(*posts).replace("\x01", ""))
    with site.app_context():
        result = site.test_cli_runner().invoke(import_articles, [str(tmp_path)])
        assert "0 left; 0 files refused" in result.stdout, result.stdout
        yield
        slugs = select(Article).where(Article.slug.like("p-%"))
        transact(lambda: [db.session.delete(one) for one in db.session.scalars(slugs)])


LOOK = """() => {
  const kept = new Set(%s);
  const found = [];
  for (const one of document.querySelectorAll("main *")) {
    if (one.closest(".prose, .muted, h1, .teaser") === null) continue;
    const name = one.tagName.toLowerCase();
    if (!kept.has(name)) found.push(one.outerHTML.slice(0, 200));
    for (const attribute of one.attributes) {
      if (/^on|^style$|^srcdoc$/i.test(attribute.name)) found.push(attribute.name);
    }
    if (one.href && !["http:", "https:", "mailto:"].includes(one.protocol)) found.push(one.href);
  }
  return window.ran_it ? ["something ran"] : found;
}"""
KEPT = [*sorted(TAGS - {"img", "source", "picture"}), "h1", "time", "span", "article", "div"]


def test_nothing_that_was_brought_over_acts(page, watch, brought_over):
    page.add_init_script("window.ran = () => { window.ran_it = true }")
    for path in ("/read/p-classic", "/read/p-blocks", "/read/p-markdown", "/read", "/read/p-12"):
        assert page.goto(path).status == 200, path
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate(LOOK % KEPT) == [], path
    assert watch.wrong == []
