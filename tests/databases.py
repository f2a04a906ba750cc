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


class Postgres:
    """Copies of a template database."""

    def __init__(self, server: Server, folder: Path):
        self.server = server
        self._say("CREATE DATABASE template_booking")
        migrated(server.url("template_booking"), folder)

    def _say(self, statement: str) -> None:
        with psycopg.connect(
            f"user=postgres dbname=postgres host={self.server.folder}", autocommit=True
        ) as connection:
            connection.execute(statement)

    def fresh(self, _folder: Path) -> tuple[str, Callable[[], None]]:
        name = f"test_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template_booking STRATEGY file_copy")
        return self.server.url(name), lambda: self._say(f"DROP DATABASE {name} WITH (FORCE)")
