"""What is asked for: the pages, and a whole booking as a visitor makes it."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from bench import sites
from bench.load import Answer, Visit, ask, request
from booking import clock
from booking.accounts.models import Account
from booking.articles import queries as articles
from booking.catalog.queries import find_service, live_options, terms_of
from booking.domain.availability import DAY, local_date
from booking.domain.openings import openings_on
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary
from booking.web.fields import instant_text
from tests import cast

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
SHOWN = re.compile(rb'name="shown" value="([^"]*)"')
# How far ahead a page of openings is asked for, on a day of which there are some.
WEDNESDAY = 2
AHEAD = timedelta(days=20)


@dataclass(frozen=True)
class Page:
    """A page by the name that the table gives it; `cookie` is of who is signed in.

    `is_kept` says that it is rendered once while nothing is committed: for all strangers, or for
    the one session of the cookie.
    """

    name: str
    path: str
    cookie: str = ""
    is_kept: bool = False

    def visits(self, *, anew: bool) -> Callable[[], Visit]:
        """Give visits to this page; `anew`, each to an address that nobody has asked for before."""
        if not anew:
            wanted = request("GET", self.path, Cookie=self.cookie)
            return lambda: _visit(wanted, self.name)
        mark = "&" if "?" in self.path else "?"
        return lambda: _visit(
            request("GET", f"{self.path}{mark}n={next(_numbers)}", Cookie=self.cookie), self.name
        )


_numbers = itertools.count()


def _visit(wanted: bytes, name: str) -> Visit:
    answer = yield wanted
    require(answer, 200, name)


def require(answer: Answer, status: int, name: str) -> None:
    """Raise SystemExit with what was answered when it is not what a measurement may count."""
    if answer.status != status:
        raise SystemExit(f"{name}: answered {answer.status}\n{answer.body[:2000].decode()}")


def floor() -> Page:
    return Page("floor", f"/floor/{sites.SLUG}")


def all_pages(app: Flask) -> list[Page]:
    """Return the pages that are measured; the application is one on the same database."""
    staff = sign_in(app)
    day = local_date(clock.utcnow() + AHEAD, practice.current().zone)
    day += (WEDNESDAY - day.weekday()) % 7 * DAY
    article = articles.published(clock.utcnow()).articles[0]
    service = f"/services/{sites.SLUG}"
    return [
        Page("home", "/", is_kept=True),
        Page("service page with a week strip", f"{service}?day={day}", is_kept=True),
        Page("a day's openings alone", f"{service}/openings?day={day}", is_kept=True),
        Page("month of openings", f"{service}/month/{day:%Y-%m}", is_kept=True),
        Page("week grid, signed in", f"/studio/week/{day}", staff, is_kept=True),
        Page("article", f"/read/{article.slug}", is_kept=True),
        Page("search", "/read?q=back+pain", is_kept=True),
        Page("sign-in page", "/sign-in"),
    ]


def sign_in(app: Flask) -> str:
    """Sign the demo's manager in and return the cookie, as it is once a page has been seen."""
    client = app.test_client()
    mara = app.extensions["sqlalchemy"].session.scalar(
        select(Account.id).where(Account.email == "mara@heronlane.example")
    )
    cast.sign_in(client, mara, clock.utcnow())
    client.get("/studio")
    found = client.get_cookie("session")
    return f"session={found.value}" if found else ""


@dataclass(frozen=True)
class Wanted:
    """A time to book that is on no other's way."""

    option_id: int
    start: datetime
    practitioner_id: int


def free_times() -> list[Wanted]:
    """Return times of the first massage that do not lie over each other, of each practitioner."""
    service = find_service(sites.SLUG)
    if service is None:
        raise LookupError(sites.SLUG)
    option = live_options(service)[0]
    terms = terms_of([option])[option.id]
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    last = studio.policy.furthest(now, studio.zone)
    diary = load_diary([terms], today, last, studio.zone, now)
    found = []
    # A room may be what is scarce, so nobody else's time begins before this one has ended.
    free_from = now
    day = today + 2 * DAY
    while day <= last:
        for opening in openings_on(day, terms, diary, studio.policy, now):
            if opening.starts_at >= free_from:
                found.append(Wanted(option.id, opening.starts_at, opening.practitioner_ids[0]))
                free_from = terms.demand.whole(opening.starts_at).end
        day += DAY
    return found


class Bookings:
    """Visitors who book, each another time, from an address of their own.

    Their first look at the page, with its cookie and its token, is not part of what is measured.
    """

    def __init__(self, port: int, times: Iterator[Wanted]):
        self.port, self.times = port, times
        self.ready: list[Visit] = []

    def prepare(self, count: int) -> None:
        self.ready = [_book(self.port, one) for one in itertools.islice(self.times, count)]

    def next(self) -> Visit | None:
        return self.ready.pop() if self.ready else None


def _book(port: int, wanted: Wanted) -> Visit:
    """Return the visit of one who has the page of the service before them."""
    number = next(_numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    page = ask(port, request("GET", f"/services/{sites.SLUG}", X_Forwarded_For=address))
    require(page, 200, "the service's page")
    return _press(wanted, page.cookie, _find(TOKEN, page), address, number)


def _press(wanted: Wanted, cookie: str, token: str, address: str, number: int) -> Visit:
    fields = {
        "csrf_token": token, "option": wanted.option_id, "practitioner": wanted.practitioner_id,
        "start": instant_text(wanted.start),
    }  # fmt: skip
    answer = yield _post("/book", fields, cookie, address)
    require(answer, 303, "holding")
    cookie, path = answer.cookie or cookie, answer.location
    answer = yield request("GET", path, Cookie=cookie, X_Forwarded_For=address)
    require(answer, 200, "the details")
    fields = {
        "csrf_token": _find(TOKEN, answer), "shown": _find(SHOWN, answer),
        "option": wanted.option_id, "name": f"Grace Hill {number}",
        "email": f"bench{number}@example.com", "phone": "", "note": "", "policy": "y",
    }  # fmt: skip
    answer = yield _post(path, fields, answer.cookie or cookie, address)
    require(answer, 303, "booking")


def _post(path: str, fields: dict[str, object], cookie: str, address: str) -> bytes:
    return request("POST", path, urlencode(fields), Cookie=cookie, X_Forwarded_For=address)


def _find(what: re.Pattern[bytes], answer: Answer) -> str:
    found = what.search(answer.body)
    if found is None:
        raise SystemExit(f"nothing like {what.pattern.decode()} on the page")
    return found[1].decode()
