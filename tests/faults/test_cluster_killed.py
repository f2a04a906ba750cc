"""The whole PostgreSQL is killed while people book: nothing that was confirmed is lost."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.database import db
from tests import apps, cast, databases, postgres
from tests.conftest import NOW, USUAL, Browser
from tests.faults.callers import Callers, Wide, judge, widen
from tests.faults.figures import FULL, size, tell
from tests.faults.sites import sites

pytestmark = pytest.mark.postgresql
KILLS = size(2, 20)
ROUNDS = 5
# With it a commit is acknowledged up to thirty seconds before it is on the disk.
CARELESS = "-c synchronous_commit=off -c wal_writer_delay=10000"


@pytest.fixture
def cluster() -> Iterator[postgres.Server]:
    """A server of the test's own, which keeps what it says as in earnest.

    Killing processes takes nothing from what they gave to the kernel, so the short form does
    without the disk, which on a busy machine is slow.
    """
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and not FULL else Path("/tmp")
    with postgres.running(place=str(place)) as server:
        server.run("createdb", "-h", str(server.folder), "-U", "postgres", "booking")
        yield server


@pytest.fixture
def url(cluster, tmp_path) -> str:
    databases.migrated(cluster.url("booking"), tmp_path)
    return cluster.url("booking")


@pytest.fixture
def wide(url, tmp_path) -> Iterator[Wide]:
    settings = {**USUAL, "SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": str(tmp_path)}
    app = apps.make(settings, Browser)
    with app.app_context():
        made = widen(cast.make_studio(NOW), 1 + KILLS // 10)
        db.session.remove()
        yield made
        db.session.remove()
        db.engine.dispose()


def test_no_booking_is_lost_when_the_database_is_killed(
    cluster: postgres.Server, url: str, wide: Wide, tmp_path
):
    dice = random.Random(1)
    with (
        sites(url, tmp_path, 2, WTF_CSRF_ENABLED=False) as group,
        Callers(group, wide).calling() as callers,
    ):
        for _kill in range(KILLS):
            callers.wait_for(4)
            time.sleep(dice.uniform(0, 0.1))
            cluster.kill()
            _wait_for_503(callers)
            cluster.start()
        callers.wait_for(6)
    seen = judge(callers)
    answers = callers.told()
    tell("PostgreSQL killed", "postgresql", kills=KILLS, **vars(seen), answers=answers)
    assert set(callers.answers) <= {303, 409, 503}, [site.said() for site in group]
    assert (seen.lost, seen.doubled, seen.unasked, seen.half) == (0, 0, 0, 0)


def _wait_for_503(callers: Callers) -> None:
    before, give_up = callers.answers[503], time.monotonic() + 60
    while callers.answers[503] <= before:
        assert time.monotonic() < give_up, callers.answers
        time.sleep(0.01)


def test_a_database_that_does_not_wait_for_its_disk_loses_bookings(
    cluster: postgres.Server, url: str, wide: Wide, tmp_path
):
    """The control: `synchronous_commit = off`, which is faster."""
    cluster.stop()
    cluster.start(CARELESS)
    rounds, lost = 0, 0
    with sites(url, tmp_path, 1, WTF_CSRF_ENABLED=False) as group:
        callers = Callers(group, wide)
        while rounds < ROUNDS and not lost:
            callers.patient = True
            callers.stop.clear()
            with callers.calling():
                callers.wait_for(6)
                callers.patient = False
                callers.stop.set()
                cluster.kill()
            rounds += 1
            cluster.start(CARELESS)
            lost = judge(callers).lost
    tell(
        "PostgreSQL killed", "postgresql", control="synchronous_commit=off", kills=rounds, lost=lost
    )
    assert lost > 0
