"""The only writer of claims: how time is taken, changed and given back.

Whether time is free is decided by the database when it is written, never by a check before.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from booking.catalog.models import Resource
from booking.columns import UTCDateTime
from booking.database import db, guard_name, write_rows
from booking.domain.errors import SlotTaken
from booking.domain.intervals import Interval, subtract
from booking.domain.slots import Demand
from booking.domain.workload import Work
from booking.guards import NO_OVERLAP
from booking.scheduling.models import Claim, ClaimKind, TimeClaim

LONGEST = timedelta(hours=24)

# What every booking asks is put together once: that takes longer than to run it.
_LINE = (
    select(Resource.id)
    .where(Resource.id.in_(bindparam("resources", expanding=True)))
    .order_by(Resource.id)
    .with_for_update()
)
_IN_THE_WAY = select(TimeClaim.claim_id).where(
    TimeClaim.resource_id.in_(bindparam("resources", expanding=True)),
    TimeClaim.starts_at < bindparam("end", type_=UTCDateTime()),
    TimeClaim.starts_at > bindparam("earliest", type_=UTCDateTime()),
    TimeClaim.ends_at > bindparam("start", type_=UTCDateTime()),
)
# Of an expired hold it is asked again by its row: while somebody waited for it, it may have been
# booked.
_CLEAR = (
    delete(Claim)
    .where(
        Claim.id.in_(_IN_THE_WAY),
        Claim.kind == ClaimKind.HOLD,
        Claim.expires_at <= bindparam("now", type_=UTCDateTime()),
    )
    .execution_options(synchronize_session=False)
)
_CLAIM = select(Claim).where(Claim.id == bindparam("id")).options(joinedload(Claim.times))


class Wanted(NamedTuple):
    """Time `[start, end)` of one practitioner or room."""

    resource_id: int
    interval: Interval


def times_for(
    demand: Demand, start: datetime, practitioner_id: int, room_id: int | None
) -> list[Wanted]:
    """Return the time a session takes from its practitioner and its room, turnover included."""
    resources = [practitioner_id] if room_id is None else [practitioner_id, room_id]
    return [Wanted(resource, demand.whole(start)) for resource in resources]


def line_up(resource_ids: Iterable[int]) -> None:
    """Wait for one's turn at these practitioners and rooms, until the transaction ends.

    The guard alone keeps time from being taken twice; but on PostgreSQL two that insert at once
    would wait for each other until the server ends one of them. Locked in one order, they stand
    in a line instead. Whoever tries several places one after the other lines up for all of them
    before the first. SQLite writers are in a line already, and are not asked.
    """
    if db.engine.dialect.name != "sqlite":
        db.session.execute(_LINE, {"resources": sorted(set(resource_ids))})


def claim(
    kind: ClaimKind,
    wanted: list[Wanted],
    now: datetime,
    expires_at: datetime | None = None,
    work: Work | None = None,
) -> Claim:
    """Take time for a new claim. Expired holds give way; SlotTaken when anything else stands there.

    `work` is the session that it is for, which counts against the limits of who gives it.

    Runs in a savepoint of its own: after a SlotTaken the caller's transaction is still good, and
    the next practitioner or room can be tried.
    """
    new = Claim(kind=kind, created_at=now, expires_at=expires_at)
    _note_work(new, work)
    line_up(one.resource_id for one in wanted)
    with _guarded():
        clear_expired(wanted, now)
        db.session.add(new)
        _add_times(new, wanted)
    return new


def take_again(existing: Claim, wanted: list[Wanted], now: datetime, work: Work | None) -> None:
    """Let a claim take other time instead of what it has. Raises SlotTaken and keeps the old."""
    line_up(one.resource_id for one in wanted)
    with _guarded():
        clear_expired(wanted, now)
        release_times(existing)
        _note_work(existing, work)
        _add_times(existing, wanted)


def _note_work(existing: Claim, work: Work | None) -> None:
    existing.session_at = work.starts_at if work else None
    existing.hands_on_minutes = work.minutes if work else 0


@contextmanager
def _guarded() -> Iterator[None]:
    """A savepoint that turns the guard's refusal into SlotTaken."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if guard_name(error, NO_OVERLAP):
            raise SlotTaken from error
        raise


def _add_times(owner: Claim, wanted: Iterable[Wanted]) -> None:
    db.session.flush()
    rows = [
        {"claim_id": owner.id, "resource_id": one, "starts_at": time.start, "ends_at": time.end}
        for one, time in sorted(wanted)
    ]
    write_rows(TimeClaim, *rows)


def clear_expired(wanted: list[Wanted], now: datetime) -> None:
    """Remove holds that have run out and stand in the way; anybody's transaction may.

    An expired offer stays: it only passes on to the next in line.
    """
    at_once: dict[Interval, list[int]] = {}
    for resource_id, interval in wanted:
        at_once.setdefault(interval, []).append(resource_id)
    for interval, resource_ids in at_once.items():
        place = {"resources": resource_ids, "start": interval.start, "end": interval.end}
        db.session.execute(_CLEAR, {**place, "earliest": interval.start - LONGEST, "now": now})


def find(claim_id: int) -> Claim | None:
    """Return a claim with the time it has; None when it has been given back."""
    return db.session.scalars(_CLAIM, {"id": claim_id}).unique().one_or_none()


def confirm(held: Claim, wanted: list[Wanted], now: datetime, work: Work) -> None:
    """Turn a hold into a booking's claim; the time stays taken throughout.

    When something else is wanted than was held (another length, or the studio has changed it
    since), it takes that instead. Raises SlotTaken.
    """
    held.kind = ClaimKind.BOOKING
    held.expires_at = None
    _note_work(held, work)
    if _times_of(held) != set(wanted):
        take_again(held, wanted, now, work)


def covers(existing: Claim, wanted: Iterable[Wanted]) -> bool:
    """Tell whether a claim has at least this time."""
    own = _times_of(existing)
    return all(
        any(
            one.resource_id == needed.resource_id and one.interval.contains(needed.interval)
            for one in own
        )
        for needed in wanted
    )


def _times_of(existing: Claim) -> set[Wanted]:
    return {Wanted(one.resource_id, Interval(one.starts_at, one.ends_at)) for one in existing.times}


def release(claim_id: int) -> None:
    """Give a claim's time back. Whoever points to the claim must have let go of it before."""
    db.session.execute(
        delete(Claim).where(Claim.id == claim_id).execution_options(synchronize_session=False)
    )


def release_times(existing: Claim) -> None:
    db.session.execute(
        delete(TimeClaim)
        .where(TimeClaim.claim_id == existing.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(existing, ["times"])


def keep_rest(taken: Iterable[Wanted], given: Iterable[Wanted]) -> list[Wanted]:
    """Return what of the time `given` up is not in the time `taken` instead."""
    taken = list(taken)
    return [
        Wanted(resource_id, rest)
        for resource_id, interval in given
        for rest in subtract(
            interval, [new.interval for new in taken if new.resource_id == resource_id]
        )
    ]


def sweep(now: datetime) -> None:
    """Remove holds that ran out an hour ago and that nobody's booking stood in the way of."""
    db.session.execute(
        delete(Claim)
        .where(Claim.kind == ClaimKind.HOLD, Claim.expires_at < now - timedelta(hours=1))
        .execution_options(synchronize_session=False)
    )
