"""Processes that race: each is an application of its own, and all of them start at one barrier."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from booking import create_app
from booking.database import db
from tests.faults.attempts import Outcome, Try, run
from tests.faults.forks import CONTEXT

# How long anybody waits for the others at the start, in seconds.
PATIENCE = 60


@dataclass(frozen=True)
class Race:
    """How all attempts ended, and how long that took in seconds."""

    outcomes: Sequence[Outcome]
    seconds: float

    @property
    def booked(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.booking_id is not None]

    @property
    def refused(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.refusal]

    @property
    def faults(self) -> Counter[str]:
        return Counter(one.fault for one in self.outcomes if one.fault)

    @property
    def figures(self) -> dict[str, float]:
        return {
            "attempts": len(self.outcomes),
            "booked": len(self.booked),
            "refused": len(self.refused),
            "errors": self.faults.total(),
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True)
class Crew:
    """Processes that are kept from race to race, and what lets them start together."""

    pool: ProcessPoolExecutor
    manager: Any

    def race(
        self,
        settings: dict,
        attempts: Sequence[Try],
        way: Any,
        now: datetime,
        *,
        processes: int,
        threads: int,
    ) -> Race:
        """Deal the attempts out to threads of processes; return how each of them ended."""
        start = self.manager.Barrier(processes)
        parts = [
            self.pool.submit(_take_part, settings, attempts[n::processes], way, now, start, threads)
            for n in range(processes)
        ]
        ended = [part.result() for part in parts]
        outcomes = [one for outcomes, _seconds in ended for one in outcomes]
        return Race(outcomes, max(seconds for _outcomes, seconds in ended))


@contextmanager
def crew_of(processes: int, prepare: Callable[[], None] | None = None) -> Iterator[Crew]:
    """A crew for the time of the block. Each process runs `prepare` before anything else."""
    with CONTEXT.Manager() as manager, ProcessPoolExecutor(processes, CONTEXT, prepare) as pool:
        yield Crew(pool, manager)


def _take_part(
    settings: dict, attempts: Sequence[Try], way: Any, now: datetime, start: Any, threads: int
) -> tuple[list[Outcome], float]:
    """Run this process's share: what came of it, and how long that took from the common start."""
    connections = {"pool_pre_ping": True, "pool_size": threads}
    # A machine that does much else may take long over a crowd.
    patient = {"SQLALCHEMY_ENGINE_OPTIONS": connections, "LOCK_SECONDS": PATIENCE}
    app = create_app({**settings, **patient})
    gate = Gate(threads, start)

    def one_after_another(share: Sequence[Try]) -> list[Outcome]:
        with app.app_context():
            db.session.connection()  # So that nobody is late because they connect.
            gate.wait()
        return [_as_a_request(app, way, attempt, now) for attempt in share]

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(one_after_another, [attempts[n::threads] for n in range(threads)]))
    seconds = time.monotonic() - gate.opened
    with app.app_context():
        db.engine.dispose()
    return [one for part in parts for one in part], seconds


class Gate:
    """Opens when all threads of all processes stand at it."""

    def __init__(self, threads: int, start: Any):
        self.opened = 0.0
        self._processes = start
        self._threads = threading.Barrier(threads, action=self._open)

    def _open(self) -> None:
        self._processes.wait(PATIENCE)
        self.opened = time.monotonic()

    def wait(self) -> None:
        self._threads.wait(PATIENCE)


def _as_a_request(app: Flask, way: Any, attempt: Try, now: datetime) -> Outcome:
    with app.app_context():
        return run(way, attempt, now)
