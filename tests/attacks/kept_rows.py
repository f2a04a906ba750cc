"""What stands in the database, as a digest a table: whether a request has changed anything."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import create_engine, text

from booking.database import db

# How often somebody tried is counted for every try; that a record was looked at is written down.
BESIDE = {"limit_count"}
ONLY = {"audit": " WHERE action <> 'looked'"}


class KeptRows:
    """Looks at all tables of the database at `url`; close it when done."""

    def __init__(self, url: str):
        self.engine = create_engine(url)
        self.tables = sorted(name for name in db.metadata.tables if name not in BESIDE)

    def close(self) -> None:
        self.engine.dispose()

    def look(self) -> dict[str, str]:
        """Return a digest of every table's rows, whatever order they come in."""
        if self.engine.dialect.name == "sqlite":
            return dict(self._in_files())
        one = "SELECT '{0}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {0} AS t{1}"
        query = " UNION ALL ".join(one.format(name, ONLY.get(name, "")) for name in self.tables)
        with self.engine.connect() as connection:
            return {name: digest or "" for name, digest in connection.execute(text(query))}

    def _in_files(self) -> Iterator[tuple[str, str]]:
        with self.engine.connect() as connection:
            for name in self.tables:
                query = f"SELECT * FROM {name}{ONLY.get(name, '')}"
                rows = sorted(map(repr, connection.exec_driver_sql(query)))
                yield name, hashlib.md5("|".join(rows).encode()).hexdigest() if rows else ""


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name, digest in after.items() if before[name] != digest]
