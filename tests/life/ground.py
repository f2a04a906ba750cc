"""One application, whose database is as new for each life that is lived on it."""

from pathlib import Path

from sqlalchemy import event

from booking.database import db
from tests.databases import Postgres, Sqlite


class Ground:
    """A database that begins anew for each life."""

    def __init__(self, template: Sqlite | Postgres, folder: Path):
        self.template, self.folder = template, folder
        self.url, self._drop = template.fresh(folder)

    @property
    def engine_name(self) -> str:
        return "sqlite" if isinstance(self.template, Sqlite) else "postgresql"

    def hurry(self) -> None:
        if self.engine_name == "sqlite":
            # Nothing here outlives a power cut, so nothing needs to wait for the disk.
            event.listen(db.engine, "connect", _be_quick)

    def begin(self) -> None:
        self.leave()
        url, self._drop = self.template.fresh(self.folder)
        if url != self.url:
            message = "another database than the application has"
            raise RuntimeError(message)

    def leave(self) -> None:
        db.session.remove()
        db.engine.dispose()
        self._drop()
        self._drop = _nothing


def _nothing() -> None:
    """There is nothing to drop."""


def _be_quick(connection, _record) -> None:
    connection.execute("PRAGMA synchronous=OFF")
