"""Fixtures for all tests: both databases, a clock that stands still, the studio and its cast."""

import gc
import os
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from booking import clock
from booking.accounts import passwords
from booking.database import db
from tests import apps, cast, databases, everything, postgres

# How long an example takes says something of the machine and of what else it does.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

# Monday, 23 November 2026, 8:00 in New York: the studio opens in an hour.
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


# How passwords are hashed on an installed site.
SLOW = (passwords._hasher, passwords._NOBODY)

USUAL = {
    "TESTING": True,
    "SECRET_KEY": "tests-only-" + "k" * 40,
    "PUBLIC_URL": "http://localhost",
    "SMTP_URL": None,
    "MAIL_FROM": "studio@heronlane.example",
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "FORM_SECONDS": 0,
    "KEEP_PAGES": False,
    # No test asks the name service of the machine.
    "NAME_SERVERS": [],
}


def pytest_collection_finish() -> None:
    """Look for rubbish seldom, and not in what was imported: a fifth of the time goes there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords quickly: that it is slow on purpose matters to few tests (`slow_hashes`)."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody has this password"))
        yield


@pytest.fixture
def slow_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the installed site does."""
    hasher, nobody = SLOW
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", nobody)


class Clock:
    """A clock that only moves when a test says so."""

    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now

    def forward(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock(NOW)
    monkeypatch.setattr(clock, "utcnow", standing)
    return standing


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> databases.Sqlite:
    return databases.Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running("-c fsync=off") as server, pytest.MonkeyPatch.context() as patch:
        # Backups need the server's own pg_dump, which is not always the first one on the path.
        patch.setenv("PATH", f"{server.programs}{os.pathsep}{os.environ['PATH']}")
        yield server


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[databases.Postgres]:
    template = databases.Postgres(postgres_server, tmp_path_factory.mktemp("postgres"))
    yield template
    apps.let_go()
    template.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: each test that asks runs on both engines."""
    name = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    url, drop = request.getfixturevalue(name).fresh(tmp_path)
    yield url
    drop()


@pytest.fixture
def settings(tmp_path: Path) -> dict:
    """What a test may change before `app` is made."""
    return {**USUAL, "INSTANCE_PATH": str(tmp_path / "instance")}


class Browser(FlaskClient):
    """A browser whose requests are each on their own, as those of a real server are.

    A test keeps an application context open; without this, its `g` and its database session
    would be shared by all requests of the test.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(self._open_whole, *args, **kwargs)

    def _open_whole(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.is_streamed:
            answer.get_data()  # Reads a file to its end, so that it is closed.
            answer.close()
        return answer


@pytest.fixture
def make_app(database_url: str, settings: dict, now: Clock) -> Iterator[Callable[..., Flask]]:
    """Make the application on the test's database, with settings of the test's own."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        wanted = {**settings, "SQLALCHEMY_DATABASE_URI": database_url, **changes}
        app = apps.make(wanted, Browser)
        made.append(app)
        return app

    yield make
    for app in made:
        if kept := app.extensions.get("kept_pages"):
            kept.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database_url: str, settings: dict, now: Clock
) -> Iterator[Flask]:
    """The application as most tests want it: one for all of them that change no setting."""
    if settings == {**USUAL, "INSTANCE_PATH": settings["INSTANCE_PATH"]}:
        with apps.lent(database_url, settings, Browser) as app:
            yield app
        return
    app = request.getfixturevalue("make_app")()
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def studio(app: Flask, now: Clock) -> cast.Studio:
    """A studio with Lena and Marco, two rooms, massage and training; Ada and Bob are clients."""
    made = cast.make_studio(now())
    db.session.remove()
    return made


@pytest.fixture
def own(studio: cast.Studio, now: Clock) -> dict[str, Any]:
    """Something of everything: each route finds in it what its address names."""
    return everything.make_everything(studio, now())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser. Tests push an application context; each request gets its own."""
    return app.test_client()


@pytest.fixture
def browser_of(app: Flask, studio: cast.Studio, now: Clock) -> Callable[[str], FlaskClient]:
    """Give browsers, each of its own, in which somebody of the studio has signed in."""

    def make(name: str) -> FlaskClient:
        browser = app.test_client()
        cast.sign_in(browser, studio.accounts[name], now())
        return browser

    return make


@pytest.fixture
def lena(browser_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """The browser of a practitioner who is signed in."""
    return browser_of("lena")


@pytest.fixture
def mara(browser_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """The browser of the manager, who is signed in."""
    return browser_of("mara")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements run since the test last cleared the list."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
