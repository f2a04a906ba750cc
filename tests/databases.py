"""A fresh, migrated database for each test, on both engines: a copy of one made by migrating."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
from flask_migrate import upgrade

from booking import create_app
from tests.postgres import Server

_numbers = count()


def migrated(url: str, folder: Path) -> None:
    """Build the database at `url` the way an installation does: by running the migrations."""
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": str(folder), "SECRET_KEY": "k" * 40}
    )
    with app.app_context():
        upgrade()
        from booking.database import db

        db.engine.dispose()


class Sqlite:
    """Copies of a file."""

    def __init__(self, folder: Path):
        self.template = folder / "template.sqlite3"
        migrated(f"sqlite:///{self.template}", folder)

    def fresh(self, folder: Path) -> tuple[str, Callable[[], None]]:
        path = folder / "booking.sqlite3"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}", lambda: None


# What a database looks like: a test that changed it leaves one that no other test gets.
SHAPE = """
    SELECT md5(string_agg(one, ' ' ORDER BY one)) FROM (
      SELECT table_name || '.' || column_name FROM information_schema.columns
      WHERE table_schema = 'public'
      UNION ALL SELECT conname FROM pg_constraint
      UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger
      UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public'
    ) AS shape (one)"""
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class Postgres:
    """Copies of a template database; one that a test has left is emptied for the next.

    Emptying takes a tenth of the time that copying does.
    """

    def __init__(self, server: Server, folder: Path):
        self.server = server
        self.waiting: list[str] = []
        self._say("CREATE DATABASE template_booking")
        migrated(server.url("template_booking"), folder)
        with self._in("template_booking") as connection:
            self.shape = self._shape_of(connection)
            rows = connection.execute(
                "SELECT tablename FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
            self.tables = ", ".join(name for (name,) in rows)

    def _in(self, name: str) -> psycopg.Connection:
        return psycopg.connect(
            f"user=postgres dbname={name} host={self.server.folder}", autocommit=True
        )

    def _say(self, statement: str) -> None:
        with self._in("postgres") as connection:
            connection.execute(statement)

    def fresh(self, _folder: Path) -> tuple[str, Callable[[], None]]:
        if self.waiting:
            name = self.waiting.pop()
        else:
            name = f"test_{next(_numbers)}"
            self._say(f"CREATE DATABASE {name} TEMPLATE template_booking STRATEGY file_copy")
        return self.server.url(name), lambda: self._leave(name)

    def _leave(self, name: str) -> None:
        with self._in(name) as connection:
            connection.execute(OTHERS)
            if is_whole := self._shape_of(connection) == self.shape:
                # The guards are triggers: as a replica, the connection empties what they protect.
                connection.execute("SET session_replication_role = replica")
                connection.execute(f"TRUNCATE {self.tables} RESTART IDENTITY CASCADE")
                # Deadlocks are counted in a database for as long as it lives.
                connection.execute("SELECT pg_stat_reset()")
        if is_whole:
            self.waiting.append(name)
        else:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    @staticmethod
    def _shape_of(connection: psycopg.Connection) -> str:
        row = connection.execute(SHAPE).fetchone()
        assert row is not None
        return row[0]
