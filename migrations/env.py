"""Runs migrations on the application's own engine, whole or not at all on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from booking.columns import Cents, CleanText, UTCDateTime, WallTime
from booking.database import db

OWN_TYPES = {UTCDateTime, WallTime, Cents, CleanText}


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own column types into a new migration by their names."""
    if kind == "type" and type(item) in OWN_TYPES:
        autogen.imports.add(f"from booking.columns import {type(item).__name__}")
        return (
            f"{type(item).__name__}({item.length or ''})"
            if isinstance(item, CleanText)
            else f"{type(item).__name__}()"
        )
    return False


def refuse_dangling(connection: Connection) -> None:
    """End the migration before it is committed when a row of SQLite's points to nothing."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"rows point to nothing: {dangling[:5]}")


@contextmanager
def foreign_keys_aside(connection: Connection) -> Iterator[None]:
    """Let a migration copy a table that others point to, on SQLite; look afterwards.

    Dropping the old copy would count as deleting its rows. The switch works only outside of a
    transaction, so it goes past SQLAlchemy, which would begin one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    # The write lock is taken at the beginning: two starts at once migrate one after the other.
    with engine.connect().execution_options(begin_immediate=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
            compare_type=False,
        )
        with foreign_keys_aside(connection), context.begin_transaction():
            context.run_migrations()
            refuse_dangling(connection)


run()
