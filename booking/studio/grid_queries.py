"""What stands in the calendar, as plain rows: three selects whatever the calendar holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.catalog.models import Practitioner
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db
from booking.domain.availability import MINUTE
from booking.domain.intervals import Interval
from booking.scheduling.calendar import LONGEST
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff

SHOWN = (Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.NO_SHOW)


class BlockKind(StrEnum):
    BOOKING = "booking"
    CLASS = "class"
    HOLD = "hold"
    OFFER = "offer"
    OFF = "block"


@dataclass(frozen=True, slots=True)
class Block:
    """Something in the calendar of one practitioner or room; turnover in minutes."""

    kind: BlockKind
    start: datetime
    end: datetime
    # The practitioner or room in whose column it stands, and who gives it.
    resource_id: int
    practitioner_id: int | None = None
    id: int = 0
    title: str = ""
    detail: str = ""
    status: Status | None = None
    before: int = 0
    after: int = 0
    taken: int = 0
    capacity: int = 0
    is_confirmed: bool = False
    has_note: bool = False
    is_minor: bool = False

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.end)

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // MINUTE

    @property
    def is_hatched(self) -> bool:
        """Whether the time is taken by nobody who comes."""
        return self.kind in {BlockKind.HOLD, BlockKind.OFFER, BlockKind.OFF}


def blocks(
    window: Interval, resource_ids: Sequence[int], by_room: bool, now: datetime
) -> list[Block]:
    """Return all that stands in these columns within the window, in order of time."""
    found = [
        *_bookings(window, resource_ids, by_room),
        *_classes(window, resource_ids, by_room),
        *_claims(window, resource_ids, now),
    ]
    return sorted(found, key=lambda one: (one.start, one.kind, one.id))


def _within(
    model: type[Booking | ClassSession | TimeClaim], window: Interval
) -> ColumnElement[bool]:
    # Nothing is longer than a day, so the search has two ends in the index.
    return (
        (model.starts_at < window.end)
        & (model.starts_at > window.start - LONGEST)
        & (model.ends_at > window.start)
    )


def _bookings(window: Interval, resource_ids: Sequence[int], by_room: bool) -> Iterator[Block]:
    column = Booking.room_id if by_room else Booking.practitioner_id
    query = (
        select(
            Booking.id, Booking.starts_at, Booking.ends_at, column, Booking.practitioner_id,
            Person.name, Booking.service_name, Booking.status, Booking.before_minutes,
            Booking.after_minutes, Booking.acknowledged_at, Booking.note != "", Person.guardian_id,
        )
        .join(Person, Person.id == Booking.person_id)
        .where(
            # By practitioner in any case: so the index is searched, whatever the columns are.
            Booking.practitioner_id.in_(select(Practitioner.id) if by_room else resource_ids),
            column.in_(resource_ids),
            Booking.class_session_id.is_(None),
            Booking.status.in_(SHOWN),
            _within(Booking, window),
        )
    )  # fmt: skip
    for row in db.session.execute(query):
        yield Block(
            kind=BlockKind.BOOKING, id=row[0], start=row[1], end=row[2], resource_id=row[3] or 0,
            practitioner_id=row[4], title=row[5], detail=row[6], status=row[7], before=row[8],
            after=row[9], is_confirmed=row[10] is not None, has_note=bool(row[11]),
            is_minor=row[12] is not None,
        )  # fmt: skip


def _classes(window: Interval, resource_ids: Sequence[int], by_room: bool) -> Iterator[Block]:
    column = ClassSession.room_id if by_room else ClassSession.practitioner_id
    query = (
        select(
            ClassSession.id, ClassSession.starts_at, ClassSession.ends_at, column,
            ClassSession.practitioner_id, ClassSeries.name, ClassSession.taken,
            ClassSession.capacity,
        )
        .join(ClassSeries, ClassSeries.id == ClassSession.series_id)
        .where(
            column.in_(resource_ids),
            ClassSession.state == SessionState.PLANNED,
            _within(ClassSession, window),
        )
    )  # fmt: skip
    for row in db.session.execute(query):
        yield Block(
            kind=BlockKind.CLASS, id=row[0], start=row[1], end=row[2], resource_id=row[3] or 0,
            practitioner_id=row[4], title=row[5], taken=row[6], capacity=row[7],
        )  # fmt: skip


def _claims(window: Interval, resource_ids: Sequence[int], now: datetime) -> Iterator[Block]:
    """Yield what is held, offered and blocked; of time off its note."""
    query = (
        select(
            Claim.id, TimeClaim.starts_at, TimeClaim.ends_at, TimeClaim.resource_id, Claim.kind,
            TimeOff.note,
        )
        .join(Claim, Claim.id == TimeClaim.claim_id)
        .outerjoin(TimeOff, TimeOff.claim_id == Claim.id)
        .where(
            TimeClaim.resource_id.in_(resource_ids),
            Claim.kind.in_((ClaimKind.HOLD, ClaimKind.OFFER, ClaimKind.BLOCK)),
            or_(Claim.kind != ClaimKind.HOLD, Claim.expires_at > now),
            _within(TimeClaim, window),
        )
    )  # fmt: skip
    for row in db.session.execute(query):
        yield Block(
            kind=BlockKind(row[4].value), id=row[0], start=row[1], end=row[2],
            resource_id=row[3], detail=row[5] or "",
        )  # fmt: skip
