"""A name for the state of the database: two equal names mean that nothing was committed between.

Asked instead of kept by hand, so that no write can forget to say that it has changed something.
"""

import os
import sqlite3
import threading
from typing import Any

from sqlalchemy import Engine

# The count rises with each commit of any other connection.
DATA_VERSION = "PRAGMA data_version"
# Who wrote has a transaction number, so a snapshot that reads the same sees the same
# (PostgreSQL, 9.28: Transaction ID and Snapshot Information Functions).
SNAPSHOT = "SELECT pg_current_snapshot()::text"


class DatabaseState:
    """Names the state of one database, at the cost of one small question.

    It is asked on a connection of its own that never writes: no pool has to find, test and reset
    one for each page.
    """

    def __init__(self, engine: Engine):
        self.engine = engine
        self._lock = threading.Lock()
        self._watching: Any = None
        self._inherited: Any = None
        # What is watched, and by which process.
        self._watched: tuple[object, ...] = ()

    def name(self) -> str:
        """Return the name. Raises what the driver raises when the database cannot be asked."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        with self._lock:
            self._watch(self._file() if is_sqlite else (os.getpid(),))
            try:
                ((found,),) = self._watching.execute(DATA_VERSION if is_sqlite else SNAPSHOT)
            except Exception:
                self.close()  # The next one who asks tries a new connection.
                raise
            return f"{self._watched} {found}"

    def name_or_none(self) -> str | None:
        """Return the name, None when the database cannot be asked."""
        try:
            return self.name()
        except (self.engine.dialect.loaded_dbapi.Error, OSError):
            return None

    def _file(self) -> tuple[object, ...]:
        """Name the file: one that was put in its place is watched anew."""
        path = self.engine.url.database or ""
        file = os.stat(path)
        return path, file.st_dev, file.st_ino, os.getpid()

    def _watch(self, wanted: tuple[object, ...]) -> None:
        """Connect, anew when there is something else to watch or this process was forked."""
        if self._watching is not None and self._watched == wanted:
            return
        if self._watching is not None and self._watched[-1] != wanted[-1]:
            # The parent goes on with its connection: to close it here would end it there.
            self._inherited, self._watching = self._watching, None
        self.close()
        if self.engine.dialect.name == "sqlite":
            self._watching = sqlite3.connect(str(wanted[0]), check_same_thread=False)
        else:
            arguments, named = self.engine.dialect.create_connect_args(self.engine.url)
            self._watching = self.engine.dialect.connect(*arguments, **named)
            self._watching.autocommit = True
        self._watched = wanted

    def close(self) -> None:
        """Let go of the connection that watches."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.close()
