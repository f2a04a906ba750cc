"""All clients as lines of a list that a spreadsheet opens and that can be taken in again."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.clients import record
from booking.clients.clients import LISTED
from booking.clients.models import ClientNote
from booking.database import db

SOME = 500

Cell = str | int | datetime | None


def rows() -> Iterator[list[Cell]]:
    """Yield each client: name, address, number, guardian, flags, note, since when, visits, last.

    Dates are instants (UTC) for the caller to write. Some at a time, so that it takes as little
    room for ten thousand as for ten.
    """
    after = 0
    while True:
        persons = db.session.scalars(
            select(Person)
            .where(Person.id > after, Person.erased_at.is_(None))
            .order_by(Person.id)
            .options(*LISTED)
            .limit(SOME)
        ).all()
        if not persons:
            return
        yield from _some(list(persons))
        after = persons[-1].id


def _some(persons: list[Person]) -> Iterator[list[Cell]]:
    ids = [one.id for one in persons]
    flags, notes, visits = record.flags_of(ids), _notes(ids), _visits(ids)
    for one in persons:
        count, last = visits.get(one.id, (0, None))
        yield [
            one.name,
            one.address or "",
            one.phone or "",
            one.guardian.name if one.guardian else "",
            ", ".join(flag.name for flag in flags.get(one.id, [])),
            "\n\n".join(notes.get(one.id, [])),
            one.blocked_at,
            one.created_at,
            count,
            last,
        ]


def _notes(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = select(ClientNote.person_id, ClientNote.text).where(ClientNote.person_id.in_(ids))
    for person_id, text in db.session.execute(rows.order_by(ClientNote.id)):
        found.setdefault(person_id, []).append(text)
    return found


def _visits(ids: list[int]) -> dict[int, tuple[int, datetime | None]]:
    rows = db.session.execute(
        select(Booking.person_id, func.count(), func.max(Booking.starts_at))
        .where(Booking.person_id.in_(ids), Booking.status == Status.ARRIVED)
        .group_by(Booking.person_id)
    )
    return {person_id: (count, last) for person_id, count, last in rows}
