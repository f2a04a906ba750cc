"""Planning classes: the sessions of a series are rows, made up to a horizon and moved on with it.

Callers give `now`, own the transaction and commit. What follows for the people who are booked is
the bookings' side of the house.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from booking import setbacks
from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Service
from booking.classes import seats
from booking.classes.models import (
    ClassSeries,
    ClassSession,
    Level,
    SessionState,
    SkippedDate,
    WaitlistMode,
)
from booking.database import db
from booking.domain.availability import DAY, MINUTE, local_date
from booking.domain.errors import EmptySeries, SlotTaken, TermNeedsEnd
from booking.domain.names import free_slug, slug
from booking.domain.series import dates_of, start_of, wall_time
from booking.domain.slots import Demand
from booking.domain.workload import Work
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.calendar import Wanted
from booking.scheduling.models import ClaimKind

# What `setbacks` call it when planning on fails.
EXTENDING = "extending"
# A term is planned whole at once, so it has an end that can be seen.
LONGEST_TERM = timedelta(weeks=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """A series as the manager or the teacher wants it; times are local, money is cents."""

    name: str
    service_id: int
    practitioner_id: int
    room_id: int | None
    weekday: int
    start_minute: int
    minutes: int
    capacity: int
    price_cents: int
    first_on: date
    last_on: date | None = None
    skipped: tuple[date, ...] = ()
    trial_cents: int | None = None
    term_cents: int | None = None
    level: Level = Level.ALL
    waitlist_mode: WaitlistMode = WaitlistMode.OFFER
    about: str = ""


def check_plan(plan: Plan) -> None:
    """Hold a plan to the rules that need no calendar. Raises TermNeedsEnd, EmptySeries."""
    if plan.term_cents is not None and (
        plan.last_on is None or plan.last_on - plan.first_on > LONGEST_TERM
    ):
        raise TermNeedsEnd(weeks=LONGEST_TERM.days // 7)
    last = plan.last_on or plan.first_on + 7 * DAY
    if not dates_of(plan.weekday, plan.first_on, last, plan.skipped) and plan.last_on:
        raise EmptySeries


def plan_series(plan: Plan, actor: Actor, practice: Practice, now: datetime) -> ClassSeries:
    """Write a series and its sessions up to the horizon.

    A date on which the teacher or the room is taken becomes a session in state CLASH, which the
    planner sees and nobody can book; each turn of the horizon tries it again.
    """
    check_plan(plan)
    if known := _planned_so(plan):
        return known  # The form was sent twice.
    values = {name: getattr(plan, name) for name in Plan.__slots__ if name != "skipped"}
    series = ClassSeries(
        **values,
        slug=_free_slug(plan.name),
        planned_until=plan.first_on - DAY,
        created_at=now,
        skipped=[SkippedDate(on_date=day) for day in sorted(set(plan.skipped))],
    )
    db.session.add(series)
    db.session.flush()
    extend(series, practice, now)
    audit.record(actor, series.about_row, "planned", now, first=plan.first_on.isoformat())
    return series


def _planned_so(plan: Plan) -> ClassSeries | None:
    """Return a series that is planned just so already."""
    return db.session.scalar(
        select(ClassSeries).where(
            ClassSeries.name == plan.name,
            ClassSeries.practitioner_id == plan.practitioner_id,
            ClassSeries.first_on == plan.first_on,
            ClassSeries.weekday == plan.weekday,
            ClassSeries.start_minute == plan.start_minute,
        )
    )


def _free_slug(name: str) -> str:
    wanted = slug(name, 50) or "class"
    known = db.session.scalars(select(ClassSeries.slug).where(ClassSeries.slug.startswith(wanted)))
    return free_slug(wanted, set(known))


def horizon(series: ClassSeries, practice: Practice, now: datetime) -> date:
    """Return the last date up to which a series is planned now: a term is planned whole."""
    usual = local_date(now, practice.zone) + practice.class_days * DAY
    if series.last_on is None:
        return usual
    return series.last_on if series.term_cents is not None else min(usual, series.last_on)


def lock_series(series_id: int) -> ClassSeries:
    """Wait for one's turn at a series, before any of its classes: to plan, change or end it.

    Whoever books a place in one of its classes need not wait for that.
    """
    return db.session.get_one(
        ClassSeries, series_id, with_for_update={"key_share": True}, populate_existing=True
    )


def extend(series: ClassSeries, practice: Practice, now: datetime) -> None:
    """Plan the dates after the last that was looked at, and try again where there was a clash.

    A new series is nobody else's yet; of any other the caller holds the lock.
    """
    # First, because classes are locked before the teachers and rooms of any.
    _settle_clashes(series, now)
    until = horizon(series, practice, now)
    skipped = {one.on_date for one in series.skipped} | _dates_planned(series)
    for day in dates_of(series.weekday, series.planned_until + DAY, until, skipped):
        starts_at = start_of(day, series.start_minute, practice.zone)
        if starts_at > now:
            _plan_session(series, day, starts_at, practice, now)
    series.planned_until = max(series.planned_until, until)
    db.session.flush()


def _settle_clashes(series: ClassSeries, now: datetime) -> None:
    """Try again where there was a clash; somebody may be moving one out of the way just now."""
    for session in seats.lock(one.id for one in clashes_of(series.id, now)):
        if session.state is SessionState.CLASH and session.starts_at > now:
            settle(session, now)


def _dates_planned(series: ClassSeries) -> set[date]:
    """Return the dates that have a session already, called off or not."""
    return set(
        db.session.scalars(
            select(ClassSession.on_date).where(
                ClassSession.series_id == series.id, ClassSession.on_date > series.planned_until
            )
        )
    )


def clashes_of(series_id: int, now: datetime) -> Sequence[ClassSession]:
    """Return the sessions ahead that could not be planned."""
    return db.session.scalars(
        select(ClassSession)
        .where(
            ClassSession.series_id == series_id,
            ClassSession.state == SessionState.CLASH,
            ClassSession.starts_at > now,
        )
        .order_by(ClassSession.starts_at)
    ).all()


def _plan_session(
    series: ClassSeries, day: date, starts_at: datetime, practice: Practice, now: datetime
) -> None:
    session = ClassSession(
        series=series,
        on_date=day,
        state=SessionState.CLASH,
        practitioner_id=series.practitioner_id,
        room_id=series.room_id,
        starts_at=starts_at,
        ends_at=starts_at + series.minutes * MINUTE,
        local_start=wall_time(day, series.start_minute),
        zone_name=practice.zone_name,
        capacity=series.capacity,
    )
    db.session.add(session)
    db.session.flush()
    settle(session, now)


def settle(session: ClassSession, now: datetime) -> bool:
    """Take the time of a session that has none; tell whether it was free."""
    try:
        claim = calendar.claim(ClaimKind.CLASS, times(session), now, work=work(session))
    except SlotTaken:
        return False
    session.claim_id, session.state = claim.id, SessionState.PLANNED
    db.session.flush()
    return True


def work(session: ClassSession) -> Work:
    """A class counts among the sessions of who teaches it, and is no hands-on work."""
    return Work(session.starts_at, 0)


def times(session: ClassSession) -> list[Wanted]:
    """Return the time a session takes of its teacher and its room, turnover included."""
    service = db.session.get_one(Service, session.series.service_id)
    demand = Demand(session.minutes, service.before_minutes, service.after_minutes)
    return calendar.times_for(demand, session.starts_at, session.practitioner_id, session.room_id)


def next_to_extend(practice: Practice, now: datetime) -> ClassSeries | None:
    """Return a series whose sessions do not reach the horizon yet; its row is locked."""
    usual = local_date(now, practice.zone) + practice.class_days * DAY
    return db.session.scalar(
        select(ClassSeries)
        .where(
            ClassSeries.planned_until < usual,
            setbacks.is_free(EXTENDING, ClassSeries.id, now),
            or_(ClassSeries.last_on.is_(None), ClassSeries.planned_until < ClassSeries.last_on),
        )
        .order_by(ClassSeries.planned_until, ClassSeries.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )


def extend_next(practice: Practice, now: datetime) -> bool:
    """Extend one series that needs it; tell whether there was one."""
    series = next_to_extend(practice, now)
    if series is None:
        return False
    setbacks.take(EXTENDING, series.id)
    extend(series, practice, now)
    return True


def end_series(series: ClassSeries, last_on: date, actor: Actor, now: datetime) -> None:
    """Let a series end with `last_on`; sessions after it are called off by the caller."""
    last_on = max(last_on, series.first_on)
    series.last_on = last_on
    series.planned_until = max(series.planned_until, last_on)
    audit.record(actor, series.about_row, "ends", now, last=last_on.isoformat())
    db.session.flush()


def lock_following(session_id: int) -> Sequence[ClassSession]:
    """Lock a class and all later ones of its series that are not called off; in order of date.

    The series first: no class is planned meanwhile that would stay as it was.
    """
    series_id = db.session.scalar(
        select(ClassSession.series_id).where(ClassSession.id == session_id)
    )
    if series_id is None:
        return []
    lock_series(series_id)
    found = db.session.get_one(ClassSession, session_id, populate_existing=True)
    seats.lock([found.id, *(one.id for one in following(found))])
    return following(found)


def following(session: ClassSession) -> Sequence[ClassSession]:
    """Return a session and all later ones of its series that are not called off, in order."""
    return db.session.scalars(
        select(ClassSession)
        .where(
            ClassSession.series_id == session.series_id,
            ClassSession.on_date >= session.on_date,
            ClassSession.state != SessionState.CANCELLED,
        )
        .order_by(ClassSession.on_date)
    ).all()
