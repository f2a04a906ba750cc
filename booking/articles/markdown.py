"""Markdown to safe HTML: raw HTML is shown as text, and what is left is cleaned once more."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

from booking.articles import drawn

_parser = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "replacements", "smartquotes"]
)
_parser.use(footnote_plugin)

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "code", "pre",
    "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "section", "sup",
}  # fmt: skip


def to_html(text: str) -> Markup:
    """Return `text` as HTML that may stand in any page."""
    text, drawings = drawn.take_out(text)
    html = nh3.clean(
        _parser.render(text),
        tags=TAGS,
        attributes={"a": {"href", "id", "class"}, "li": {"id"}, "section": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer",
    )
    return Markup(drawn.put_in(html, drawings))  # noqa: S704 - cleaned above
