"""Several sessions at once, every few weeks: what each date would be, and booking those chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from booking.accounts.audit import Actor
from booking.bookings import agreement, changes, repeat_messages, staff_bookings
from booking.bookings.models import Booking, BookingRepeat, Status
from booking.bookings.operations import Agreed
from booking.bookings.staff_bookings import Order
from booking.bookings.told import FIRST
from booking.database import db, lock_row
from booking.domain import policies
from booking.domain.availability import local_date
from booking.domain.desk_errors import DatesTaken
from booking.domain.errors import SlotTaken
from booking.domain.objections import Objection, objections
from booking.domain.openings import Diary, Opening, Terms, openings_on
from booking.domain.repeats import Occurrence, occurrences
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice
from booking.scheduling.queries import load_diary

# How many free times of its day are offered for a date that is taken.
NEAREST = 4


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The first session, and how often it comes again."""

    first: datetime
    weeks: int
    times: int


@dataclass(frozen=True, slots=True)
class DatePlan:
    """What one date of a series would be."""

    occurrence: Occurrence
    against: tuple[Objection, ...]
    is_practitioner_free: bool
    has_room: bool
    nearest: tuple[Opening, ...]

    @property
    def number(self) -> int:
        return self.occurrence.number

    @property
    def starts_at(self) -> datetime:
        return self.occurrence.starts_at

    @property
    def is_free(self) -> bool:
        """Whether it can be booked at the wanted time."""
        return self.is_practitioner_free and self.has_room

    @property
    def is_plain(self) -> bool:
        """Whether one would book it without a second look; that it is far off is meant so."""
        return self.is_free and not set(self.against) & {Objection.PAST, Objection.CLOSED}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A time that was ticked, and what was known to speak against it."""

    starts_at: datetime
    known: frozenset[str] = frozenset()


def preview(order: Order, rhythm: Rhythm, practice: Practice, now: datetime) -> list[DatePlan]:
    """Return what each date would be, in a handful of selects however many there are.

    Raises NotGivenBy.
    """
    terms = order.terms
    dates = list(occurrences(rhythm.first, rhythm.weeks, rhythm.times, practice.zone))
    diary = _diary(terms, [one.day for one in dates], practice, now)
    return [_plan(one, terms, diary, practice, now) for one in dates]


def _diary(terms: Terms, days: Sequence[date], practice: Practice, now: datetime) -> Diary:
    return load_diary([terms], min(days), max(days), practice.zone, now)


def _plan(
    occurrence: Occurrence, terms: Terms, diary: Diary, practice: Practice, now: datetime
) -> DatePlan:
    start, (practitioner_id,) = occurrence.starts_at, terms.practitioner_ids
    is_free = diary.is_free(practitioner_id, terms.demand.whole(start))
    has_room = bool(staff_bookings.free_rooms(start, terms, diary))
    nearest = () if is_free and has_room else _nearest(occurrence, terms, diary, practice, now)
    against = objections(start, practitioner_id, terms, diary, practice.policy, now)
    return DatePlan(occurrence, against, is_free, has_room, tuple(nearest))


def _nearest(
    occurrence: Occurrence, terms: Terms, diary: Diary, practice: Practice, now: datetime
) -> list[Opening]:
    """Return free times of the same day, in order; also beyond what clients may book."""
    days_ahead = (occurrence.day - local_date(now, practice.zone)).days
    policy = replace(practice.policy, furthest_days=max(0, days_ahead))
    found = openings_on(occurrence.day, terms, diary, policy, now)
    near = sorted(found, key=lambda one: abs(one.starts_at - occurrence.starts_at))[:NEAREST]
    return sorted(near)


def book_all(
    order: Order, chosen: Sequence[Chosen], weeks: int, practice: Practice, now: datetime
) -> list[Booking]:
    """Book all that was ticked, or nothing; the same form again gives the same bookings.

    Raises NotGivenBy, and DatesTaken with the dates of which something is no longer as it was.
    """
    terms = order.terms
    staff_bookings.line_up(terms)
    if booked := staff_bookings.find(order):
        return of_repeat(booked.repeat_id)
    chosen = sorted(chosen, key=lambda one: one.starts_at)
    days = [local_date(one.starts_at, practice.zone) for one in chosen]
    diary = _diary(terms, days, practice, now)
    against = [
        objections(one.starts_at, order.practitioner_id, terms, diary, practice.policy, now)
        for one in chosen
    ]
    agreed, lost = _take_all(order, chosen, against, terms, diary, now)
    if lost:
        raise DatesTaken(dates=lost)
    repeat, person = _begin(order, len(chosen), weeks, practice, now), order.whose()
    repeat.person = person
    db.session.add(repeat)
    db.session.flush()
    bookings = [
        staff_bookings.write(
            one, order, person, practice, now, why,
            {"repeat_id": repeat.id, "repeat_number": number},
        )
        for number, (one, why) in enumerate(zip(agreed, against, strict=True), 1)
    ]  # fmt: skip
    db.session.flush()
    _tell(repeat, bookings, now)
    return bookings


def _take_all(
    order: Order,
    chosen: Sequence[Chosen],
    against: Sequence[tuple[Objection, ...]],
    terms: Terms,
    diary: Diary,
    now: datetime,
) -> tuple[list[Agreed], list[datetime]]:
    """Take the time of each; return those that were had, and when it has become otherwise."""
    agreed, lost = [], []
    for number, (one, why) in enumerate(zip(chosen, against, strict=True)):
        if {each.value for each in why} - one.known:
            lost.append(one.starts_at)
            continue
        try:
            claim, room = staff_bookings.take(order, one.starts_at, terms, diary, now)
        except SlotTaken:
            lost.append(one.starts_at)
            continue
        key = order.key(number)
        agreed.append(Agreed(key, order.option, one.starts_at, order.practitioner_id, room, claim))
    return agreed, lost


def _begin(
    order: Order, times: int, weeks: int, practice: Practice, now: datetime
) -> BookingRepeat:
    return BookingRepeat(
        created_by_id=order.account.id,
        weeks=weeks,
        times=times,
        revision=1,
        undo_until=policies.undo_until(now, practice.policy),
        created_at=now,
    )


def _tell(repeat: BookingRepeat, bookings: Sequence[Booking], now: datetime) -> None:
    ahead = [one for one in bookings if one.starts_at > now]
    repeat_messages.dates_booked(repeat, ahead, now, repeat.undo_until)
    repeat_messages.studio_dates(repeat, bookings, now, repeat.undo_until)


def of_repeat(repeat_id: int | None) -> list[Booking]:
    """Return the sessions that were booked at once, in order of time."""
    return list(
        db.session.scalars(
            select(Booking).where(Booking.repeat_id == repeat_id).order_by(Booking.starts_at)
        )
    )


def undo_all(repeat_id: int, actor: Actor, practice: Practice, now: datetime) -> list[Booking]:
    """Take back what was booked at once, while nobody has been told.

    What was called off since stays so. Raises UndoTooLate, NotLive once one of them has moved.
    """
    standing = [one for one in of_repeat(repeat_id) if one.status is Status.BOOKED]
    for one in sorted(standing, key=lambda one: one.id):
        agreement.lock(one.id)
    repeat = db.session.get_one(BookingRepeat, repeat_id)
    lock_row(repeat)
    outbox.void(repeat.about, Reason.UNDONE, now)
    return [changes.undo(one.id, FIRST, actor, practice, now) for one in standing]
