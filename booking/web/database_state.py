"""A name for the state of the database: two equal names mean that nothing was committed between.

Asked instead of kept by hand, so that no write can forget to say that it has changed something.
"""

import os
import sqlite3
import threading

from sqlalchemy import Engine, text


class DatabaseState:
    """Names the state of one database, at the cost of one small question."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._lock = threading.Lock()
        self._watching: sqlite3.Connection | None = None
        self._watched: tuple[object, ...] = ()

    def name(self) -> str:
        """Return the name. Raises what the database raises when it cannot be asked."""
        if self.engine.dialect.name == "sqlite":
            return self._sqlite_name()
        # Who wrote has a transaction number, so a snapshot that reads the same sees the same
        # (PostgreSQL, 9.28: Transaction ID and Snapshot Information Functions).
        with self.engine.connect() as connection:
            found = connection.execution_options(isolation_level="AUTOCOMMIT").scalar(
                text("SELECT pg_current_snapshot()::text")
            )
        return str(found)

    def _sqlite_name(self) -> str:
        """Ask a connection that never writes: its count rises with each commit of any other."""
        path = self.engine.url.database or ""
        file = os.stat(path)
        # A file that was put in its place, and a process that was forked, are watched anew.
        wanted = (path, file.st_dev, file.st_ino, os.getpid())
        with self._lock:
            if self._watching is None or self._watched != wanted:
                self.close()
                self._watching = sqlite3.connect(path, check_same_thread=False)
                self._watched = wanted
            ((count,),) = self._watching.execute("PRAGMA data_version")
        return f"{wanted} {count}"

    def close(self) -> None:
        """Let go of the connection that watches."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None
