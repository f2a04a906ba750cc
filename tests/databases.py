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
      SELECT attrelid || '.' || attname || '.' || attisdropped FROM pg_attribute
      JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
      UNION ALL SELECT conname FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger
    ) AS shape (one)"""
# Whoever has not ended what it began; a connection that only waits to be used again may stay.
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
BEGIN_ANEW = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""


class Postgres:
    """Copies of a template database; one that a test has left is emptied for the next.

    Emptying takes a fiftieth of the time that copying does: only tables that hold rows are
    touched, by a connection that stays.
    """

    def __init__(self, server: Server, folder: Path):
        self.server = server
        self.waiting: list[str] = []
        self.cleaners: dict[str, psycopg.Connection] = {}
        self._say("CREATE DATABASE template_booking")
        migrated(server.url("template_booking"), folder)
        with self._in("template_booking") as connection:
            self.shape = self._shape_of(connection)
            rows = connection.execute(
                "SELECT tablename FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
            names = [name for (name,) in rows]
            found = ", ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)
            self.filled = f"SELECT array_remove(ARRAY[{found}], NULL)"

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
        if name not in self.cleaners:
            self.cleaners[name] = self._in(name)
            # The guards are triggers: as a replica, the connection empties what they protect.
            self.cleaners[name].execute("SET session_replication_role = replica")
        connection = self.cleaners[name]
        connection.execute(OTHERS)
        if self._shape_of(connection) == self.shape:
            self._empty(connection)
            self.waiting.append(name)
        else:
            self.cleaners.pop(name).close()
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _empty(self, connection: psycopg.Connection) -> None:
        row = connection.execute(self.filled).fetchone()
        assert row is not None
        with connection.transaction():
            for table in row[0]:
                connection.execute(f"DELETE FROM {table}")
            connection.execute(BEGIN_ANEW)
        # Deadlocks are counted in a database for as long as it lives.
        connection.execute("SELECT pg_stat_reset()")

    def close(self) -> None:
        for connection in self.cleaners.values():
            connection.close()

    @staticmethod
    def _shape_of(connection: psycopg.Connection) -> str:
        row = connection.execute(SHAPE).fetchone()
        assert row is not None
        return row[0]
