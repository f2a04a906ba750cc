"""Shortcodes of a blog, ``[name key="value"]…[/name]``: a few mean something, the rest leave."""

import re
from collections.abc import Callable
from html import escape

# Bounded, so that no text of brackets takes more than one look at each.
CODE = re.compile(
    r"(?P<open>\[?)\[(?P<end>/?)(?P<name>[A-Za-z][\w-]{0,60})(?P<rest>(?:[\s=][^\[\]]{0,2000})?)\](?P<close>\]?)"
)
ATTRIBUTE = re.compile(r"([\w-]{1,40})\s{0,3}=\s{0,3}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))")
# Those that WordPress itself brings along; others are known by an attribute, an end, or a name
# that no word in brackets has.
KNOWN = {"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"}
CAPTION = re.compile(r"(?P<picture>(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(?P<words>.*)", re.S)


def expand(html: str, pictures_of: Callable[[list[str]], str]) -> tuple[str, list[str]]:
    """Return `html` without shortcodes, and the names of those that meant nothing here.

    `pictures_of` gives the HTML of pictures by their numbers, for galleries.
    """
    html = html.replace("[wp_caption", "[caption").replace("[/wp_caption]", "[/caption]")
    html = re.sub(
        r"\[caption([^\[\]]{0,2000})\]((?:(?!\[/?caption).){0,20000})\[/caption\]", _figure, html,
        flags=re.S,
    )  # fmt: skip
    html = re.sub(r"\[embed[^\[\]]{0,500}\]([^\[\]<>]{0,2000})\[/embed\]", r"\n\n\1\n\n", html)
    ended = {found["name"].lower() for found in CODE.finditer(html) if found["end"]}
    left: list[str] = []

    def take(found: re.Match[str]) -> str:
        if found["open"] and found["close"]:  # [[name]] is how one writes about them.
            return found[0][1:-1]
        name = found["name"].lower()
        if not _is_code(name, found["rest"], ended):
            return found[0]
        if name == "gallery":
            return found["open"] + pictures_of(_numbers(found["rest"])) + found["close"]
        url = _attributes(found["rest"]).get("src", "") if name in {"audio", "video"} else ""
        link = f"\n\n{url}\n\n" if url.startswith(("http://", "https://")) else ""
        if not (link or found["end"]):
            left.append(name)
        return found["open"] + link + found["close"]

    return CODE.sub(take, html), left


def _is_code(name: str, rest: str, ended: set[str]) -> bool:
    return name in KNOWN | ended or "_" in name or "-" in name or bool(ATTRIBUTE.search(rest))


def _attributes(rest: str) -> dict[str, str]:
    return {
        key.lower(): double or single or bare
        for key, double, single, bare in ATTRIBUTE.findall(rest)
    }


def _numbers(rest: str) -> list[str]:
    return re.findall(r"\d{1,12}", _attributes(rest).get("ids", ""))[:100]


def _figure(found: re.Match[str]) -> str:
    inside = CAPTION.search(found[2])
    if inside is None:
        return found[2]
    words = inside["words"].strip() or escape(_attributes(found[1]).get("caption", ""))
    return f"\n\n<figure>{inside['picture']}<figcaption>{words}</figcaption></figure>\n\n"
