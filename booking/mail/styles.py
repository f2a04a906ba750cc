"""The styles of mails, put into each tag: some mail programs read no style sheet.

The sheet in ``mail/_layout.html`` only adds what tags cannot say: dark colours and small screens.
"""

import re
from functools import lru_cache

from booking.domain.colours import shades_of

SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
SERIF = "'Iowan Old Style','Palatino Linotype',Palatino,Georgia,serif"

# By tag, or tag and class; {leaf} and {on_leaf} are the shades of the practice's accent.
STYLES = {
    "body": "margin:0;padding:0;background-color:#f1ece1;",
    "table.page": "background-color:#f1ece1;",
    "td.margin": "padding:24px 12px;",
    "table.sheet": "max-width:600px;width:100%;",
    "td.mark": f"padding:0 12px 14px;font:600 20px/1.3 {SERIF};color:{{leaf}};",
    "td.words": (
        "background-color:#ffffff;border-radius:14px;padding:32px 32px 24px;"
        f"font:17px/1.6 {SANS};color:#1f2925;"
    ),
    "td.foot": f"padding:20px 12px 0;font:14px/1.6 {SANS};color:#55605a;",
    "h1": f"font:600 28px/1.25 {SERIF};margin:0 0 16px;color:#1f2925;",
    "p": "margin:0 0 16px;",
    "p.small": "margin:0 0 16px;font-size:14px;color:#55605a;",
    "span.small": "font-size:14px;color:#55605a;",
    "h2": f"font:600 20px/1.35 {SERIF};margin:24px 0 8px;",
    "ul": "margin:0 0 16px;padding:0 0 0 22px;",
    "p.foot": "margin:0 0 12px;",
    "p.fact": "margin:0 0 4px;",
    "p.when": f"margin:0 0 4px;font:600 20px/1.35 {SERIF};",
    "p.press": "margin:24px 0 20px;",
    "div.card": (
        "background-color:#f6f2e9;border-left:4px solid {leaf};border-radius:6px;color:#1f2925;"
        "padding:16px 20px 14px;margin:20px 0;"
    ),
    # A day in two columns; not every program hands the words' font down to a table in them.
    "td.time": (
        f"padding:6px 18px 6px 0;vertical-align:top;white-space:nowrap;font:17px/1.5 {SANS};"
    ),
    "td.who": f"padding:6px 0;vertical-align:top;font:17px/1.5 {SANS};",
    "a": "color:{leaf};text-decoration:underline;",
    "a.button": (
        "display:inline-block;background-color:{leaf};color:{on_leaf};text-decoration:none;"
        "font-weight:600;line-height:22px;border-radius:999px;padding:12px 26px;"
        "margin:4px 8px 4px 0;"
    ),
    "a.row": "display:block;padding:8px 0 10px;color:{leaf};text-decoration:underline;",
    "div.lead": "display:none;max-height:0;overflow:hidden;mso-hide:all;",
}
TAG = re.compile(r"<(body|table|td|h1|h2|p|ul|div|a|span)((?: [^<>]*)?)>")
CARD = re.compile(r'<div class="card">.*?</div>', re.DOTALL)
CLASS = re.compile(r' class="([\w -]+)"')


@lru_cache(maxsize=16)
def _styles(accent: str) -> dict[str, str]:
    light, _dark = shades_of(accent)
    shades = {"{leaf}": str(light.leaf), "{on_leaf}": str(light.on_leaf)}
    return {
        name: re.sub(r"\{\w+\}", lambda found: shades[found[0]], style)
        for name, style in STYLES.items()
    }


def inlined(html: str, accent: str) -> str:
    """Give each tag that we know the style of its class, else of its name.

    Only our templates write tags: what people typed stands escaped in between.
    """
    styles = _styles(accent)

    def dress(found: re.Match[str]) -> str:
        tag, rest = found.groups()
        classes = CLASS.search(rest)
        names = [f"{tag}.{name}" for name in classes[1].split()] if classes else []
        style = next((styles[name] for name in [*names, tag] if name in styles), "")
        if not style or " style=" in rest:
            return found[0]
        return f'<{tag}{rest} style="{style}">'

    head, body, rest = html.partition("<body")
    return head + TAG.sub(dress, CARD.sub(_facts, body + rest))


def _facts(card: re.Match[str]) -> str:
    return card[0].replace("<p>", '<p class="fact">')
