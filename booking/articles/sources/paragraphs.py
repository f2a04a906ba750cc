"""HTML as a blog keeps it: blocks between comments, or lines where a blank one parts paragraphs."""

import re
from html import escape

BLOCK = re.compile(
    r"<!--\s+(?P<end>/?)wp:(?P<name>[a-z][a-z0-9_/-]*)[^>]{0,20000}?(?P<alone>/?)-->"
)
# Within these, lines mean nothing or are kept as they are.
CLOSED = {"ul", "ol", "dl", "table", "pre", "figure", "script", "style", "form", "svg", "math"}
BLOCKS = CLOSED | {
    "address", "article", "aside", "blockquote", "center", "details", "div", "fieldset", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "p", "section", "summary",
}  # fmt: skip
TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]{0,5000})?/?>")
ADDRESS_ALONE = re.compile(r"\s*(https?://[^\s<>\"]{1,2000})\s*")


def as_html(content: str) -> str:
    """Return the HTML that a blog would show for what it keeps."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if not BLOCK.search(content):
        return paragraphs(content)
    parts: list[str] = []
    depth = last = 0
    for found in BLOCK.finditer(content):
        between = content[last : found.start()]
        # What stands between blocks was written with the old editor, and not touched since.
        parts.append(between if depth else paragraphs(between))
        if found["end"]:
            depth = max(0, depth - 1)
        elif not found["alone"]:
            depth += 1
        last = found.end()
    return "".join([*parts, paragraphs(content[last:])])


def paragraphs(text: str) -> str:
    """Make paragraphs of what blank lines part, and line breaks of the other ends of lines."""
    parts: list[str] = []
    closed: list[str] = []
    in_paragraph = False
    last = 0
    for found in TAG.finditer(text):
        name = found["name"].lower()
        if name not in BLOCKS or (closed and name not in CLOSED):
            continue
        parts.append(_between(text[last : found.start()], closed, in_paragraph=in_paragraph))
        parts.append(found[0])
        last = found.end()
        if name in CLOSED:
            _follow(closed, name, is_end=bool(found["end"]))
        in_paragraph = name in {"p", "h1", "h2", "h3", "h4", "h5", "h6"} and not found["end"]
    parts.append(_between(text[last:], closed, in_paragraph=in_paragraph))
    return "".join(parts)


def _follow(closed: list[str], name: str, *, is_end: bool) -> None:
    if not is_end:
        closed.append(name)
    elif name in closed:
        del closed[len(closed) - 1 - closed[::-1].index(name) :]


def _between(text: str, closed: list[str], *, in_paragraph: bool) -> str:
    if closed:
        return text
    if in_paragraph:
        return text.strip().replace("\n", "<br>\n")
    return "".join(map(_paragraph, re.split(r"\n\s*\n", text)))


def _paragraph(text: str) -> str:
    if not text.strip():
        return ""
    if alone := ADDRESS_ALONE.fullmatch(text):
        return f'<p><a href="{escape(alone[1])}">{escape(alone[1])}</a></p>\n'
    return f"<p>{text.strip().replace(chr(10), f'<br>{chr(10)}')}</p>\n"
