"""Reading and changing hours: what is open, as a rule and on one date.

All of it is read in one select, whatever the range: breaks and closed days cost no page anything.
Callers of what changes give `now`, own the transaction and commit.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, bindparam, cast, delete, literal, null, select, union_all

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.availability import DAY, Hours, Spell, WeeklyHours, day_interval
from booking.domain.hours_errors import HoursOverlap, SpellBackward
from booking.domain.intervals import Interval
from booking.scheduling import calendar
from booking.scheduling.models import (
    ClosedDay,
    HoursException,
    OpeningHours,
    RecurringBreak,
    TimeOff,
)


class _Kind(StrEnum):
    WEEKLY = "weekly"
    BREAK = "break"
    DATE = "date"
    CLOSED = "closed"
    AWAY = "away"


_NO_NUMBER, _NO_DAY, _NO_INSTANT = (cast(null(), kind) for kind in (Integer, Date, UTCDateTime()))


def _part(kind: _Kind, **columns: Any) -> Any:
    """One part of the select: what it has no column for is NULL, of the column's own type."""
    return select(
        literal(kind.value).label("kind"),
        columns.get("who", _NO_NUMBER).label("who"),
        columns.get("weekday", _NO_NUMBER).label("weekday"),
        columns.get("opens", _NO_NUMBER).label("opens"),
        columns.get("closes", _NO_NUMBER).label("closes"),
        columns.get("first", _NO_DAY).label("first"),
        columns.get("last", _NO_DAY).label("last"),
        columns.get("start", _NO_INSTANT).label("start"),
        columns.get("end", _NO_INSTANT).label("end"),
    )


def _all_parts() -> Any:
    resources = bindparam("resources", expanding=True)
    begins, ends = bindparam("begins", type_=UTCDateTime()), bindparam("ends", type_=UTCDateTime())
    first, last = bindparam("first", type_=Date()), bindparam("last", type_=Date())
    return union_all(
        _part(
            _Kind.AWAY, who=TimeOff.resource_id, start=TimeOff.starts_at, end=TimeOff.ends_at
        ).where(
            TimeOff.resource_id.in_(resources),
            TimeOff.starts_at < ends,
            TimeOff.ends_at > begins,
        ),
        _part(
            _Kind.WEEKLY, who=OpeningHours.practitioner_id, weekday=OpeningHours.weekday,
            opens=OpeningHours.opens_minute, closes=OpeningHours.closes_minute,
            first=OpeningHours.valid_from, last=OpeningHours.valid_until,
        ).where(OpeningHours.practitioner_id.in_(resources)),
        _part(
            _Kind.BREAK, who=RecurringBreak.practitioner_id, weekday=RecurringBreak.weekday,
            opens=RecurringBreak.starts_minute, closes=RecurringBreak.ends_minute,
            first=RecurringBreak.valid_from, last=RecurringBreak.valid_until,
        ).where(RecurringBreak.practitioner_id.in_(resources)),
        _part(
            _Kind.DATE, who=HoursException.practitioner_id, opens=HoursException.opens_minute,
            closes=HoursException.closes_minute, first=HoursException.on_date,
        ).where(
            HoursException.practitioner_id.in_(resources),
            HoursException.on_date.between(first, last),
        ),
        _part(_Kind.CLOSED, first=ClosedDay.on_date).where(ClosedDay.on_date.between(first, last)),
    )  # fmt: skip


# Put together once: that takes longer than to run it.
_ALL_PARTS = _all_parts()


@dataclass(slots=True)
class _Gathered:
    weekly: list[WeeklyHours] = field(default_factory=list)
    breaks: list[WeeklyHours] = field(default_factory=list)
    exceptions: dict[date, list[Spell]] = field(default_factory=dict)
    away: list[Interval] = field(default_factory=list)

    def add(self, row: Any) -> None:
        if row.kind == _Kind.AWAY:
            self.away.append(Interval(row.start, row.end))
        elif row.kind == _Kind.DATE:
            spells = self.exceptions.setdefault(row.first, [])
            if row.opens is not None:
                spells.append(Spell(row.opens, row.closes))
        else:
            rules = self.weekly if row.kind == _Kind.WEEKLY else self.breaks
            spell = Spell(row.opens, row.closes)
            rules.append(WeeklyHours(row.weekday, spell, row.first, row.last))


def load_hours(
    resources: Collection[int], first: date, last: date, zone: ZoneInfo
) -> dict[int, Hours]:
    """Return the hours of practitioners, and when rooms are away, on dates around `first` … `last`.

    A day more is read on each side: a session may reach over midnight.
    """
    first, last = first - DAY, last + DAY
    window = Interval(day_interval(first, zone).start, day_interval(last, zone).end)
    found = {one: _Gathered() for one in resources}
    closed: set[date] = set()
    asked = {
        "resources": sorted(resources), "first": first, "last": last,
        "begins": window.start, "ends": window.end,
    }  # fmt: skip
    for row in db.session.execute(_ALL_PARTS, asked):
        if row.kind == _Kind.CLOSED:
            closed.add(row.first)
        else:
            found[row.who].add(row)
    return {
        one: Hours(each.weekly, each.exceptions, each.breaks, closed, each.away)
        for one, each in found.items()
    }


def refuse_overlaps(weekly: Sequence[WeeklyHours]) -> None:
    """Raise SpellBackward or HoursOverlap for the first spell that cannot stand with the others.

    Two spells may share minutes as long as there is no date on which both count.
    """
    for number, one in enumerate(weekly):
        if one.spell.opens >= one.spell.closes or _ends_before_it_begins(one):
            raise SpellBackward(number=number)
        if any(_clash(one, other) for other in weekly[:number]):
            raise HoursOverlap(number=number)


def _ends_before_it_begins(one: WeeklyHours) -> bool:
    return (
        one.valid_from is not None
        and one.valid_until is not None
        and one.valid_until < one.valid_from
    )


def _clash(one: WeeklyHours, other: WeeklyHours) -> bool:
    return (
        one.weekday == other.weekday
        and one.spell.opens < other.spell.closes
        and other.spell.opens < one.spell.closes
        and (one.valid_from or date.min) <= (other.valid_until or date.max)
        and (other.valid_from or date.min) <= (one.valid_until or date.max)
    )


def weekly_of(practitioner_id: int) -> list[WeeklyHours]:
    """Return the weekly hours of a practitioner in order of the week."""
    rows = db.session.scalars(
        select(OpeningHours).where(OpeningHours.practitioner_id == practitioner_id)
    )
    return sorted(
        (
            WeeklyHours(
                row.weekday, Spell(row.opens_minute, row.closes_minute),
                row.valid_from, row.valid_until,
            )
            for row in rows
        ),
        key=_in_order,
    )  # fmt: skip


def _in_order(one: WeeklyHours) -> tuple[int, date, Spell]:
    return one.weekday, one.valid_from or date.min, one.spell


def set_weekly(
    practitioner_id: int, weekly: Iterable[WeeklyHours], actor: Actor, now: datetime
) -> None:
    """Give a practitioner other weekly hours; no booking changes. Raises as `refuse_overlaps`."""
    weekly = list(weekly)
    refuse_overlaps(weekly)
    db.session.execute(delete(OpeningHours).where(OpeningHours.practitioner_id == practitioner_id))
    db.session.add_all(
        OpeningHours(
            practitioner_id=practitioner_id, weekday=one.weekday,
            opens_minute=one.spell.opens, closes_minute=one.spell.closes,
            valid_from=one.valid_from, valid_until=one.valid_until,
        )
        for one in weekly
    )  # fmt: skip
    db.session.flush()
    audit.record(actor, _about(practitioner_id), "hours_changed", now, spells=len(weekly))


def lock(practitioner_id: int) -> None:
    """Wait for one's turn at a practitioner's hours."""
    calendar.line_up([practitioner_id])


def _about(practitioner_id: int) -> str:
    return f"practitioner:{practitioner_id}"


def dates_of(practitioner_id: int, since: date) -> dict[date, list[Spell]]:
    """Return the exceptions from a date on, in order; a date without spells is closed."""
    rows = db.session.scalars(
        select(HoursException)
        .where(
            HoursException.practitioner_id == practitioner_id, HoursException.on_date >= since
        )
        .order_by(HoursException.on_date, HoursException.opens_minute)
    )  # fmt: skip
    found: dict[date, list[Spell]] = {}
    for row in rows:
        spells = found.setdefault(row.on_date, [])
        if row.opens_minute is not None and row.closes_minute is not None:
            spells.append(Spell(row.opens_minute, row.closes_minute))
    return found


def on_date(practitioner_id: int, day: date) -> list[Spell] | None:
    """Return the spells of an exception; empty is closed, None is no exception."""
    return dates_of(practitioner_id, day).get(day)


def set_date(
    practitioner_id: int, day: date, spells: Sequence[Spell], actor: Actor, now: datetime
) -> None:
    """Give one date other hours; without spells it is closed. Raises as `refuse_overlaps`."""
    refuse_overlaps([WeeklyHours(day.weekday(), spell) for spell in spells])
    _forget_date(practitioner_id, day)
    db.session.add_all(
        HoursException(
            practitioner_id=practitioner_id, on_date=day,
            opens_minute=spell.opens if spell else None,
            closes_minute=spell.closes if spell else None,
        )
        for spell in (spells or [None])
    )  # fmt: skip
    db.session.flush()
    audit.record(actor, _about(practitioner_id), "date_changed", now, on=day.isoformat())


def remove_date(practitioner_id: int, day: date, actor: Actor, now: datetime) -> None:
    """Let the weekly hours count again on a date."""
    lock(practitioner_id)
    if _forget_date(practitioner_id, day):
        audit.record(actor, _about(practitioner_id), "date_changed", now, on=day.isoformat())


def _forget_date(practitioner_id: int, day: date) -> bool:
    gone: Any = db.session.execute(
        delete(HoursException).where(
            HoursException.practitioner_id == practitioner_id, HoursException.on_date == day
        )
    )
    return bool(gone.rowcount)
