"""What was to be decided about a client's sessions, where no mail in the log tells how."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from booking import setbacks
from booking.accounts.models import Person
from booking.bookings.follow_models import FollowUp, FollowUpOutcome
from booking.bookings.follow_ups import FOLLOW
from booking.bookings.models import Booking, Reminder, ReminderOutcome, Status
from booking.bookings.reminders import REMIND, leads_of
from booking.database import db
from booking.domain.policies import reminder_at
from booking.practice.models import Practice

AHEAD, AFTER = 12, 6
LATELY = timedelta(days=60)
REMINDER = "reminder"
# Not an outcome: such a reminder was never written down.
PASSED = "passed"
FAILED = "failed"
STOOD = (Status.BOOKED, Status.ARRIVED, Status.NO_SHOW)
TELLING = (ReminderOutcome.TOO_LATE, ReminderOutcome.NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail that is to be decided on at `due_at`, or was: then `why` says why there is none.

    `kind` is "reminder" or a follow-up's; `has_failed` says that the program failed at it.
    """

    booking: Booking
    kind: str
    due_at: datetime
    why: str = ""
    lead_minutes: int = 0
    has_failed: bool = False


def reminders(
    person_id: int, practitioner_id: int | None, practice: Practice, now: datetime
) -> list[Planned]:
    """Return a client's reminders that no mail tells of: ahead, or left out of late, and why."""
    query = (
        select(Booking, Reminder, setbacks.has_failed(REMIND, Reminder.id))
        .outerjoin(
            Reminder,
            and_(Reminder.booking_id == Booking.id, Reminder.revision == Booking.revision),
        )
        .where(
            Booking.person_id == person_id,
            or_(Booking.ends_at > now, Reminder.outcome.in_(TELLING)),
            Booking.ends_at > now - setbacks.FORGOTTEN,
            Booking.status.in_(STOOD),
            Booking.is_silent.is_(False),
        )
        .options(joinedload(Booking.person).joinedload(Person.account), joinedload(Booking.service))
        .order_by(Booking.starts_at, Booking.id, Reminder.due_at)
        .limit(AHEAD * 8)
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    found: list[Planned] = []
    for booking, rows in groupby(db.session.execute(query), key=lambda row: row[0]):
        known = [(row[1], row[2]) for row in rows if row[1] is not None]
        found += _told(booking, known)
        if booking.starts_at > now:
            found += _passed(booking, [one for one, _has_failed in known], practice, now)
    return sorted(found, key=lambda one: one.due_at)[:AHEAD]


def _told(booking: Booking, known: Iterable[tuple[Reminder, bool]]) -> Iterable[Planned]:
    for one, has_failed in known:
        if one.outcome is None or one.outcome in TELLING:
            is_lost = has_failed and one.outcome is ReminderOutcome.TOO_LATE
            why = FAILED if is_lost else (one.outcome or "")
            yield Planned(booking, REMINDER, one.due_at, why, one.lead_minutes, has_failed)


def _passed(
    booking: Booking, known: list[Reminder], practice: Practice, now: datetime
) -> Iterable[Planned]:
    """What was never planned, because its moment had passed; not what falls on another's."""
    leads = set(leads_of(booking, practice)) - {one.lead_minutes for one in known}
    for lead in sorted(leads):
        moment = reminder_at(booking.starts_at, lead, practice.policy, practice.zone)
        if moment <= now and moment not in {one.due_at for one in known}:
            yield Planned(booking, REMINDER, moment, PASSED, lead)


def follow_ups(person_id: int, practitioner_id: int | None, now: datetime) -> list[Planned]:
    """Return what follows a client's sessions of late and no mail tells of, the newest first."""
    query = (
        select(FollowUp, setbacks.has_failed(FOLLOW, FollowUp.id))
        .join(FollowUp.booking)
        .where(
            Booking.person_id == person_id,
            Booking.ends_at <= now,
            FollowUp.due_at > now - LATELY,
            or_(FollowUp.outcome.is_(None), FollowUp.outcome != FollowUpOutcome.SENT),
        )
        .options(contains_eager(FollowUp.booking))
        .order_by(FollowUp.due_at.desc(), FollowUp.id.desc())
        .limit(AFTER)
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    found = []
    for one, has_failed in db.session.execute(query):
        is_lost = has_failed and one.outcome is FollowUpOutcome.TOO_LATE
        why = FAILED if is_lost else (one.outcome or "")
        found.append(Planned(one.booking, one.kind, one.due_at, why, 0, has_failed))
    return found
