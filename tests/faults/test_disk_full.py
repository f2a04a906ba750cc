"""The disk is full while people book: they are told so, nothing is half, and it heals by itself."""

import random
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from booking.database import db
from tests import apps, cast, postgres
from tests.conftest import NOW, USUAL
from tests.faults.browsers import Browser
from tests.faults.callers import Callers, Verdict, Wide, judge, widen
from tests.faults.deaths import hasty
from tests.faults.figures import size, tell
from tests.faults.sites import Prepare, sites
from tests.faults.small_disk import Disk, small_disk

TIMES = size(2, 20)
ROUNDS = 16
# How much more room is left each time, so that the end comes at another step of a booking.
LEAVE_BYTES = 12_288
# PostgreSQL's log is made in pieces beforehand: only tables meet the end of the disk.
MEGABYTES = {"sqlite": 12, "postgresql": 24}


class Full(NamedTuple):
    """A database on a disk that can be filled, and who may book there."""

    url: str
    disk: Disk
    wide: Wide


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def full(request, tmp_path) -> Iterator[Full]:
    kind = request.param
    with small_disk(MEGABYTES[kind]) as disk:
        if kind == "sqlite":
            url, _drop = request.getfixturevalue("sqlite_template").fresh(disk.folder)
            yield from _on(url, disk, tmp_path)
            return
        template = request.getfixturevalue("postgres_template")
        yield from _on_postgresql(template.server, disk, tmp_path)


def _on_postgresql(server: postgres.Server, disk: Disk, tmp_path) -> Iterator[Full]:
    """A database whose tables lie on the small disk; the server's log lies elsewhere."""
    say = partial(server.run, "psql", "-h", str(server.folder), "-U", "postgres", "-qc")
    where = ""
    if disk.is_real:
        server.own(disk.folder)
        say(f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
        where = "TABLESPACE small"
    say(f"CREATE DATABASE full_disk TEMPLATE template_booking STRATEGY file_copy {where}")
    try:
        yield from _on(server.url("full_disk"), disk, tmp_path)
    finally:
        say("DROP DATABASE full_disk WITH (FORCE)")
        if disk.is_real:
            say("DROP TABLESPACE small")


def _on(url: str, disk: Disk, tmp_path) -> Iterator[Full]:
    settings = {**USUAL, "SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": str(tmp_path)}
    app = apps.make(settings, FlaskClient)
    with app.app_context():
        wide = widen(cast.make_studio(NOW), 4)
        db.session.remove()
        yield Full(url, disk, wide)
        db.session.remove()
        db.engine.dispose()


def book_until_full(callers: Callers, name: str) -> None:
    """Book one time after the other until somebody is told that this cannot be done now."""
    dice, told = random.Random(1), callers.answers[503]
    for number in range(600):
        callers.attempt(f"{name}-{number}", dice)
        if callers.answers[503] > told:
            return
    raise AssertionError(f"the disk never seemed full: {callers.answers}")


def run(full: Full, tmp_path, prepare: Prepare | None, times: int) -> tuple[Callers, Verdict]:
    """Fill the disk and clear it again, so many times or until something is half."""
    with sites(full.url, tmp_path, 1, prepare, WTF_CSRF_ENABLED=False) as [site]:
        callers = Callers([site], full.wide, patient=False)
        for number in range(times):
            full.disk.fill(site.process.pid or 0, number * LEAVE_BYTES)
            book_until_full(callers, f"full-{number}")
            assert Browser(site.address).get("/services/short-0").status == 200
            full.disk.clear(site.process.pid or 0)
            before = len(callers.acknowledged)
            for attempt in range(3):
                callers.attempt(f"healed-{number}-{attempt}", random.Random(attempt))
            assert prepare or len(callers.acknowledged) == before + 3, callers.answers
            seen = judge(callers)
            if seen.half:
                break
    return callers, seen


def test_a_full_disk_is_said_and_heals_without_a_restart(full, tmp_path):
    callers, seen = run(full, tmp_path, None, TIMES)
    tell(
        "disk full", db.engine.dialect.name, times=TIMES, **vars(seen), answers=callers.told(),
        disk="tmpfs" if full.disk.is_real else "imitated",
    )  # fmt: skip
    assert set(callers.answers) <= {303, 409, 503}
    assert (seen.lost, seen.doubled, seen.unasked, seen.half) == (0, 0, 0, 0)


def test_on_a_full_disk_a_commit_after_each_step_leaves_something_half(full, tmp_path):
    """The control: each step in a transaction of its own."""
    _callers, seen = run(full, tmp_path, hasty, ROUNDS)
    tell("disk full", db.engine.dialect.name, control="a commit after each step", **vars(seen))
    assert seen.half > 0
