"""Comparing two answers that must not tell one person from another."""

import re

from werkzeug.test import TestResponse


def plain(answer: TestResponse, email: str) -> str:
    """What was answered, headers too, without the address typed, the form's token and its stamp."""
    page = answer.get_data(as_text=True).replace(email, "ADDRESS")
    for name in ("csrf_token", "opened"):
        page = re.sub(rf'(name="{name}"[^>]* value=")[^"]+', r"\1", page)
    headers = [
        (name, re.sub(r"=[^;]+", "=", value, count=1) if name == "Set-Cookie" else value)
        for name, value in answer.headers
        if name != "Content-Length"
    ]
    return f"{answer.status}\n{headers}\n{page}"
