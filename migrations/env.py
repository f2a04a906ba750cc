"""Runs migrations on the application's own engine, whole or not at all on both databases."""

from typing import Any

from alembic import context
from flask import current_app

from booking.database import Cents, CleanText, UTCDateTime, WallTime, db

OWN_TYPES = {UTCDateTime, WallTime, Cents, CleanText}


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own column types into a new migration by their names."""
    if kind == "type" and type(item) in OWN_TYPES:
        autogen.imports.add(f"from booking.database import {type(item).__name__}")
        return (
            f"{type(item).__name__}({item.length or ''})"
            if isinstance(item, CleanText)
            else f"{type(item).__name__}()"
        )
    return False


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
        with context.begin_transaction():
            context.run_migrations()


run()
