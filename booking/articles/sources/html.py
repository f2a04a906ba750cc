"""HTML of another site as Markdown: its words and their order, nothing that acts or decorates."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote, urlsplit

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from booking.articles.sources.found import SourceError, escape, one_line

# Left out with all that is in them, and named in the report unless nobody would miss them.
GONE = {
    "applet": "an applet", "button": "a button", "canvas": "a drawing by script",
    "datalist": "", "form": "a form", "frameset": "a frame", "math": "a formula", "noscript": "",
    "object": "an embedded object", "script": "a script", "select": "a form",
    "style": "a style sheet", "svg": "a drawing in SVG", "template": "", "textarea": "a form",
    "title": "",
}  # fmt: skip
# What shows something of another site: a link to it stays.
SHOWN_FROM = {"iframe", "embed", "video", "audio", "source"}
KEPT = SHOWN_FROM | {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "div", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol",
    "p", "pre", "q", "samp", "section", "span", "strong", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    **{name: {"src", "title"} for name in SHOWN_FROM},
    "a": {"href"},
    "div": {"class"},
    "img": {"alt", "class", "data-src", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan"},
}
ALONE = {"br", "embed", "hr", "img", "source"}
MOST_TAGS, DEEPEST = 40_000, 120
# Replaces a picture by Markdown: it gets the address, the alternative text and the caption.
Picture = Callable[[str, str, str], str]


class _Writer(MarkdownConverter):
    """Writes Markdown that means what the HTML did, and nothing its text could be taken for."""

    def __init__(self, picture: Picture):
        super().__init__(heading_style="ATX", bullets="-", strip=["del", "s", "sub", "sup"])
        self.picture = picture

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escape(text, is_linked="a" in parent_tags) if text else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = web_address(str(el.get("href") or ""))
        words = text.strip()
        if not words or address is None or "](" in words:
            return text
        lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{lead}[{words}]({address}){trail}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        source = str(el.get("src") or el.get("data-src") or "")
        alt = one_line(str(el.get("alt") or ""))
        if "1" in (el.get("width"), el.get("height")):  # It counts who reads, and shows nothing.
            return ""
        if re.search(r"\b(wp-smiley|emoji)\b", " ".join(map(str, el.get_attribute_list("class")))):
            return escape(alt)
        return self.picture(source, alt, "")

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        image = el.find("img")
        if image is None or el.find("figure"):  # A gallery is what its pictures are.
            return f"\n\n{text.strip()}\n\n"
        words = el.find("figcaption")
        caption = one_line(words.get_text(" ")) if words else ""
        source, alt = str(image.get("src") or image.get("data-src") or ""), image.get("alt")
        return f"\n\n{self.picture(source, one_line(str(alt or '')), caption)}\n\n"

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = el.get_text().strip("\n")
        longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
        fence = "`" * (longest + 1)
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = text.strip().split("\n")
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def to_markdown(html: str, picture: Picture, notes: list[str]) -> tuple[str, str]:
    """Return the Markdown of `html` and the words of its first paragraph.

    `notes` learns what was left out. Raises SourceError for what is nested deeper than any text.
    """
    soup = BeautifulSoup(_well_formed(html, notes), "html.parser")
    for one in soup.find_all(list(SHOWN_FROM)):
        if not one.decomposed:
            notes += filter(None, [_link_instead(soup, one)])
    for wrapper in soup.find_all("div", class_="wp-block-embed__wrapper"):
        if address := web_address(wrapper.get_text()):
            wrapper.replace_with(_link(soup, address, address))
    first = (one_line(one.get_text()) for one in soup.find_all("p"))
    words = next(filter(None, first), "")
    return _without_loose_ends(_Writer(picture).convert_soup(soup)), words


def _well_formed(html: str, notes: list[str]) -> str:
    """Return what a browser would make of `html`, as tags that all end, without what acts."""
    if html.count("<") > MOST_TAGS:
        raise SourceError("holds more tags than any text")
    low = html.lower()
    named = {what for name, what in GONE.items() if what and f"<{name}" in low}
    notes += [f"{what} was left out" for what in sorted(named)]
    clean = nh3.clean(
        html, tags=KEPT, attributes=ATTRIBUTES, clean_content_tags=set(GONE), link_rel=None
    )
    depth = deepest = 0
    for end, name in re.findall(r"<(/?)([a-z][a-z0-9]*)", clean):
        depth += 0 if name in ALONE else -1 if end else 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise SourceError("is nested deeper than any text")
    return clean


def _without_loose_ends(text: str) -> str:
    """Take away spaces at the ends of lines, but for the two that break a line in a paragraph."""
    lines = text.split("\n")
    kept = [
        line.rstrip() + ("  " if line.endswith("  ") and line.strip() and after.strip() else "")
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def plain(html: str) -> str:
    """Return the words of a piece of HTML on one line, for titles and summaries."""
    if "<" in html:
        parted = re.sub(r"<(?=/?(?:p|br|div|li|h[1-6])\b)", " <", html, flags=re.IGNORECASE)
        html = nh3.clean(parted, tags=set(), clean_content_tags=set(GONE))
    return one_line(unescape(html))


def _link_instead(soup: BeautifulSoup, tag: Tag) -> str:
    """Put a link in the place of what would show another site; returns what to say of it."""
    inner = tag.find("source")
    source = tag.get("src") or (inner.get("src") if isinstance(inner, Tag) else "")
    address = web_address(str(source or ""))
    if address is None or not address.startswith("http"):
        tag.decompose()
        return "something of another site was left out"
    if tag.name == "source":
        tag.decompose()
        return ""
    tag.replace_with(_link(soup, address, one_line(str(tag.get("title") or "")) or address))
    return "what was shown of another site is a link now"


def _link(soup: BeautifulSoup, address: str, words: str) -> Tag:
    link = soup.new_tag("a", href=address)
    link.string = words
    paragraph = soup.new_tag("p")
    paragraph.append(link)
    return paragraph


def web_address(typed: str) -> str | None:
    """Return an address that a link may have, written so that Markdown takes it whole.

    None for what is neither of the web, nor a mail address, nor a path.
    """
    compact = re.sub(r"[\x00-\x20\x7f]", "", typed)
    compact = f"https:{compact}" if compact.startswith("//") else compact
    try:
        parts = urlsplit(compact)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "mailto", ""} or "\\" in compact:
        return None
    if parts.scheme in {"http", "https"} and not host:
        return None
    if not parts.scheme and (parts.netloc or ":" in parts.path.split("/")[0]):
        return None
    return quote(compact, safe="/:?#@!$&'*+,=%~-._") or None
