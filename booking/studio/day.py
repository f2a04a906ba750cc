"""The list of a day: who comes, what is free between them, what is now and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.bookings import queries
from booking.bookings.models import Booking, Status
from booking.classes import queries as classes
from booking.classes.models import ClassSession, SessionState
from booking.classes.queries import Filter
from booking.domain.availability import MINUTE, day_interval
from booking.domain.gaps import gaps
from booking.domain.intervals import Interval
from booking.practice.models import Practice
from booking.scheduling.queries import open_time_of
from booking.studio.day_queries import Past, past_of, taken_of

ROUND = 5 * MINUTE
EXPECTED = {Status.REQUESTED, Status.BOOKED, Status.ARRIVED}


class EntryKind(StrEnum):
    BOOKING = "booking"
    CLASS = "class"
    FREE = "free"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a session of one's own, a class, free time or time off."""

    kind: EntryKind
    start: datetime
    end: datetime
    booking: Booking | None = None
    session: ClassSession | None = None
    note: str = ""

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // MINUTE

    @property
    def is_expected(self) -> bool:
        """Whether somebody is to come."""
        if self.booking is not None:
            return self.booking.status in EXPECTED
        return self.session is not None and self.session.is_on

    @property
    def name(self) -> str:
        """Who comes, or what is taught."""
        if self.booking is not None:
            return self.booking.person.name
        return self.session.series.name if self.session else ""


@dataclass(frozen=True, slots=True)
class Day:
    """All of a day, in order of time."""

    entries: Sequence[Entry] = ()
    past: dict[int, Past] = field(default_factory=dict)

    @property
    def sessions(self) -> list[ClassSession]:
        return [one.session for one in self.entries if one.session is not None]

    @property
    def is_quiet(self) -> bool:
        """Whether nobody comes and nothing was called off."""
        return all(one.kind in {EntryKind.FREE, EntryKind.OFF} for one in self.entries)

    @property
    def expected(self) -> int:
        """How many sessions there are, those included whose client did not come."""
        live = (
            one.booking.status.is_live if one.booking else one.is_expected for one in self.entries
        )
        return sum(live)

    def now(self, now: datetime) -> Entry | None:
        """Return what is going on."""
        return next((one for one in self._expected() if one.start <= now < one.end), None)

    def following(self, now: datetime) -> Entry | None:
        """Return what begins next."""
        return next((one for one in self._expected() if one.start > now), None)

    def _expected(self) -> list[Entry]:
        return [one for one in self.entries if one.is_expected]


def day_of(
    day: date,
    practitioner_id: int | None,
    only_with: int | None,
    practice: Practice,
    now: datetime,
) -> Day:
    """Return a day of one practitioner, with what is free in it, or of all.

    `only_with` is the practitioner whose notes of last time may be read, None for everybody's.
    """
    whole = day_interval(day, practice.zone)
    bookings = queries.on_day(whole, practitioner_id)
    taught = classes.between(
        whole,
        Filter(practitioner_id=practitioner_id),
        (SessionState.PLANNED, SessionState.CANCELLED),
    )
    entries = [Entry(EntryKind.BOOKING, one.starts_at, one.ends_at, one) for one in bookings]
    entries += [Entry(EntryKind.CLASS, one.starts_at, one.ends_at, session=one) for one in taught]
    if practitioner_id is not None:
        entries += _between(day, practitioner_id, practice, now)
    entries.sort(key=lambda one: (one.start, one.end))
    return Day(entries, past_of([one.id for one in bookings], only_with, now))


def _between(day: date, practitioner_id: int, practice: Practice, now: datetime) -> list[Entry]:
    """Return what of a practitioner's day is free, and what they took off."""
    whole = day_interval(day, practice.zone)
    hours = open_time_of({practitioner_id}, day, day, practice.zone)[practitioner_id]
    taken = taken_of(practitioner_id, whole, now)
    free = gaps(hours, (one.interval for one in taken), whole, _rounded(now))
    off = [(_clipped(one.interval, whole), one.note) for one in taken if one.is_off]
    return [Entry(EntryKind.FREE, *one) for one in free] + [
        Entry(EntryKind.OFF, *one, note=note) for one, note in off
    ]


def _clipped(interval: Interval, whole: Interval) -> Interval:
    return Interval(max(interval.start, whole.start), min(interval.end, whole.end))


def _rounded(now: datetime) -> datetime:
    """Return the next time that somebody would say."""
    late = timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    return now + (-late % ROUND)
