"""Changing what is planned: a class moves, gets another teacher or more places.

What follows for the people in it happens in the same transaction. Everything here runs under
the locks of the classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import offers
from booking.bookings.class_following import follow
from booking.classes import planning, seats
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db
from booking.domain.availability import MINUTE
from booking.domain.errors import (
    AlreadyBegun,
    ClassBegun,
    ClassClash,
    ClassOff,
    SlotTaken,
    WithinWeek,
)
from booking.domain.series import start_of, wall_time
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim


@dataclass(frozen=True, slots=True)
class Change:
    """What a class is to be; None leaves it as it is. Times are on the wall of the practice."""

    on_date: date | None = None
    start_minute: int | None = None
    minutes: int | None = None
    practitioner_id: int | None = None
    room_id: int | None = None
    capacity: int | None = None
    may_overbook: bool = False

    @property
    def is_of_time(self) -> bool:
        return any(one is not None for one in (self.on_date, self.start_minute, self.minutes))

    @property
    def is_of_place(self) -> bool:
        return self.is_of_time or bool(self.practitioner_id or self.room_id)


def change_one(
    session_id: int, change: Change, actor: Actor, practice: Practice, now: datetime
) -> ClassSession:
    """Change one class of a series; everybody in it is told when its time or teacher changes.

    Raises ClassOff, ClassBegun, AlreadyBegun, ClassClash, TooFewPlaces.
    """
    session = lock_ahead([session_id], now)[0]
    if _apply([(session, change)], actor, practice, now):
        session.is_moved = session.is_moved or change.is_of_time
    db.session.flush()
    return session


def change_following(
    session_id: int, change: Change, actor: Actor, practice: Practice, now: datetime
) -> int:
    """Change a class and all after it in its series, and what is planned later; all or nothing.

    A date in `change` moves the weekday by as many days. Those that were moved by themselves
    keep their own time. Returns how many have changed. Raises as `change_one`, and WithinWeek.
    """
    locked = planning.lock_following(session_id)
    first = lock_ahead([session_id], now)[0]
    shift = (change.on_date - first.local_start.date()).days if change.on_date else 0
    if abs(shift) > 6:
        raise WithinWeek
    later = sorted(
        (one for one in locked if one.state is not SessionState.CANCELLED and one.starts_at > now),
        key=lambda one: one.on_date,
        reverse=shift > 0,
    )
    _change_series(first.series, change, shift, first.on_date)
    work = [(one, _for_one(one, first, change, shift)) for one in later]
    count = _apply(work, actor, practice, now)
    for session in later:
        if not session.is_moved:
            _shift_date(session, shift)
    audit.record(actor, first.series.about_row, "changed", now, following=count)
    return count


def _shift_date(session: ClassSession, shift: int) -> None:
    """Give a class its new date in the series, unless one that was called off has it already."""
    wanted = session.on_date + timedelta(days=shift)
    taken = select(ClassSession.id).where(
        ClassSession.series_id == session.series_id, ClassSession.on_date == wanted
    )
    if db.session.scalar(taken) is None:
        session.on_date = wanted
        db.session.flush()


def _for_one(session: ClassSession, first: ClassSession, change: Change, shift: int) -> Change:
    """Return what a change of the series means for one of its classes."""
    if session.is_moved and session.id != first.id:
        return Change(
            practitioner_id=change.practitioner_id, room_id=change.room_id,
            capacity=change.capacity, may_overbook=change.may_overbook,
        )  # fmt: skip
    day = session.local_start.date() + timedelta(days=shift) if shift else None
    return Change(
        day, change.start_minute, change.minutes, change.practitioner_id, change.room_id,
        change.capacity, change.may_overbook,
    )  # fmt: skip


def _change_series(series: ClassSeries, change: Change, shift: int, since: date) -> None:
    """Let what is planned from now on be as the changed classes are."""
    series.weekday = (series.weekday + shift) % 7
    for name in ("start_minute", "minutes", "practitioner_id", "room_id", "capacity"):
        value = getattr(change, name)
        if value is not None:
            setattr(series, name, value)
    if shift:
        series.planned_until += timedelta(days=shift)
        since += timedelta(days=shift)
        series.first_on = min(series.first_on, since)
        if series.last_on is not None:
            series.last_on = max(series.last_on + timedelta(days=shift), since)
    db.session.flush()


def lock_ahead(session_ids: Sequence[int], now: datetime) -> Sequence[ClassSession]:
    """Lock classes that can still be changed. Raises ClassOff, ClassBegun."""
    sessions = seats.lock(session_ids)
    if not sessions or any(one.state is SessionState.CANCELLED for one in sessions):
        raise ClassOff
    if any(one.starts_at <= now for one in sessions):
        raise ClassBegun
    return sessions


def _apply(
    work: Sequence[tuple[ClassSession, Change]], actor: Actor, practice: Practice, now: datetime
) -> int:
    """Give classes their new times, teachers, rooms and places; tell who is in them."""
    before = {session.id: _place(session) for session, _change in work}
    _release(work)
    clashes = [
        session.local_start.date()
        for session, change in work
        if not _set(session, change, practice, now)
    ]
    if clashes:
        raise ClassClash(dates=sorted(clashes))
    changed = [session for session, _change in work if before[session.id] != _place(session)]
    for session, change in work:
        if change.capacity is not None:
            seats.resize(session, change.capacity, may_overbook=change.may_overbook)
        if before[session.id] != _place(session):
            # Before the line is told: it takes back the mails of what was offered.
            offers.take_back(session, now)
            follow(session, before[session.id], actor, practice, now)
        offers.fill(session, practice, now)
    return len(changed)


def _place(session: ClassSession) -> tuple[datetime, datetime, int, int | None]:
    return (session.starts_at, session.ends_at, session.practitioner_id, session.room_id)


def _release(work: Sequence[tuple[ClassSession, Change]]) -> None:
    """Let go of all old times first: the classes of one change never stand in each other's way.

    In line for all that is left or taken: who takes what we leave has the line, and waits for us.
    """
    calendar.line_up(
        number
        for session, change in work
        if change.is_of_place
        for number in (
            session.practitioner_id, session.room_id, change.practitioner_id, change.room_id
        )
        if number is not None
    )  # fmt: skip
    for session, change in work:
        if session.claim_id and change.is_of_place:
            calendar.release_times(db.session.get_one(Claim, session.claim_id))


def _set(session: ClassSession, change: Change, practice: Practice, now: datetime) -> bool:
    """Write the new time and place and claim them; tell whether they were free."""
    if not change.is_of_place:
        return True
    wall = session.local_start
    day = change.on_date or wall.date()
    minute = wall.hour * 60 + wall.minute if change.start_minute is None else change.start_minute
    minutes = change.minutes or session.minutes
    if change.is_of_time:
        session.starts_at = start_of(day, minute, practice.zone)
        if session.starts_at <= now:
            raise AlreadyBegun
        session.ends_at = session.starts_at + minutes * MINUTE
        session.local_start, session.zone_name = wall_time(day, minute), practice.zone_name
    session.practitioner_id = change.practitioner_id or session.practitioner_id
    session.room_id = change.room_id or session.room_id
    db.session.flush()
    db.session.expire(session, ["practitioner", "room"])
    if session.claim_id is None:
        return planning.settle(session, now)
    claim = db.session.get_one(Claim, session.claim_id)
    try:
        calendar.take_again(claim, planning.times(session), now, planning.work(session))
    except SlotTaken:
        return False
    return True
