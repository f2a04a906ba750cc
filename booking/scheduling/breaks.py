"""Recurring breaks: taken from the hours as a rule; what is booked in them stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.database import db
from booking.domain.availability import Spell, WeeklyHours
from booking.scheduling import hours
from booking.scheduling.models import RecurringBreak


@dataclass(frozen=True, slots=True)
class Pause:
    """A break as it is typed: on some weekdays (Monday is 0), minutes since local midnight."""

    weekdays: Collection[int]
    spell: Spell
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""


def find(break_id: int) -> RecurringBreak | None:
    return db.session.get(RecurringBreak, break_id)


def of(practitioner_id: int) -> Sequence[RecurringBreak]:
    """Return the breaks of a practitioner in order of the week."""
    return db.session.scalars(
        select(RecurringBreak)
        .where(RecurringBreak.practitioner_id == practitioner_id)
        .order_by(RecurringBreak.weekday, RecurringBreak.starts_minute, RecurringBreak.id)
    ).all()


def add(practitioner_id: int, pause: Pause, actor: Actor, now: datetime) -> None:
    """Write a break for each of its weekdays. Raises SpellBackward."""
    hours.refuse_overlaps(
        [WeeklyHours(day, pause.spell, pause.valid_from, pause.valid_until)
         for day in pause.weekdays]
    )  # fmt: skip
    hours.lock(practitioner_id)
    _write(practitioner_id, pause)
    _record(practitioner_id, actor, now)


def _write(practitioner_id: int, pause: Pause) -> None:
    db.session.add_all(
        RecurringBreak(
            practitioner_id=practitioner_id, weekday=day, note=pause.note,
            starts_minute=pause.spell.opens, ends_minute=pause.spell.closes,
            valid_from=pause.valid_from, valid_until=pause.valid_until,
        )
        for day in sorted(pause.weekdays)
    )  # fmt: skip
    db.session.flush()


def change(found: RecurringBreak, pause: Pause, actor: Actor, now: datetime) -> None:
    """Let a break be as typed; on further weekdays it is written anew. Raises SpellBackward.

    The caller holds the lock of the practitioner's hours.
    """
    practitioner_id = found.practitioner_id
    db.session.delete(found)
    db.session.flush()
    add(practitioner_id, pause, actor, now)


def remove(break_id: int, actor: Actor, now: datetime) -> None:
    """Take a break away; a second press finds none and does nothing."""
    found = find(break_id)
    if found is None:
        return
    practitioner_id = found.practitioner_id
    db.session.delete(found)
    db.session.flush()
    _record(practitioner_id, actor, now)


def _record(practitioner_id: int, actor: Actor, now: datetime) -> None:
    audit.record(actor, f"practitioner:{practitioner_id}", "breaks_changed", now)
