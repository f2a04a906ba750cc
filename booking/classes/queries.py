"""Reading classes: the timetable, one session, what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from booking.catalog.models import Category, Practitioner, Service
from booking.classes.models import ClassSeries, ClassSession, Level, SessionState
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.intervals import Interval

SHOWN = (
    joinedload(ClassSession.practitioner),
    joinedload(ClassSession.room),
    joinedload(ClassSession.series).joinedload(ClassSeries.service).joinedload(Service.category),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the timetable is wanted; None is everything."""

    category_id: int | None = None
    practitioner_id: int | None = None
    level: Level | None = None
    service_id: int | None = None
    # Of these kinds of work, by their addresses.
    kinds: tuple[str, ...] | None = None


# What a filter asks, by its names.
NAMED = {
    "service_id": Service.id == bindparam("service_id"),
    "category_id": Service.category_id == bindparam("category_id"),
    "kinds": Service.category.has(Category.slug.in_(bindparam("kinds", expanding=True))),
    "practitioner_id": ClassSession.practitioner_id == bindparam("practitioner_id"),
    "level": ClassSeries.level == bindparam("level"),
}


def find(session_id: int) -> ClassSession | None:
    """Return a session with all that its pages show, in one select."""
    return db.session.scalar(
        select(ClassSession).where(ClassSession.id == session_id).options(*SHOWN)
    )


def find_series(slug: str) -> ClassSeries | None:
    return db.session.scalar(
        select(ClassSeries)
        .where(ClassSeries.slug == slug)
        .options(
            joinedload(ClassSeries.service).joinedload(Service.category),
            joinedload(ClassSeries.practitioner),
            joinedload(ClassSeries.room),
        )
    )


def between(
    window: Interval,
    wanted: Filter,
    states: Iterable[SessionState] = (SessionState.PLANNED,),
    limit: int | None = None,
) -> Sequence[ClassSession]:
    """Return the sessions that begin in the window, in order of time, in one select."""
    named = {name: value for name in NAMED if (value := getattr(wanted, name)) is not None}
    asked = {
        **named,
        "begins": window.start,
        "ends": window.end,
        "states": list(states),
    }
    return db.session.scalars(_between(frozenset(named), limit), asked).all()


@lru_cache(maxsize=64)
def _between(named: frozenset[str], limit: int | None) -> Select[ClassSession]:
    """Put the select together once for each set of what may be asked: that takes long."""
    conditions = [condition for name, condition in NAMED.items() if name in named]
    return (
        select(ClassSession)
        .join(ClassSession.series)
        .join(ClassSeries.service)
        .where(
            ClassSession.starts_at >= bindparam("begins", type_=UTCDateTime()),
            ClassSession.starts_at < bindparam("ends", type_=UTCDateTime()),
            ClassSession.state.in_(bindparam("states", expanding=True)),
            *conditions,
        )
        .options(
            joinedload(ClassSession.practitioner),
            joinedload(ClassSession.room),
            contains_eager(ClassSession.series)
            .contains_eager(ClassSeries.service)
            .joinedload(Service.category),
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
        .limit(limit)
    )


def ahead_of(series_id: int, now: datetime, limit: int | None = None) -> Sequence[ClassSession]:
    """Return the sessions of a series that are still to begin, soonest first."""
    return db.session.scalars(
        select(ClassSession)
        .where(
            ClassSession.series_id == series_id,
            ClassSession.starts_at > now,
            ClassSession.state == SessionState.PLANNED,
        )
        .options(*SHOWN)
        .order_by(ClassSession.starts_at)
        .limit(limit)
    ).all()


def all_ahead_of(series_id: int, now: datetime) -> Sequence[ClassSession]:
    """Return the sessions of a series that are still to begin, in whatever state."""
    return db.session.scalars(
        select(ClassSession)
        .where(ClassSession.series_id == series_id, ClassSession.starts_at > now)
        .options(*SHOWN)
        .order_by(ClassSession.starts_at)
    ).all()


def kinds_taught() -> Sequence[Category]:
    """Return the kinds of work that have classes, in order."""
    return db.session.scalars(
        select(Category)
        .where(
            Category.id.in_(
                select(Service.category_id).join(ClassSeries, ClassSeries.service_id == Service.id)
            )
        )
        .order_by(Category.position, Category.id)
    ).all()


def all_series() -> Sequence[ClassSeries]:
    """Return every series, by weekday and time."""
    return db.session.scalars(
        select(ClassSeries)
        .options(
            joinedload(ClassSeries.service),
            joinedload(ClassSeries.practitioner),
            joinedload(ClassSeries.room),
        )
        .order_by(ClassSeries.weekday, ClassSeries.start_minute, ClassSeries.id)
    ).all()


def series_by_id(series_id: int) -> ClassSeries | None:
    return db.session.scalar(
        select(ClassSeries)
        .where(ClassSeries.id == series_id)
        .options(
            joinedload(ClassSeries.service).joinedload(Service.category),
            joinedload(ClassSeries.practitioner),
            joinedload(ClassSeries.room),
            selectinload(ClassSeries.skipped),
        )
    )


def teachers() -> Sequence[Practitioner]:
    """Return who teaches classes, in order."""
    return db.session.scalars(
        select(Practitioner)
        .where(Practitioner.id.in_(select(ClassSeries.practitioner_id)))
        .order_by(Practitioner.position, Practitioner.id)
    ).all()


def any_series() -> bool:
    """Tell whether there is any class."""
    return db.session.scalar(select(ClassSeries.id).limit(1)) is not None
