"""The database: naming, the session, engine set-up and the one way to write."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, Insert, MetaData, event, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, registry

from booking.columns import UTCDateTime

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime()},
    )


class Work(Session):
    """The work of a request or of a turn of the worker: letting it go cannot fail.

    What a database had not committed when its connection broke it has undone by itself. To say so
    once more at the end of a request would turn an answer that stands into a fault: "booked" too.
    """

    def get_bind(self, *_about: Any, bind: Any = None, **_more: Any) -> Any:
        # There is one database: it need not be looked for, by every statement, by its table.
        return bind or self._db.engine

    def rollback(self) -> None:
        with _broken_connections_let_go():
            super().rollback()

    def close(self) -> None:
        with _broken_connections_let_go():
            super().close()
            return
        super().close()  # Without the connection, of which there is nothing left to undo.


@contextmanager
def _broken_connections_let_go() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise


db = SQLAlchemy(model_class=Base, session_options={"class_": Work})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


# How long anybody waits for somebody else who writes, when nothing else is set.
PATIENCE_SECONDS = 10


class DatabaseBusy(Exception):
    """A write was tried several times and never got its turn; nothing was changed."""


def transact(operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `operation` whole in one write transaction and commit.

    The read transaction that loading the signed-in person began is ended first; on SQLite the
    write lock is taken at the beginning. After a deadlock or a serialisation failure the whole
    operation runs again, but not once the patience set for the engine is over: whoever waits for
    an answer had better be told. Raises DatabaseBusy when it never got through; any other
    exception rolls everything back and passes on.
    """
    patience = db.engine.get_execution_options().get("patience_seconds", PATIENCE_SECONDS)
    give_up = time.monotonic() + patience
    for attempt in range(6):
        db.session.rollback()
        try:
            with in_line():
                db.session.connection(execution_options={"begin_immediate": True})
                result = operation(*args, **kwargs)
                db.session.commit()
            return result
        except DBAPIError as error:
            db.session.rollback()
            if not _is_retryable(error):
                raise
        except BaseException:
            db.session.rollback()
            raise
        if time.monotonic() > give_up:
            break
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads retries, no secret
    raise DatabaseBusy


# How long somebody stands in this process's line before they ask the database itself, in seconds.
LINE_SECONDS = 1
_LINE = threading.RLock()


@contextmanager
def in_line() -> Iterator[None]:
    """Let the threads of this process write one after the other, where the database is SQLite.

    It would let them wait as well, but asks ever more seldom whether it is their turn, and stands
    idle meanwhile. This guards nothing: other processes write beside it, and so does whoever has
    stood here for too long.
    """
    has_turn = db.engine.dialect.name == "sqlite" and _LINE.acquire(timeout=LINE_SECONDS)
    try:
        yield
    finally:
        if has_turn:
            _LINE.release()


def lock_row(row: Base) -> None:
    """Lock the row of an object until the transaction ends, and read it again.

    Its own row alone: what a page had read along with it is joined when it is read again, and
    PostgreSQL refuses to lock the side of a join that may be missing.
    """
    db.session.refresh(row, with_for_update={"of": type(row)})


def write_rows(model: type[Base], *rows: dict[str, Any]) -> None:
    """Insert rows that nobody looks at as objects before the commit, all in one statement.

    A third of what `add` costs. Rows that they point to must have been flushed. All rows name the
    same columns; those that are left out get their defaults.
    """
    if rows:
        db.session.execute(_insert(model), list(rows))


@lru_cache
def _insert(model: type[Base]) -> Insert:
    return insert(model.__table__)  # pyright: ignore[reportArgumentType]


def _is_retryable(error: DBAPIError) -> bool:
    """Tell a lost race for a lock (40001, 40P01, SQLITE_BUSY) from a real fault."""
    if getattr(error.orig, "sqlstate", None) in {"40001", "40P01", "55P03"}:
        return True
    return getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def guard_name(error: DBAPIError, *names: str) -> str | None:
    """Return which of the named guards refused a statement, None when it was another."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    text = constraint or str(error.orig)
    return next((name for name in names if name in text), None)


def prepare_engine(engine: Engine, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Set an engine up so that both databases give the same guarantees.

    Nobody waits longer than `patience_seconds` for the lock of somebody else: a site whose threads
    all stand behind one long writer would not even show its pages.
    """
    engine.update_execution_options(patience_seconds=patience_seconds)
    milliseconds = round(patience_seconds * 1000)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite_connection, milliseconds))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", partial(_prepare_postgresql_connection, milliseconds))


def _prepare_sqlite_connection(milliseconds: int, connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late and commit too early: we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    # NORMAL loses acknowledged bookings in a power cut; FULL does not.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={milliseconds}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql_connection(milliseconds: int, connection: Any, _record: Any) -> None:
    connection.execute(f"SET lock_timeout = {milliseconds}")
    connection.commit()


def _begin_sqlite(connection: Any) -> None:
    is_writer = connection.get_execution_options().get("begin_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
