"""Copies taken while people book: each is whole and holds all that was confirmed before it."""

import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, select

from booking.bookings.models import Booking
from booking.database import db
from booking.scheduling.models import Claim
from booking.upkeep.backup import load, save
from booking.upkeep.check import findings
from tests.faults.callers import Callers, widen
from tests.faults.figures import size, tell
from tests.faults.sites import sites

COPIES = size(3, 40)
ROUNDS = 5


def test_every_copy_is_whole_and_misses_nothing_that_was_confirmed(
    app, studio, database_url, tmp_path, engine_name
):
    copies: list[tuple[Path, set[str]]] = []
    wide = widen(studio, 1 + COPIES // 20)
    with sites(database_url, tmp_path, 2, WTF_CSRF_ENABLED=False) as group:
        callers, begun = Callers(group, wide), time.monotonic()
        with callers.calling():
            for number in range(COPIES):
                callers.wait_for(3)
                confirmed = set(callers.acknowledged)
                save(tmp_path / f"copy-{number}")
                copies.append((tmp_path / f"copy-{number}", confirmed))
        seconds = time.monotonic() - begun
    whole = missed = 0
    for path, confirmed in copies:
        db.session.remove()
        load(path)
        missed += len(confirmed - set(db.session.scalars(select(Booking.hold_token))))
        whole += findings(datetime.now(UTC)) == []
    tell(
        "backups", engine_name, copies=COPIES, restored_whole=whole, commits_missed=missed,
        booked=len(callers.acknowledged), bookings_a_second=round(len(callers.waits) / seconds, 1),
    )  # fmt: skip
    assert (whole, missed) == (COPIES, 0)


def test_copying_the_file_or_table_after_table_misses_what_was_confirmed(
    app, studio, database_url, tmp_path, engine_name
):
    """The control: `cp` of the file on SQLite; on PostgreSQL a transaction for each table."""
    missed = rounds = 0
    with (
        sites(database_url, tmp_path, 1, WTF_CSRF_ENABLED=False) as group,
        Callers(group, widen(studio, 1)).calling() as callers,
    ):
        while not missed and rounds < ROUNDS:
            callers.wait_for(3)
            rounds += 1
            if engine_name == "sqlite":
                missed = _missed_by_cp(database_url, tmp_path / f"cp-{rounds}", callers)
            else:
                missed = _without_claim(callers)
    control = "cp of the file" if engine_name == "sqlite" else "a transaction for each table"
    tell("backups", engine_name, control=control, copies=rounds, commits_missed=missed)
    assert missed > 0


def _missed_by_cp(url: str, copy: Path, callers: Callers) -> int:
    confirmed = set(callers.acknowledged)
    shutil.copyfile(make_url(url).database or "", copy)
    with closing(sqlite3.connect(copy)) as connection:
        try:
            rows = connection.execute("SELECT hold_token FROM booking").fetchall()
        except sqlite3.DatabaseError:
            return len(confirmed)  # The copy is damaged.
    return len(confirmed - {token for (token,) in rows})


def _without_claim(callers: Callers) -> int:
    """Count the bookings in such a copy whose time is not in it."""
    db.session.rollback()
    claims = set(db.session.scalars(select(Claim.id)))
    db.session.rollback()
    callers.wait_for(8)  # A table of many rows takes its time.
    booked = set(db.session.scalars(select(Booking.claim_id)))
    db.session.rollback()
    return len(booked - claims)
