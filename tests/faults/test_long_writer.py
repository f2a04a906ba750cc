"""Somebody writes for long: visitors are told so soon, pages are shown, and then all is well."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from booking.database import db
from booking.upkeep.check import findings
from booking.web.fields import instant_text
from tests.faults.browsers import Answer, Browser
from tests.faults.callers import widen
from tests.faults.figures import size, tell
from tests.faults.sites import sites

# The full form writes for forty seconds and leaves the site as patient as it comes.
WRITES, PATIENCE = size(0, 40), size(1, 10)
# More than a site has threads.
PRESSES = 10


@contextmanager
def writer() -> Iterator[None]:
    """Somebody who writes for the time of the block; reading is not in their way."""
    with db.engine.connect().execution_options(begin_immediate=True) as connection:
        if db.engine.dialect.name == "sqlite":
            connection.execute(text("UPDATE practice SET name = name"))
        else:
            connection.execute(text("LOCK TABLE claim, resource IN EXCLUSIVE MODE"))
        yield
        connection.rollback()


@pytest.fixture
def press_all(studio) -> Callable:
    times = widen(studio, 1).times()

    def press(address: str) -> tuple[list[threading.Thread], list[tuple[Answer, float]]]:
        answers: list[tuple[Answer, float]] = []

        def one(option: int, start: datetime) -> None:
            begun = time.monotonic()
            fields = {"option": str(option), "start": instant_text(start)}
            answer = Browser(address).post("/book", fields)
            answers.append((answer, time.monotonic() - begun))

        started = [threading.Thread(target=one, args=next(times)) for _ in range(PRESSES)]
        for thread in started:
            thread.start()
        return started, answers

    return press


def test_visitors_are_told_soon_that_somebody_writes_and_nothing_stays_behind(
    app, database_url, tmp_path, engine_name, press_all
):
    changes = {"WTF_CSRF_ENABLED": False, "LOCK_SECONDS": PATIENCE, "KEEP_PAGES": False}
    with sites(database_url, tmp_path, 1, **changes) as [site]:
        begun = time.monotonic()
        with writer():
            assert Browser(site.address).get("/services/short-0").status == 200
            pressing, answers = press_all(site.address)
            for thread in pressing:
                thread.join(60)
            told = sorted(answer.status for answer, _seconds in answers)
            longest = max(seconds for _answer, seconds in answers)
            time.sleep(max(0, WRITES - (time.monotonic() - begun)))
            page = Browser(site.address).get("/services/short-0").status
        wrote = time.monotonic() - begun
        pressing, after = press_all(site.address)
        for thread in pressing:
            thread.join(60)
    found = findings(datetime.now(UTC))
    tell(
        "long writer", engine_name, wrote_seconds=round(wrote, 1), presses=PRESSES,
        patience_seconds=PATIENCE, unavailable=told.count(503), longest_wait=round(longest, 1),
        held_afterwards=sum(answer.status == 303 for answer, _seconds in after), half=len(found),
    )  # fmt: skip
    assert told == [503] * PRESSES, site.said()
    assert {answer.retry_after for answer, _seconds in answers} == {"5"}
    assert page == 200
    assert [answer.status for answer, _seconds in after] == [303] * PRESSES
    assert found == []


def test_a_site_that_is_too_patient_shows_nothing_meanwhile(
    app, database_url, tmp_path, engine_name, press_all
):
    """The control: all its threads wait for the writer, and the next page with them."""
    changes = {"WTF_CSRF_ENABLED": False, "LOCK_SECONDS": 60, "WEB_THREADS": 2}
    with sites(database_url, tmp_path, 1, **changes) as [site]:
        page: list[Answer] = []
        look = threading.Thread(
            target=lambda: page.append(Browser(site.address).get("/services/short-0"))
        )
        with writer():
            pressing, answers = press_all(site.address)
            pressing[0].join(1)
            look.start()
            look.join(2)
            seen = len(page) + len(answers)
        for thread in [*pressing, look]:
            thread.join(60)
    tell("long writer", engine_name, control="patience of 60 s", answers_meanwhile=seen)
    assert seen == 0
    assert [one.status for one in page] == [200]
