"""Sending the rows of the table to a server, one after the other, and judging what comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from string import Template
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from markupsafe import escape

from booking.web.security import HEADERS
from tests.attacks import wire
from tests.attacks.kept_rows import KeptRows, changed
from tests.attacks.rows import Row
from tests.attacks.server import FROM
from tests.attacks.wire import Answer
from tests.attacks.world import World
from tests.web.pages import filled

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# What is made anew for each page: tokens of forms, when they were opened, links that work once.
RANDOM = [
    (re.compile(r'(name="(?:csrf_token|opened|attempt|token|key)"[^>]*? value=")[^"]*'), r"\1"),
    (re.compile(r"(?<![\w-])(?:[\w-]{43}|[\w-]{32})(?![\w-])"), "(secret)"),
]
# What no answer may tell of how it is made.
TELLING = ("Traceback (most", "sqlalchemy", "psycopg", "sqlite3.", "site-packages", "werkzeug.")


@dataclass
class Browser:
    """Cookies, and the token that the pages of this browser give to its forms."""

    cookies: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    of_session: str | None = None

    def header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def take(self, answer: Answer) -> None:
        for name, value in answer.cookies().items():
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)

    def copy(self) -> "Browser":
        return Browser(dict(self.cookies), list(self.tokens), self.of_session)


@dataclass
class Run:
    """What came of a whole table: complaints by the rows' titles, and every answer."""

    bad: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


class Runner:
    """Sends rows to the server at `port`, whose rows `kept` looks at; None looks at none."""

    def __init__(self, port: int, world: World, people: dict[str, str], kept: KeptRows | None):
        self.port, self.names, self.people, self.kept = port, dict(world.names), people, kept
        self.browsers = {who: Browser(dict(found)) for who, found in world.cookies.items()}
        self.seen: dict[str, str] = {}
        self.number = 0
        self.rows = kept.look() if kept else {}

    def run(self, rows: list[Row]) -> Run:
        found = Run()
        for row in rows:
            self.number += 1
            complaints = list(self._try(row, found))
            if complaints:
                found.bad[row.title] = complaints
        return found

    def _try(self, row: Row, found: Run) -> Iterator[str]:
        browser = self._browser_of(row)
        request = self._request(row, browser)
        for _time in range(row.times - 1):
            browser.take(wire.send(self.port, request))
        before = self.kept.look() if self.kept and row.times > 1 else self.rows
        answer = wire.send(self.port, request)
        browser.take(answer)
        self.rows = after = self.kept.look() if self.kept else {}
        found.answers[row.title] = normal(answer)
        yield from self._judge(row, answer)
        may_write = row.may_write and row.times == 1
        if not may_write and (tables := changed(before, after)):
            yield f"changed {', '.join(tables)}"

    def _browser_of(self, row: Row) -> Browser:
        if row.who not in self.people:
            raise KeyError(f"{row.title}: the table does not say who {row.who} is")
        if row.who == "stranger":
            return Browser()
        if row.like:
            self.browsers[row.who] = self.browsers[row.like].copy()
        return self.browsers.setdefault(row.who, Browser())

    def _filled(self, text: str) -> str:
        return Template(text).substitute(self.names)

    def _request(self, row: Row, browser: Browser) -> bytes:
        if row.raw:
            return self._filled(row.raw).encode("utf-8", "surrogateescape")
        body = self._body(row, browser)
        headers = {"Host": "127.0.0.1", FROM: f"10.1.{self.number // 250}.{self.number % 250}"}
        if browser.cookies:
            headers["Cookie"] = browser.header()
        if body is not None:
            headers["Content-Type"] = row.type
        wanted = {**headers, **row.headers}
        listed = [
            (name, self._filled(value))
            for name, values in wanted.items()
            if values is not False
            for value in (values if isinstance(values, list) else [values])
        ]
        return wire.written(row.method, self._filled(row.path), listed, body)

    def _body(self, row: Row, browser: Browser) -> bytes | None:
        if row.form is None and row.body is None:
            return None
        token = self._token(row, browser)
        if row.form is not None:
            typed = {self._filled(name): self._filled(value) for name, value in row.form.items()}
            shown = self._shown(row, browser) if row.page else {}
            sent = shown | typed | ({"csrf_token": token} if token else {})
            return urlencode(sent).encode()
        text = Template(row.body or "").substitute(self.names, token=token)
        return text.encode("utf-8", "surrogateescape")

    def _shown(self, row: Row, browser: Browser) -> dict[str, str]:
        """Return what the form has in it on the page that shows it."""
        answer = self._look(self._filled(row.page), browser)
        forms = BeautifulSoup(answer.text, "html.parser").select("form[method=post]")
        form = next(one for one in forms if one.get("action") == self._filled(row.path))
        return {name: str(value) for name, value in filled(form).items()}

    def _look(self, path: str, browser: Browser) -> Answer:
        headers = [("Host", "127.0.0.1"), *([("Cookie", browser.header())] * bool(browser.cookies))]
        answer = wire.send(self.port, wire.written("GET", path, headers))
        browser.take(answer)
        return answer

    def _token(self, row: Row, browser: Browser) -> str:
        """Return the token of a form as the row says: own, none, old, wrong, or another's."""
        if row.token in {"none", "wrong"}:
            return "" if row.token == "none" else "IndyongOi4i.wrong.wrong"
        whose = browser if row.token in {"own", "old"} else self.browsers[row.token]
        if whose.of_session is None or whose.of_session != whose.cookies.get("session"):
            self._open_page(whose)
        return whose.tokens[0 if row.token == "old" else -1]

    def _open_page(self, browser: Browser) -> None:
        answer = self._look("/sign-in", browser)
        browser.tokens.append(TOKEN.findall(answer.text)[0])
        browser.of_session = browser.cookies.get("session")

    def _judge(self, row: Row, answer: Answer) -> Iterator[str]:
        if answer.status != row.gives:
            yield f"answers {answer.status}, not {row.gives}"
        if answer.status >= 500:
            yield "a fault of ours"
        everything = "\n".join([*(f"{name}: {value}" for name, value in answer.headers), answer.text])
        yield from (f"tells {word!r}" for word in TELLING if word in everything)
        yield from (f"lacks {word!r}" for word in map(self._filled, row.has) if word not in everything)
        yield from (f"has {word!r}" for word in map(self._filled, row.lacks) if word in everything)
        for name, value in row.header.items():
            if not fnmatchcase(answer.header(name), self._filled(value)):
                yield f"{name} is {answer.header(name)!r}, not {value!r}"
        if row.to is not None and not fnmatchcase(answer.header("Location"), self._filled(row.to)):
            yield f"leads to {answer.header('Location')!r}, not {self._filled(row.to)!r}"
        if row.by == "site":
            yield from _unguarded(answer)
        self.seen[row.title] = self._untyped(row, answer)
        if row.same and self.seen[f"{row.group}: {row.same}"] != self.seen[row.title]:
            yield f"is not the same as {row.same!r}"
        if row.keep:
            self.names[row.keep] = answer.header("Location")


    def _untyped(self, row: Row, answer: Answer) -> str:
        """Return an answer without what was typed, where the page repeats it."""
        text = normal(answer)
        for value in map(self._filled, (row.form or {}).values()):
            text = text.replace(str(escape(value)), "(typed)") if len(value) > 4 else text
        return text


def _unguarded(answer: Answer) -> Iterator[str]:
    """What every answer of the site has to carry."""
    for name, value in HEADERS.items():
        if name not in dict(answer.headers):
            yield f"comes without {name}"
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
