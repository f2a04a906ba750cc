"""Visitors who book one time after the other, and try again whenever no answer comes.

The token of the time they hold is the key: the same one again is the same booking.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from itertools import count
from urllib.error import URLError
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.catalog.models import Practitioner, Room, Service, ServiceOption
from booking.database import db, transact
from booking.practice.models import Practice
from booking.scheduling.models import OpeningHours
from booking.upkeep.check import findings
from booking.web.fields import instant_text
from tests import cast
from tests.faults.browsers import Answer, Browser
from tests.faults.sites import Site

MINUTES = 15
NO_ANSWER = (URLError, HTTPException, ConnectionError, TimeoutError)


@dataclass(frozen=True)
class Wide:
    """Many short times: option ids, each of a practitioner with a room of their own."""

    options: Sequence[int]

    def times(self) -> Iterator[tuple[int, datetime]]:
        """Every time of the next weeks by the clock on the wall, once, in an order of chance."""
        dawn = datetime.now(ZoneInfo("America/New_York")).replace(hour=9, minute=0, second=0)
        days = [dawn.replace(microsecond=0) + timedelta(days=n) for n in range(2, 56)]
        all_times = [
            (option, day + timedelta(minutes=minute))
            for option in self.options
            for day in days
            if day.weekday() < 5
            for minute in range(0, 8 * 60, MINUTES)
        ]
        random.Random(1).shuffle(all_times)
        return iter(all_times)


def widen(studio: cast.Studio, practitioners: int) -> Wide:
    """Add practitioners who give nothing but short sessions, each in a room of their own."""
    return transact(_widen, studio, practitioners)


def _widen(studio: cast.Studio, practitioners: int) -> Wide:
    db.session.get_one(Practice, 1).grid_minutes = MINUTES
    category_id = db.session.get_one(Service, studio.massage).category_id
    made = []
    for number in range(practitioners):
        room = Room(slug=f"cell-{number}", name=f"Cell {number}", position=10 + number)
        who = Practitioner(slug=f"p-{number}", name=f"Nora {number}", position=10 + number)
        option = ServiceOption(minutes=MINUTES, price_cents=1000)
        service = Service(
            category_id=category_id, slug=f"short-{number}", name=f"Short {number}",
            options=[option], practitioners=[who], rooms=[room],
        )  # fmt: skip
        db.session.add(service)
        db.session.flush()
        db.session.add_all(
            OpeningHours(practitioner_id=who.id, weekday=day, opens_minute=540, closes_minute=1020)
            for day in range(5)
        )
        made.append(option.id)
    return Wide(made)


@dataclass
class Callers:
    """Who calls the sites, and what they were told."""

    sites: Sequence[Site]
    wide: Wide
    # Whoever is `patient` sends the same again when no answer comes; otherwise they give up, or
    # with `afresh` choose another time and press anew, as if there were no key.
    patient: bool = True
    afresh: bool = False
    acknowledged: dict[str, str] = field(default_factory=dict)
    answers: Counter[int | str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._times = self.wide.times()
        self._lock = threading.Lock()
        self._names = count()

    @contextmanager
    def calling(self, threads: int = 6) -> Iterator["Callers"]:
        """Let them call for the time of the block; each ends what it has begun."""
        started = [threading.Thread(target=self._go_on, args=(n,)) for n in range(threads)]
        for thread in started:
            thread.start()
        try:
            yield self
        finally:
            self.stop.set()
            for thread in started:
                thread.join(120)

    def told(self) -> dict[str, int]:
        """How often each status was the answer, and how often none came."""
        return {str(status): number for status, number in sorted(self.answers.items(), key=str)}

    def wait_for(self, more: int) -> None:
        """Wait until so many more have been told that they are booked."""
        wanted, give_up = len(self.acknowledged) + more, time.monotonic() + 120
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < give_up, (self.answers, self.sites[0].said())
            time.sleep(0.005)

    def _go_on(self, seed: int) -> None:
        dice = random.Random(seed)
        while not self.stop.is_set():
            self.attempt(f"caller{next(self._names)}", dice)

    def attempt(self, name: str, dice: random.Random) -> None:
        """Book one time for a name that nobody else has."""
        typed = {"name": name, "email": f"{name}@example.com", "policy": "y"}
        while True:
            with self._lock:
                option, start = next(self._times)
            browser = Browser("")
            pressed = {"option": str(option), "start": instant_text(start)}
            held = self._send(browser, "/book", pressed, dice)
            if held is not None and held.status == 409:
                continue  # Their own hold of which no answer told them stands there.
            if held is None or held.status != 303:
                return
            begun = time.monotonic()
            told = self._send(browser, held.location, typed | {"option": str(option)}, dice)
            if told is not None and told.status == 303:
                self.waits.append(time.monotonic() - begun)
                self.acknowledged[held.location.rpartition("/")[2]] = name
                return
            if not self.afresh:
                return

    def _send(
        self, browser: Browser, path: str, fields: dict[str, str], dice: random.Random
    ) -> Answer | None:
        """Send a form until there is an answer; None when there was none and they gave up."""
        has_key = path != "/book"
        while True:
            try:
                answer = browser.at(dice.choice(self.sites).address).post(path, fields)
            except NO_ANSWER:
                self.answers["none"] += 1
                answer = None
            else:
                self.answers[answer.status] += 1
                if answer.status != 503:
                    return answer
            if not self.patient or (self.afresh and has_key):
                return answer
            time.sleep(dice.uniform(0, 0.05))


@dataclass
class Verdict:
    """What came of it in the database."""

    booked: int
    lost: int
    doubled: int
    unasked: int
    # What `flask check` finds: a booking without its mails, a claim of nobody, and so on.
    half: int


def judge(callers: Callers) -> Verdict:
    """Hold what visitors were told against the rows."""
    db.session.rollback()
    tokens = set(db.session.scalars(select(Booking.hold_token)))
    twice = (
        select(Person.email)
        .join(Booking, Booking.person_id == Person.id)
        .group_by(Person.email)
        .having(func.count(Booking.id) > 1)
    )
    doubled = len(db.session.scalars(twice).all())
    told, half = set(callers.acknowledged), len(findings(datetime.now(UTC)))
    db.session.rollback()
    return Verdict(len(tokens), len(told - tokens), doubled, len(tokens - told), half)
