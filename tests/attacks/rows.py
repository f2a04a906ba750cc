"""Reading the table: one row is one request and what has to come of it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("table.toml")
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; the table itself says what each word means."""

    group: str
    name: str
    send: str
    gives: int
    who: str = "stranger"
    like: str = ""
    page: str = ""
    form: dict[str, str] | None = None
    body: str | None = None
    type: str = "application/x-www-form-urlencoded"
    raw: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    token: str = "own"
    times: int = 1
    to: str | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    header: dict[str, str] = field(default_factory=dict)
    same: str = ""
    keep: str = ""
    writes: bool | None = None
    by: str = "site"

    @property
    def title(self) -> str:
        return f"{self.group}: {self.name}"

    @property
    def method(self) -> str:
        return self.send.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.send.partition(" ")[2]

    @property
    def may_write(self) -> bool:
        """Only a form that is taken changes anything, and of those not every one."""
        if self.writes is not None:
            return self.writes
        return self.method not in SAFE and self.gives < 400


def read(path: Path = TABLE) -> tuple[dict[str, str], list[Row]]:
    """Return who there is, and the rows in their order. Raises TypeError for an unknown word."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    people = table.pop("who")
    return people, list(_rows(table))


def _rows(table: dict[str, Any]) -> Iterator[Row]:
    listed = {one.name for one in fields(Row) if one.type in (tuple[str, ...],)}
    for group, rows in table.items():
        for row in rows:
            words = {
                name: (value,) if name in listed and isinstance(value, str) else value
                for name, value in row.items()
            }
            yield Row(group=group, **words)
