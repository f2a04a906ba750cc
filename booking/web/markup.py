"""How pages are written on the wire."""

import re

from jinja2.ext import Extension

_INDENT = re.compile(r"^[ \t]{2,}", re.MULTILINE)


class Unindented(Extension):
    """Cut the indentation of HTML templates to one space: the rest is a fifth of each page.

    One space stays, since the end of a line before it may be trimmed. What is put into a template
    keeps its own, so a text somebody typed is shown as it was typed.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENT.sub(" ", source) if (name or "").endswith(".html") else source
