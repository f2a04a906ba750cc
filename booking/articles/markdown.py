"""Markdown to safe HTML: raw HTML is shown as text, and what is left is cleaned once more.

Only pictures of ours are shown: one that names another place is replaced by its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin

from booking.articles import drawn
from booking.domain.names import slug
from booking.domain.pictures import COLUMN, ROOT, pictured
from booking.web.words import lazy as _l

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "code", "pre",
    "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "section", "sup",
    "figure", "figcaption", "picture", "source", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "id", "class", "aria-label"},
    "li": {"id"},
    "section": {"class", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "th": {"class"},
    "td": {"class"},
    "source": {"type", "srcset", "sizes"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
}
# From how many words and headings on a piece begins with what is in it.
LONG_WORDS, LONG_HEADINGS = 500, 3


class Heading(NamedTuple):
    """A heading of a piece: its id on the page, its words, and whether it is below another."""

    id: str
    words: str
    is_below: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """A piece as it is shown; `contents` is empty when it is too short to need any."""

    html: Markup
    contents: Sequence[Heading]


class Named(NamedTuple):
    """A picture that a text names: its words, its address, its title, and where.

    `lines` are those of the paragraph it stands in: the first, and the one behind the last.
    """

    words: str
    address: str
    title: str
    lines: tuple[int, int]


def pictures_in(text: str) -> list[Named]:
    """Return the pictures that a text names, in order, however Markdown lets one write them.

    What stands in code is none; `![words][a]` with a line `[a]: address` elsewhere is one. Words
    are as they are typed, addresses with what the parser percent-encodes.
    """
    renderer: Any = _as_typed.renderer
    return [
        Named(
            renderer.renderInlineAsText(token.children, _as_typed.options, {}).strip(),
            str(token.attrGet("src") or ""),
            str(token.attrGet("title") or ""),
            (first, behind),
        )
        for inline in _as_typed.parse(text)
        for first, behind in [inline.map or (0, 0)]
        for token in inline.children or []
        if token.type == "image"
    ]


def to_html(text: str) -> Markup:
    """Return `text` as HTML that may stand anywhere, beside others of its kind.

    Where it stands may be without the sheet that gives our drawings their lines: so their words do.
    """
    # Notes are numbered in each text: their ids say of which.
    env: dict[str, Any] = {"docId": sha256(text.encode()).hexdigest()[:6]}
    return _clean(_plain.render(text, env), env)


def render(text: str) -> Rendered:
    """Return a piece that stands on a page once, with our drawings.

    Its headings can be linked to. The page has the sheet `articles.css`.
    """
    env: dict[str, Any] = {"drawings": drawn.Drawings()}
    tokens = _anchored.parse(text, env)
    html = _clean(_anchored.renderer.render(tokens, _anchored.options, env), env)
    headings = _headings(tokens)
    is_long = len(headings) >= LONG_HEADINGS and len(text.split()) >= LONG_WORDS
    return Rendered(html, headings if is_long else [])


def _clean(html: str, env: dict[str, Any]) -> Markup:
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_our_pictures,
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer",
    )
    drawings: drawn.Drawings | None = env.get("drawings")
    whole = drawings.put_in(cleaned) if drawings else cleaned
    return Markup(whole)  # noqa: S704 - cleaned on the lines above


def _only_our_pictures(_tag: str, attribute: str, value: str) -> str | None:
    if attribute in {"src", "srcset"} and not value.startswith(ROOT):
        return None
    return value


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    return [
        Heading(str(opened.attrGet("id")), _words(inline), opened.tag != "h2")
        for opened, inline in pairwise(tokens)
        if opened.type == "heading_open" and opened.attrGet("id") and opened.tag != "h4"
    ]


def _words(inline: Token) -> str:
    """The words of a heading without what marks them."""
    return "".join(
        token.content for token in inline.children or () if token.type in {"text", "code_inline"}
    )


def _fit_headings(state: Any) -> None:
    """A page has one heading of the first level, its title: those of a text go below it."""
    headings = [one for one in state.tokens if one.type in {"heading_open", "heading_close"}]
    shift = 1 if any(one.tag == "h1" for one in headings) else 0
    for one in headings:
        one.tag = f"h{min(int(one.tag[1]) + shift, 4)}"


def _fit_cells(state: Any) -> None:
    """Say by a class how a column is set: our pages allow no style in them."""
    for one in state.tokens:
        if one.type in {"th_open", "td_open"} and (style := one.attrs.pop("style", "")):
            one.attrSet("class", style.replace("text-align:", "set-"))


def _figures(state: Any) -> None:
    """Make a picture that stands alone in its paragraph a figure, its title the caption."""
    for opened, inline, closed in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        children = inline.children or []
        if opened.type != "paragraph_open" or [one.type for one in children] != ["image"]:
            continue
        address = str(children[0].attrGet("src"))
        if drawn.is_ours(address):
            children[0].meta["is_drawn"] = True
        if pictured(address) is None:
            continue
        opened.type, opened.tag, opened.hidden = "figure_open", "figure", False
        closed.type, closed.tag, closed.hidden = "figure_close", "figure", False
        if caption := children[0].attrs.pop("title", ""):
            closed.meta["caption"] = caption


def _picture(renderer: Any, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    token = tokens[number]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    alt, address = escapeHtml(words), str(token.attrGet("src"))
    if token.meta.get("is_drawn"):
        caption = str(token.attrGet("title") or "")
        drawings: drawn.Drawings | None = env.get("drawings")
        if drawings is not None:
            return drawings.add(drawn.figure(address, words, caption))
        below = f"<br><em>{escapeHtml(caption)}</em>" if caption else ""
        return f"[{alt}]{below}"
    found = pictured(address)
    if found is None:
        return alt
    return (
        f'<picture><source type="image/webp" srcset="{found.srcset("webp")}" sizes="{COLUMN}">'
        f'<img src="{found.address}" srcset="{found.srcset(found.ending)}" sizes="{COLUMN}"'
        f' width="{found.width}" height="{found.height}" alt="{alt}"'
        ' loading="lazy" decoding="async"></picture>'
    )


def _figure_end(
    _renderer: Any, tokens: Sequence[Token], number: int, _options: Any, _env: Any
) -> str:
    caption = tokens[number].meta.get("caption")
    words = f"<figcaption>{escapeHtml(caption)}</figcaption>" if caption else ""
    return f"{words}</figure>\n"


def _notes_begin(*_anything: Any) -> str:
    label = escapeHtml(str(_l("Notes")))
    return f'<hr>\n<section class="footnotes" aria-label="{label}">\n<ol>\n'


def _way_back(renderer: Any, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    """The arrow behind a note, with words: it leads to where the text has the note's number."""
    name, shown = (
        renderer.rules[f"footnote_{part}"](tokens, number, options, env)
        for part in ("anchor_name", "caption")
    )
    place = f"{name}:{sub}" if (sub := tokens[number].meta["subId"]) > 0 else name
    label = escapeHtml(str(_l("Back to %(note)s in the text", note=shown)))
    return f' <a href="#fnref{place}" class="footnote-backref" aria-label="{label}">↩\ufe0e</a>'


def _heading_id(words: str) -> str:
    """Begin with a word of our own, so that no heading takes the id of a part of the page."""
    return f"part-{slug(words)}".rstrip("-")


def _read_only() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin)


def _parser() -> MarkdownIt:
    parser = _read_only()
    parser.options["typographer"] = True
    parser.enable(["replacements", "smartquotes"])
    for rule in (_fit_headings, _fit_cells, _figures):
        parser.core.ruler.push(rule.__name__, rule)
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("figure_close", _figure_end)
    parser.add_render_rule("footnote_block_open", _notes_begin)
    parser.add_render_rule("footnote_anchor", _way_back)
    return parser


_as_typed = _read_only()
_plain = _parser()
_anchored = _parser().use(anchors_plugin, min_level=2, max_level=4, slug_func=_heading_id)
