"""One application for the many tests that change no setting, each on a database of its own.

Making one takes longer than most tests do: addresses are compiled, and SQLAlchemy keeps what it
has compiled with the engine. So the application stays and its engine goes on to the next database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event, make_url

from booking import create_app
from booking.database import db


class Bytecode(BytecodeCache):
    """Templates as they were compiled for an earlier application."""

    def __init__(self):
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Bytecode()
# By the kind of database.
_lasting: dict[str, Flask] = {}


def make(settings: dict[str, Any], client: type[FlaskClient]) -> Flask:
    """Make an application of a test's own."""
    app = create_app(settings)
    app.test_client_class = client
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def follow_address(engine: Engine) -> None:
    """Let an engine connect to wherever its address points by then."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        args[:], fresh = dialect.create_connect_args(engine.url)
        named.clear()
        named.update(fresh)


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def lent(url: str, settings: dict[str, Any], client: type[FlaskClient]) -> Iterator[Flask]:
    """Lend the application that lasts, on the database at `url`, with these settings."""
    kind = make_url(url).get_backend_name()
    if kind not in _lasting:
        _lasting[kind] = make({**settings, "SQLALCHEMY_DATABASE_URI": url}, client)
        with _lasting[kind].app_context():
            follow_address(db.engine)
            if kind == "sqlite":
                # No power cut is tried in this process, and each commit waits for the disk.
                event.listen(db.engine, "connect", _hurry)
    app = _lasting[kind]
    before = dict(app.config)
    app.config.update(settings, SQLALCHEMY_DATABASE_URI=url)
    with app.app_context():
        if db.engine.url != make_url(url):
            db.engine.dispose()
            db.engine.url = make_url(url)
        try:
            yield app
        finally:
            db.session.remove()
            if kind == "sqlite":
                db.engine.dispose()  # Its file is not used again.
            app.config.clear()
            app.config.update(before)


def let_go() -> None:
    """Close what the applications that last still hold open."""
    for app in _lasting.values():
        with app.app_context():
            db.engine.dispose()
