"""What tables are made of: the types of columns, their checks, indexes of some rows.

SQLite and PostgreSQL must refuse the same values, so the types here check what SQLite would
silently store.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Enum, Index, Integer, String, text
from sqlalchemy.types import TypeDecorator, TypeEngine

# NUL, and halves of characters.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Characters that reorder the text around them: a name must not be able to rewrite a page.
BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Aware on the way in and, in UTC, on the way out; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A local date and time as agreed with a person, without a zone; an aware value is refused."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time carries no zone")
        return value


class Cents(TypeDecorator[int]):
    """Money in the smallest unit, a whole number; SQLite would keep 9.5 or "ten" otherwise."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Any) -> int | None:
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise ValueError("money is an integer number of cents")
        return value


class CleanText(TypeDecorator[str]):
    """Text in Unicode's composed form, at most `length` characters, without NUL or surrogates.

    `length` None means unbounded prose. Direction controls are refused in bounded texts (names,
    titles, addresses), where they have no honest use. `by_letter` sorts as SQLite does, letter for
    letter: PostgreSQL has a collation of its own in every installation.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None, *, by_letter: bool = False):
        super().__init__(length)
        self.length = length
        self.by_letter = by_letter

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        is_told = self.by_letter and dialect.name == "postgresql"
        return String(self.length, collation="C") if is_told else String(self.length)

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else clean_text(value, self.length)


def clean_text(value: str, length: int | None = None) -> str:
    """Return `value` composed (NFC); raise ValueError for what the database must not hold."""
    # Composing never makes a text four times shorter, and is slow on what is far too long.
    if length is not None and len(value) > 4 * length:
        raise ValueError(f"text is longer than {length} characters")
    value = unicodedata.normalize("NFC", value)
    if UNSTORABLE.search(value):
        raise ValueError("text holds a character that cannot be stored")
    if length is not None and len(value) > length:
        raise ValueError(f"text is longer than {length} characters")
    if length is not None and not BIDI_CONTROLS.isdisjoint(value):
        raise ValueError("text holds a control character")
    return value


def choice(members: type, name: str) -> Enum:
    """A column for a StrEnum: its values as text, held to them by a CHECK on both engines."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=30,
        values_callable=lambda enum: [member.value for member in enum],
    )


def check(name: str, condition: str) -> CheckConstraint:
    """A named CHECK that both engines understand."""
    return CheckConstraint(condition, name=name)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows alone for which `where` holds, on both engines."""
    condition = text(where)
    return Index(name, *columns, unique=unique, postgresql_where=condition, sqlite_where=condition)
