"""Sending the rows of the table to a server, one after the other, and judging what comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from booking.upkeep.check import findings
from tests.attacks import wire
from tests.attacks.judge import complaints, normal, untyped
from tests.attacks.kept_rows import KeptRows, changed
from tests.attacks.rows import Row, read
from tests.attacks.server import FROM, NOW, serving
from tests.attacks.wire import Answer
from tests.attacks.world import World, make_world, opened
from tests.web.pages import filled

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


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
    """What came of a whole table: complaints by the rows' titles, every answer, broken rules."""

    bad: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{title}: {'; '.join(wrong)}" for title, wrong in self.bad.items()]
        return "\n".join([*lines, *self.broken])


class Runner:
    """Sends rows to the server at `port`, whose rows `kept` looks at; None looks at none."""

    def __init__(self, port: int, world: World, people: dict[str, str], kept: KeptRows | None):
        self.port, self.names, self.people, self.kept = port, dict(world.names), people, kept
        self.browsers = {who: Browser(dict(found)) for who, found in world.cookies.items()}
        self.seen: dict[str, str] = {}
        self.number = 0
        self.rows = kept.look() if kept else {}
        # Whoever sends a form has opened its page: one that any number of browsers begin with.
        self._stranger = Browser()
        self._open_page(self._stranger)

    def run(self, rows: list[Row]) -> Run:
        found = Run()
        for row in rows:
            self.number += 1
            if wrong := list(self._try(row, found)):
                found.bad[row.title] = wrong
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
        yield from complaints(row, answer, self._filled)
        self.seen[row.title] = untyped(row, answer, self._filled)
        if row.same and self.seen[f"{row.group}: {row.same}"] != self.seen[row.title]:
            yield f"is not the same as {row.same!r}"
        if row.keep:
            self.names[row.keep] = answer.header("Location")
        may_write = row.may_write and row.times == 1
        if not may_write and (tables := changed(before, after)):
            yield f"changed {', '.join(tables)}"

    def _browser_of(self, row: Row) -> Browser:
        if row.who not in self.people:
            raise KeyError(f"{row.title}: the table does not say who {row.who} is")
        if row.who == "stranger":
            return self._stranger.copy() if row.method == "POST" else Browser()
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


def attack(url: str, folder: Path, groups: tuple[str, ...] = (), without: str = "") -> Run:
    """Send the table to a server on a fresh database; of some groups only, if these are named.

    Afterwards the rules of the data are asked for. `without` leaves a protection out.
    """
    people, rows = read()
    world = make_world(url, folder)
    kept = KeptRows(url)
    try:
        with serving(url, folder, without) as port:
            chosen = [row for row in rows if not groups or row.group in groups]
            found = Runner(port, world, people, kept).run(chosen)
        with opened(url, folder):
            found.broken = findings(NOW)
    finally:
        kept.close()
    return found
