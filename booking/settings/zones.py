"""The zones there are, and what a change of the zone moves.

What is agreed keeps its moment: the bookings, the classes that are planned, time off. What stands
on the wall keeps its figures: opening hours, quiet hours, the hours of a class not yet planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import reminders
from booking.bookings.models import Booking, Status
from booking.classes.models import ClassSession, SessionState
from booking.database import db
from booking.domain.zones import load_zone
from booking.practice.models import Practice
from booking.settings.operations import ABOUT

SHOWN = 10
MOST_FOUND = 40
LIVE = [status for status in Status if status.is_live]


class Place(NamedTuple):
    """A zone and the country (ISO 3166) in which its clock is used."""

    zone_name: str
    country: str

    @property
    def town(self) -> str:
        return self.zone_name.partition("/")[2].replace("_", " ").replace("/", ", ")


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Return all zones by the list of the time zone database, sorted by their names."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(sorted(Place(row[2], row[0]) for row in rows if len(row) > 2))


def is_zone(name: str) -> bool:
    return any(place.zone_name == name for place in places())


def found(words: str, country: str, countries: dict[str, str]) -> list[Place]:
    """Return the zones whose town or country has these words in it; without words the country's.

    `countries` are the names of countries as the person calls them.
    """
    wanted = " ".join(words.casefold().split())
    if not wanted:
        return [place for place in places() if place.country == country][:MOST_FOUND]
    return [
        place
        for place in places()
        if wanted in place.town.casefold() or wanted in countries.get(place.country, "").casefold()
    ][:MOST_FOUND]


class Reading(NamedTuple):
    """A session that keeps its moment, as the clock shows it now and would then."""

    name: str
    was: datetime
    would_be: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change of the zone means: what is ahead, the first of it, and by how much."""

    bookings: int
    classes: int
    first: tuple[Reading, ...]
    minutes_later: int  # How much later the same figures on the wall are than until now.


def what_moves(studio: Practice, zone_name: str, now: datetime) -> Moved:
    """Say what another zone would change, with wall times (naive) of both clocks."""
    zone = load_zone(zone_name)
    readings = [
        Reading(
            booking.service_name,
            booking.starts_at.astimezone(studio.zone).replace(tzinfo=None),
            booking.starts_at.astimezone(zone).replace(tzinfo=None),
        )
        for booking in db.session.scalars(
            _bookings(now).order_by(Booking.starts_at, Booking.id).limit(SHOWN)
        )
    ]
    then, until_now = (now.astimezone(one).utcoffset() for one in (zone, studio.zone))
    assert then is not None  # noqa: S101 - both are aware
    assert until_now is not None  # noqa: S101
    return Moved(
        bookings=_count(_bookings(now)),
        classes=_count(_classes(now)),
        first=tuple(readings),
        minutes_later=round((until_now - then).total_seconds() / 60),
    )


def _bookings(now: datetime) -> Select[Booking]:
    return select(Booking).where(Booking.starts_at > now, Booking.status.in_(LIVE))


def _classes(now: datetime) -> Select[ClassSession]:
    return select(ClassSession).where(
        ClassSession.starts_at > now, ClassSession.state == SessionState.PLANNED
    )


def _count(rows: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def move_zone(studio: Practice, zone_name: str, actor: Actor, now: datetime) -> int:
    """Set the practice's clock by another zone; return how many bookings read differently now.

    All that is ahead keeps its moment, and its wall time and zone are written anew so that the
    three agree. The caller holds the practice's row.
    """
    was, studio.zone_name = studio.zone_name, zone_name
    # Classes before bookings, each by id: the order in which everybody locks them.
    classes = db.session.scalars(_classes(now).order_by(ClassSession.id).with_for_update()).all()
    bookings = db.session.scalars(_bookings(now).order_by(Booking.id).with_for_update()).all()
    _read_anew([*classes, *bookings], studio)
    reminders.ask_anew(now)  # The same time on another wall, and other quiet hours.
    audit.record(
        actor, ABOUT, "setting", now,
        name="zone_name", was=was, to=zone_name, bookings=len(bookings),
    )  # fmt: skip
    db.session.flush()
    return len(bookings)


def _read_anew(rows: Sequence[Booking | ClassSession], studio: Practice) -> None:
    for row in rows:
        row.zone_name = studio.zone_name
        row.local_start = row.starts_at.astimezone(studio.zone).replace(tzinfo=None)
