"""Databases to measure on: the demo practice, with so many bookings behind it, on both engines."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from bench.rows import HOURS, Kind, add_bookings
from bench.servers import SECRET
from booking import clock, create_app
from booking.bookings.models import Booking
from booking.catalog.queries import find_service, live_options, terms_of
from booking.database import db
from booking.demo import fill
from tests import postgres

ENGINES = ("sqlite", "postgresql")
SLUG = "therapeutic-massage"


@contextmanager
def application(url: str, folder: Path) -> Iterator[Flask]:
    """The application in this process, its context pushed, its connections closed afterwards."""
    app = create_app({
        "SECRET_KEY": SECRET, "SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": str(folder),
        "PUBLIC_URL": "http://127.0.0.1", "FORM_SECONDS": 0, "PROXY_COUNT": 1,
    })  # fmt: skip
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def demo() -> Iterator[Flask]:
    """The demo practice in a folder that is removed afterwards, on SQLite."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with application(f"sqlite:///{folder}/bench.sqlite3", folder) as app:
            upgrade()
            fill.fill(clock.utcnow())
            yield app


class Sites:
    """Copies of one demo, each with its own number of bookings behind it.

    A copy with more is made of the one before, so that the largest number is written once.
    """

    def __init__(self, engine: str, folder: Path, stack: ExitStack):
        self.engine, self.folder = engine, folder
        if engine == "postgresql":
            # As durable as in earnest: nothing of its settings is made faster.
            self.server = stack.enter_context(postgres.running())

    def make(self, sizes: list[int]) -> dict[int, str]:
        """Return the address of a database for each number of bookings, the numbers ascending."""
        made: dict[int, str] = {}
        before = None
        for size in sizes:
            url = self._copy(f"behind_{size}", before)
            with application(url, self.folder):
                if before is None:
                    upgrade()
                    fill.fill(clock.utcnow())
                _add_behind(size - max(made, default=0))
                self._settle(url)
            made[size] = before = url
        return made

    def _copy(self, name: str, source: str | None) -> str:
        if self.engine == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            if source:
                shutil.copyfile(source.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        template = f"TEMPLATE {source.split('@/')[1].split('?')[0]}" if source else ""
        self._say("postgres", f"CREATE DATABASE {name} {template}")
        return self.server.url(name)

    def _settle(self, url: str) -> None:
        """Bring files into the state in which they would be after a night."""
        db.session.remove()
        db.engine.dispose()
        if self.engine == "postgresql":
            self._say(url.split("@/")[1].split("?")[0], "VACUUM ANALYZE")
            return
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")

    def _say(self, database: str, statement: str) -> None:
        address = f"user=postgres dbname={database} host={self.server.folder}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def kind() -> Kind:
    """Return what is booked in great number: the first length of the demo's first massage."""
    service = find_service(SLUG)
    if service is None:
        raise LookupError(SLUG)
    option = live_options(service)[0]
    return Kind(service.id, option.id, terms_of([option])[option.id].practitioner_ids)


def _add_behind(count: int) -> None:
    """Write bookings before the first there is, so that none of them lies over another."""
    if not count:
        return
    what, now = kind(), clock.utcnow()
    first = db.session.scalar(select(Booking.starts_at).order_by(Booking.starts_at).limit(1)) or now
    days = -(-count // (len(HOURS) * len(what.practitioner_ids))) + 2
    began: datetime = (first - timedelta(days=days)).replace(hour=0, minute=0, second=0)
    add_bookings(what, count, began.replace(microsecond=0), now)
