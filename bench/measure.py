"""Measuring in rounds: the floor and a page in turns, so that other load falls on both alike."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from bench import pages, sites
from bench.load import Load, Visit, ask, drive, request
from bench.pages import Bookings, Page
from bench.servers import Server, served_here, serving
from bench.statements import counting
from booking.database import db

CONNECTIONS = 8
BOOKING = "a whole booking"


@dataclass
class Figure:
    """What was found of one page, kept or anew, with so many bookings behind."""

    name: str
    way: str
    size: int
    statements: int = 0
    bytes: int = 0
    rates: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The page's visits a second as a share of the floor's, the median of the rounds."""
        return statistics.median(self.ratios)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


@dataclass(frozen=True)
class Plan:
    """What is measured, and for how long."""

    sizes: Sequence[int]
    rounds: int
    seconds: float
    bookings: int
    only: str = ""

    def wants(self, name: str) -> bool:
        return self.only.lower() in name.lower()


# Runs one figure's share of a round on a server.
Run = Callable[[], Load]


def compare(kind: str, urls: dict[int, str], folder: Path, plan: Plan) -> list[Figure]:
    """Measure all pages on one kind of server; `urls` are the databases by their size."""
    with ExitStack() as stack:
        servers = {
            size: stack.enter_context(serving(kind, "site", url, folder))
            for size, url in urls.items()
        }
        ground = stack.enter_context(serving(kind, "floor", urls[min(urls)], folder))
        runs: list[tuple[Figure, Run]] = []
        for size, url in urls.items():
            with sites.application(url, folder) as app, served_here(app) as here:
                runs += _runs_of(app, here, size, servers[size], plan)
        return measured(ground, runs, plan)


def measured(ground: Server, runs: list[tuple[Figure, Run]], plan: Plan) -> list[Figure]:
    """Go round by round over all figures, each beside the floor of its own moment."""
    for _figure, run in runs:
        run()  # What is compiled and read once is not part of it.
    base = pages.floor().visits(anew=False)
    drive(ground.port, base, CONNECTIONS, plan.seconds)
    for _round in range(plan.rounds):
        for figure, run in runs:
            before = drive(ground.port, base, CONNECTIONS, plan.seconds / 2)
            load = run()
            after = drive(ground.port, base, CONNECTIONS, plan.seconds / 2)
            figure.rates.append(load.rate)
            figure.ratios.append(load.rate / statistics.mean([before.rate, after.rate]))
    return [figure for figure, _run in runs]


def _runs_of(
    app: Flask, here: int, size: int, server: Server, plan: Plan
) -> Iterator[tuple[Figure, Run]]:
    """Give what is measured on one server; `here` is the port of the site in this process."""
    for page in pages.all_pages(app):
        if not plan.wants(page.name):
            continue
        weight = _weight(page, server)
        for anew in (False, True) if page.is_kept else (True,):
            visits = page.visits(anew=anew)
            # A page that is kept asks for the state of the database, past SQLAlchemy.
            count = _statements(here, iter([visits() for _ask in range(3)])) + (not anew)
            figure = Figure(page.name, "anew" if anew else "kept", size, count, weight)
            yield figure, _run_of(page, server, plan, anew=anew)
    if plan.wants(BOOKING):
        times = pages.free_times()
        local, bookings = Bookings(here, iter(times[:2])), Bookings(server.port, iter(times[2:]))
        local.prepare(2)
        counted = _statements(here, iter(local.ready))
        yield Figure(BOOKING, "anew", size, counted), _booking_run(bookings, plan)


def _run_of(page: Page, server: Server, plan: Plan, *, anew: bool) -> Run:
    visits = page.visits(anew=anew)
    return lambda: drive(server.port, visits, CONNECTIONS, plan.seconds)


def _booking_run(bookings: Bookings, plan: Plan) -> Run:
    def run() -> Load:
        bookings.prepare(plan.bookings)
        return drive(bookings.port, bookings.next, CONNECTIONS, 60)

    return run


def _weight(page: Page, server: Server) -> int:
    """Return the bytes of a page, less its headers."""
    answer = ask(server.port, request("GET", page.path, Cookie=page.cookie))
    pages.require(answer, 200, page.name)
    return len(answer.body)


def _statements(here: int, visits: Iterator[Visit]) -> int:
    """Return how many statements the last of some visits runs, in the site of this process."""
    count = 0
    for visit in visits:
        with counting(db.engine) as seen:
            drive(here, iter([visit, None]).__next__, 1, 60)
        count = len(seen)
    return count
