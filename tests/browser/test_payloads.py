"""What a client types is shown as what it is, wherever it is shown, and runs nowhere."""

import json
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


TITLES = table.PAYLOADS[:20]


@pytest.fixture
def brought_over(site: Flask, tmp_path: Path) -> Iterator[dict[str, int]]:
    """Every payload of the table brought in as body, title, author and summary; gone afterwards.

    The ids of the articles by their slugs. A blog's titles are HTML and lose their tags; those of
    Markdown are words, and stand on the page as they are typed.
    """
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
        for number, payload in enumerate(TITLES[:5], 10)
    ]
    for number, payload in enumerate(map(json.dumps, TITLES), 10):
        (tmp_path / f"p-as-typed-{number}.md").write_text(
            f"---\ntitle: {payload}\nauthor: {payload}\nsummary: {payload}\ndate: 2001-05-01\n"
            "---\nText."
        )
    head = f"---\ntitle: Markdown\nauthor: {table.PAYLOADS[0]}\ndate: 2001-05-01\n---\n"
    (tmp_path / "p-markdown.md").write_text(head + "\n\n".join(table.PAYLOADS))
    (tmp_path / "blog.xml").write_text(blog.export(*posts).replace("\x01", ""))
    with site.app_context():
        result = site.test_cli_runner().invoke(import_articles, [str(tmp_path)])
        assert "0 left; 0 files refused" in result.stdout, result.stdout
        slugs = select(Article).where(Article.slug.like("p-%"))
        yield {one.slug: one.id for one in db.session.scalars(slugs)}
        transact(lambda: [db.session.delete(one) for one in db.session.scalars(slugs)])


# A page has forms and drawings of its own: what they are is told by where they lead.
LOOK = """(kept) => {
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (!kept.includes(one.localName)) found.push(one.outerHTML.slice(0, 200));
    for (const { name } of one.attributes) {
      if (/^on|^style$|^srcdoc$|^autofocus$/i.test(name)) found.push(name);
    }
    const place = one.href?.baseVal ?? one.href ?? one.getAttribute("formaction")
      ?? one.getAttribute("action");
    if (!place) continue;
    const { protocol, origin } = new URL(place, document.baseURI);
    const isSending = ["form", "button"].includes(one.localName);
    const ways = isSending ? [] : ["http:", "https:", "mailto:", "tel:"];
    if (origin !== location.origin && !ways.includes(protocol)) found.push(place);
  }
  return window.ran_it ? ["something ran"] : found;
}"""
OURS = ["header", "footer", "main", "nav", "aside", "div", "span", "article", "time", "h1", "dl",
        "dt", "dd", "form", "input", "label", "button", "mark", "svg", "use", "g", "defs", "path",
        "circle", "ellipse", "rect", "textarea", "select", "option", "fieldset", "legend",
        "details", "summary", "small", "address", "b"]  # fmt: skip
KEPT = [*sorted(TAGS - {"img", "source", "picture"}), *OURS]


def test_nothing_that_was_brought_over_acts(page, new_context, world, watch, brought_over):
    manager = new_context(storage_state=world.cookies["mara"]).new_page()
    for one in (page, manager):
        one.add_init_script("window.ran = () => { window.ran_it = true }")
    pieces = [f"/read/{slug}" for slug in brought_over]
    assert len(pieces) == 28
    for path in (*pieces, "/read?q=script"):
        assert page.goto(path, wait_until="domcontentloaded").status == 200, path
        assert page.evaluate(LOOK, KEPT) == [], path
    page.goto("/read")
    titles: list[str] = []
    while True:
        titles += page.locator(".teaser h2").all_inner_texts()
        assert page.evaluate(LOOK, KEPT) == [], page.url
        older = page.get_by_role("link", name="Older pieces")
        if not older.count():
            break
        older.click()
    assert set(TITLES) <= set(titles)
    manager.goto(f"/studio/articles/{brought_over['p-as-typed-18']}")
    assert manager.evaluate(LOOK, KEPT) == []
    manager.get_by_role("button", name="Make a link").click()
    manager.goto(manager.locator("input.copied").first.input_value())
    assert manager.evaluate(LOOK, KEPT) == []
    assert watch.wrong == []
