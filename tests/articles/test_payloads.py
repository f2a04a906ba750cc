"""No payload of the table comes out of an import as anything but words."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from booking.articles.markdown import TAGS, to_html
from booking.articles.sources import ANY_TIME, html
from booking.articles.sources.front_matter import from_markdown
from booking.articles.sources.paragraphs import as_html
from booking.articles.sources.shortcodes import expand
from tests.articles.payloads import PAYLOADS

ATTRIBUTES = {"href", "id", "class", "rel", "srcset", "sizes", "type", "aria-label"}


def dangers(shown: str) -> list[str]:
    """Return what an element of the page does beyond showing words and links."""
    found = []
    for tag in BeautifulSoup(shown, "html.parser").find_all(True):
        if tag.name not in TAGS - {"img", "source", "picture"} or not set(tag.attrs) <= ATTRIBUTES:
            found.append(str(tag)[:200])
        address = str(tag.get("href", "#")).lower()
        if address and not address.startswith(("https://", "http://", "mailto:", "#", "/", "x")):
            found.append(address)
    return found


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_dangerous_comes_through(payload):
    shown, _left = expand(payload, lambda numbers: "")
    for text in (shown, f"<!-- wp:html -->{shown}<!-- /wp:html -->"):
        body, _first = html.to_markdown(as_html(text), lambda address, alt, caption: alt, [])
        assert dangers(to_html(body)) == []
    assert dangers(to_html(html.plain(payload))) == []
    head = f"---\ntitle: x\nauthor: y\n---\nText.\n\n{payload}"
    found = from_markdown(head, Path("x.md"), ANY_TIME)
    assert dangers(to_html(found.draft.body)) == []
    assert dangers(to_html(found.draft.summary)) == []
