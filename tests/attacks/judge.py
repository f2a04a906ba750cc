"""What has to hold of an answer: what its row says, and what holds of every one."""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from markupsafe import escape

from booking.web.security import HEADERS
from tests.attacks.rows import Row
from tests.attacks.wire import Answer

# What is made anew for each page: tokens of forms, when they were opened, links that work once.
RANDOM = [
    (re.compile(r'(name="(?:csrf_token|opened|attempt|token|key)"[^>]*? value=")[^"]*'), r"\1"),
    (re.compile(r"(?<![\w-])(?:[\w-]{43}|[\w-]{32})(?![\w-])"), "(secret)"),
]
# What no answer may tell of how it is made.
TELLING = ("Traceback (most", "sqlalchemy", "psycopg", "sqlite3.", "site-packages", "werkzeug.")

Filled = Callable[[str], str]


def complaints(row: Row, answer: Answer, filled: Filled) -> Iterator[str]:
    """Yield what is wrong with an answer; `filled` puts in what stands for $words."""
    if answer.status != row.gives:
        yield f"answers {answer.status}, not {row.gives}"
    if answer.status >= 500:
        yield "a fault of ours"
    said = "\n".join([*(f"{name}: {value}" for name, value in answer.headers), answer.text])
    yield from (f"tells {word!r}" for word in TELLING if word in said)
    yield from (f"lacks {word!r}" for word in map(filled, row.has) if word not in said)
    yield from (f"has {word!r}" for word in map(filled, row.lacks) if word in said)
    wanted = row.header if row.to is None else {**row.header, "Location": row.to}
    for name, value in wanted.items():
        if not fnmatchcase(answer.header(name), filled(value)):
            yield f"{name} is {answer.header(name)!r}, not {filled(value)!r}"
    if row.by == "site":
        yield from _unguarded(answer)


def _unguarded(answer: Answer) -> Iterator[str]:
    """What every answer of the site has to carry."""
    for name, value in HEADERS.items():
        if name not in dict(answer.headers):
            yield f"comes without {name}"
        # Mails that staff look at bring a policy of their own along.
        elif answer.header(name) != value and name != "Content-Security-Policy":
            yield f"comes with {name}: {answer.header(name)}"
    for line in answer.all("Set-Cookie"):
        if "HttpOnly" not in line or "SameSite=Lax" not in line:
            yield f"sets a cookie that others can read: {line.partition('=')[0]}"
    if answer.header("Server"):
        yield f"names its server: {answer.header('Server')}"


def normal(answer: Answer) -> str:
    """Return an answer without what is new in each: two engines give the same."""
    text = f"{answer.status} {answer.header('Location')}\n{answer.text}"
    for pattern, instead in RANDOM:
        text = pattern.sub(instead, text)
    return text


def untyped(row: Row, answer: Answer, filled: Filled) -> str:
    """Return an answer without what was typed, where the page repeats it."""
    text = normal(answer)
    for value in map(filled, (row.form or {}).values()):
        text = text.replace(str(escape(value)), "(typed)") if len(value) > 4 else text
    return text
