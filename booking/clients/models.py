"""What the studio keeps about its clients besides their bookings."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText, UTCDateTime, choice
from booking.database import Model


class Colour(StrEnum):
    """The colours a flag may have: each is a pair of tokens that keep their contrast."""

    GREEN = "green"
    CLAY = "clay"
    GOLD = "gold"
    BLUE = "blue"
    PLUM = "plum"
    GREY = "grey"


class Flag(Model):
    """A mark that the practice gives to clients: its name is always shown with its colour."""

    __tablename__ = "client_flag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(CleanText(40))
    colour: Mapped[Colour] = mapped_column(choice(Colour, "colour"))


class PersonFlag(Model):
    """That somebody has a flag; two rows that say it, after a merge, say no more than one."""

    __tablename__ = "person_flag"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    flag_id: Mapped[int] = mapped_column(
        ForeignKey("client_flag.id", ondelete="CASCADE"), index=True
    )


class ClientNote(Model):
    """What stands in the record and nowhere else. Several after a merge; saving makes them one."""

    __tablename__ = "client_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(CleanText())
    written_at: Mapped[datetime] = mapped_column(UTCDateTime())


class PersonMerge(Model):
    """Two records that were made one, with all that an undo has to bring back.

    The row of the other stays, empty and erased, so that its number is never somebody else's.
    """

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # What the other was, by column; what was empty in the kept one and was filled from it.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    filled: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Each value that was changed elsewhere: table, column, key of the row, what was, what is.
    moved: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class TwoPeople(Model):
    """Two records that look like one person and are not: they are not suggested again."""

    __tablename__ = "two_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class ClientImport(Model):
    """A file of clients between looking at it and taking it in; deleted after a day."""

    __tablename__ = "client_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # The cells of each line with the number of the line in the file, its headings first.
    lines: Mapped[list[list[Any]]] = mapped_column(JSON)
    # What each column holds: a name of `columns.Field`, or nothing.
    columns: Mapped[list[str]] = mapped_column(JSON)
    has_headings: Mapped[bool] = mapped_column(default=True)


def subject(person_id: int) -> str:
    """How the trail names what the studio alone keeps about a client: the client reads their own
    history under ``person:``, and not that they have been flagged or blocked."""
    return f"client:{person_id}"
