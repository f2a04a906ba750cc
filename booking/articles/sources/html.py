"""HTML of another site as Markdown: its words and their order, nothing that acts or decorates."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from markdownify import MarkdownConverter

from booking.articles.sources.found import SourceError, escape, one_line

# Left out with all that is in them, and named in the report unless nobody would miss them.
GONE = {
    "applet": "an applet", "base": "", "button": "a button", "canvas": "a drawing by script",
    "form": "a form", "frame": "a frame", "frameset": "a frame", "head": "", "input": "",
    "link": "", "math": "a formula", "meta": "", "noscript": "", "object": "an embedded object",
    "option": "", "param": "", "script": "a script", "select": "a form", "style": "a style sheet",
    "svg": "a drawing in SVG", "template": "", "textarea": "a form", "title": "",
}  # fmt: skip
# What shows something of another site: a link to it stays.
SHOWN_FROM = {"iframe", "embed", "video", "audio", "source"}
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
    try:
        soup = BeautifulSoup(html, "html.parser")
        _take_out(soup, notes)
        first = (one_line(one.get_text()) for one in soup.find_all("p"))
        text = _Writer(picture).convert_soup(soup)
        return _without_loose_ends(text), next(filter(None, first), "")
    except RecursionError as error:
        raise SourceError("is nested deeper than any text") from error
    except (AssertionError, ValueError) as error:  # What the parser of HTML makes of nonsense.
        raise SourceError("holds HTML that cannot be read") from error


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
    if "<" not in html:
        return one_line(unescape(html))
    soup = BeautifulSoup(html, "html.parser")
    _take_out(soup, [])
    return one_line(soup.get_text(" " if soup.find(["p", "br", "div"]) else ""))


def _take_out(soup: BeautifulSoup, notes: list[str]) -> None:
    """Leave what is text: no comment, no program, no form; links for what is shown elsewhere."""
    said: set[str] = set()
    for one in list(soup.descendants):
        if isinstance(one, PreformattedString):
            one.extract()
        elif not isinstance(one, Tag) or one.decomposed:
            continue
        elif one.name in SHOWN_FROM:
            said.add(_link_instead(soup, one))
        elif one.name in GONE:
            said.add(GONE[one.name] and f"{GONE[one.name]} was left out")
            one.decompose()
        elif "wp-block-embed__wrapper" in one.get_attribute_list("class") and (
            address := web_address(one.get_text())
        ):
            one.replace_with(_link(soup, address, address))
    notes += sorted(filter(None, said))


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
