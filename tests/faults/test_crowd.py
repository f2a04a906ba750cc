"""A crowd at the real site: overlapping times of unequal length, many requests in flight."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from booking import guards
from booking.bookings import holds
from booking.database import db
from booking.domain.errors import SlotTaken
from booking.scheduling import calendar
from booking.upkeep.check import findings
from booking.web.fields import instant_text
from tests.faults.attempts import Attempt, _take
from tests.faults.bookings_seen import conflict, deadlocks, doubled, live_bookings
from tests.faults.browsers import Browser
from tests.faults.figures import FULL, size, tell
from tests.faults.sites import Site, sites
from tests.faults.wishes import CLOSES, GRID_MINUTES, OPENS

ATTEMPTS, DAYS, ROUNDS = size(60, 10_000), 14 if FULL else 2, 6
IN_FLIGHT = (200, 1_000) if FULL else (20,)


def wishes(offer, count: int, first_day: int = 2) -> list[Attempt]:
    """Starts and lengths at random, far more than fit into the days, by the clock on the wall."""
    dice = random.Random(first_day)
    dawn = datetime.now(ZoneInfo("America/New_York")).replace(hour=0, minute=0, second=0)
    ahead = [dawn.replace(microsecond=0) + timedelta(days=n) for n in range(first_day, 58)]
    days = [day for day in ahead if day.weekday() < 5][:DAYS]
    made = []
    for number in range(count):
        option = dice.choice(sorted(offer.needs))
        minute = dice.randrange(OPENS, CLOSES - offer.needs[option].minutes + 1, GRID_MINUTES)
        start = dice.choice(days) + timedelta(minutes=minute)
        made.append(Attempt(f"visitor{first_day}-{number}", option, start))
    return made


@dataclass
class Crowd:
    """What everybody was told, and how long each answer took in seconds."""

    group: Sequence[Site]
    answers: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    booked: list[Attempt] = field(default_factory=list)
    refused: list[Attempt] = field(default_factory=list)
    seconds: float = 0

    def press(self, attempts: Sequence[Attempt], in_flight: int) -> "Crowd":
        begun = time.monotonic()
        with ThreadPoolExecutor(in_flight) as pool:
            list(pool.map(self._attempt, range(len(attempts)), attempts))
        self.seconds = time.monotonic() - begun
        return self

    def _attempt(self, number: int, attempt: Attempt) -> None:
        browser = Browser(self.group[number % len(self.group)].address)
        option = str(attempt.option_id)
        pressed = {"option": option, "start": instant_text(attempt.starts_at)}
        status, location = self._send(browser, "/book", pressed)
        if status == 303:
            email = f"{attempt.visitor}@example.com"
            typed = {"name": attempt.visitor, "email": email, "policy": "y", "option": option}
            status, _location = self._send(browser, location, typed)
        (self.booked if status == 303 else self.refused).append(attempt)

    def _send(self, browser: Browser, path: str, fields: dict[str, str]) -> tuple[int, str]:
        begun = time.monotonic()
        answer = browser.post(path, fields)
        self.waits.append(time.monotonic() - begun)
        self.answers[answer.status] += 1
        return answer.status, answer.location

    @property
    def figures(self) -> dict[str, object]:
        waits = sorted(self.waits)
        return {
            "booked": len(self.booked),
            "answers": {str(status): number for status, number in sorted(self.answers.items())},
            "requests_a_second": round(len(waits) / self.seconds),
            "p50": round(waits[len(waits) // 2], 2),
            "p99": round(waits[len(waits) * 99 // 100], 2),
            "longest": round(waits[-1], 2),
            "seconds": round(self.seconds, 1),
        }


@pytest.mark.parametrize("in_flight", IN_FLIGHT)
def test_a_crowd_gets_every_time_that_can_be_kept_and_no_other(
    offer, database_url, tmp_path, engine_name, in_flight
):
    attempts = wishes(offer, ATTEMPTS)
    with sites(database_url, tmp_path, 2, WTF_CSRF_ENABLED=False, LOCK_SECONDS=60) as group:
        crowd = Crowd(group).press(attempts, in_flight)
    kept, circles = live_bookings(), deadlocks()
    turned_away = [
        one
        for one in crowd.refused
        if not any(conflict(offer.taken_by(one), taken) for taken in kept.values())
    ]
    tell(
        f"crowd of {in_flight:,}", engine_name, attempts=ATTEMPTS, **crowd.figures,
        doubled_pairs=doubled(kept.values()), refused_for_nothing=len(turned_away),
        deadlocks=circles,
    )  # fmt: skip
    assert set(crowd.answers) == {303, 409}, group[0].said()
    assert doubled(kept.values()) == circles == 0
    assert len(kept) == len(crowd.booked)
    assert turned_away == []
    assert findings(datetime.now(UTC)) == []


def naive(_app: Flask) -> None:
    """Look into the diary in one transaction, without a lock, and trust the answer in the next."""

    def hold(wish, visitor, practice, now, account=None):
        del account
        db.session.rollback()
        places = holds.find_places(wish, practice, now)
        db.session.rollback()
        if not places:
            raise SlotTaken
        db.session.connection(execution_options={"begin_immediate": True})
        return _take(wish, places[0], visitor, now)

    holds.hold = hold
    calendar.line_up = lambda _ids: None


def test_without_the_guard_a_crowd_books_times_that_cannot_both_be_kept(
    offer, database_url, tmp_path, engine_name
):
    """The control: no guard in the database, and look and claim are two transactions."""
    with db.engine.begin() as connection:
        guards.remove(connection)
    pairs = rounds = 0
    with sites(database_url, tmp_path, 2, naive, WTF_CSRF_ENABLED=False) as group:
        while not pairs and rounds < ROUNDS:
            attempts = wishes(offer, size(60, 1_000), 2 + 8 * rounds)
            crowd = Crowd(group).press(attempts, IN_FLIGHT[0])
            rounds += 1
            pairs = doubled(live_bookings().values())
    tell(
        f"crowd of {IN_FLIGHT[0]:,}", engine_name, control="the guard, and one transaction",
        attempts=len(attempts), **crowd.figures, doubled_pairs=pairs,
    )  # fmt: skip
    assert pairs > 0
