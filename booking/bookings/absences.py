"""Time off and the sessions that stand in its way: each is kept or called off, all at once.

Sets nothing aside that was promised without being told to: a time that somebody is just booking,
or that is offered to somebody who waits, is listed like a session.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import agreement, changes, class_endings, line, offers, times
from booking.bookings.models import Booking, Status
from booking.bookings.queries import SHOWN
from booking.bookings.waiting_models import Offer, OfferState, Waits
from booking.classes import queries as classes
from booking.classes import seats
from booking.classes.models import ClassSession, SessionState
from booking.database import db
from booking.domain.availability import DAY, local_date, open_between
from booking.domain.hours_errors import InTheWay
from booking.domain.intervals import Interval
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice
from booking.scheduling import absences, calendar
from booking.scheduling.absences import Absence
from booking.scheduling.calendar import LONGEST
from booking.scheduling.hours import load_hours
from booking.scheduling.models import Claim, ClaimKind, TimeClaim, TimeOff

AGREED = (Status.BOOKED, Status.REQUESTED)


class What(StrEnum):
    BOOKING = "booking"
    CLASS = "class"
    HOLD = "hold"  # Somebody is booking it just now.
    OFFER = "offer"  # Offered to somebody who waited for such a time.


class Choice(StrEnum):
    KEEP = "keep"  # It stays, and the time around it is blocked.
    CANCEL = "cancel"  # It is called off; whoever was told of it is told of that.


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in time off; `row_id` is its booking, class, claim or offer."""

    what: What
    row_id: int
    interval: Interval
    row: Booking | ClassSession | None = None
    expires_at: datetime | None = None

    @property
    def key(self) -> str:
        """Names it at the time it has: what has moved since is another."""
        return f"{self.what}_{self.row_id}_{self.interval.start:%Y%m%d%H%M}"

    @property
    def may_be_cancelled(self) -> bool:
        """What waits for its answer is answered, not cancelled."""
        return not isinstance(self.row, Booking) or self.row.status is Status.BOOKED


def in_the_way(absence: Absence, now: datetime) -> list[Obstacle]:
    """Return what stands in the time off and is not over, in order of time.

    A session whose turnover alone reaches into it stays without a question.
    """
    interval = Interval(max(absence.interval.start, now), absence.interval.end)
    wanted = Absence(absence.resource_id, interval)
    found = [*_sessions(wanted), *_classes(wanted), *_promised(wanted, now)]
    return sorted(found, key=lambda one: (one.interval, one.key))


def _sessions(absence: Absence) -> list[Obstacle]:
    rows = db.session.scalars(
        select(Booking)
        .where(
            or_(
                Booking.practitioner_id == absence.resource_id,
                Booking.room_id == absence.resource_id,
            ),
            Booking.class_session_id.is_(None),
            Booking.status.in_(AGREED),
            Booking.starts_at < absence.interval.end,
            Booking.ends_at > absence.interval.start,
        )
        .options(*SHOWN)
        .execution_options(populate_existing=True)
    )
    return [
        Obstacle(What.BOOKING, row.id, Interval(row.starts_at, row.ends_at), row) for row in rows
    ]


def _classes(absence: Absence) -> list[Obstacle]:
    rows = db.session.scalars(
        select(ClassSession)
        .where(
            or_(
                ClassSession.practitioner_id == absence.resource_id,
                ClassSession.room_id == absence.resource_id,
            ),
            ClassSession.state == SessionState.PLANNED,
            ClassSession.starts_at < absence.interval.end,
            ClassSession.ends_at > absence.interval.start,
        )
        .options(*classes.SHOWN)
        .execution_options(populate_existing=True)
    )
    return [Obstacle(What.CLASS, row.id, Interval(row.starts_at, row.ends_at), row) for row in rows]


def _promised(absence: Absence, now: datetime) -> list[Obstacle]:
    """Times that are held for somebody who decides, or offered to somebody who waits."""
    rows = db.session.execute(
        select(Claim.id, Offer.id, TimeClaim.starts_at, TimeClaim.ends_at, Claim.expires_at)
        .join(TimeClaim, TimeClaim.claim_id == Claim.id)
        .outerjoin(Offer, Offer.claim_id == Claim.id)
        .where(
            TimeClaim.resource_id == absence.resource_id,
            TimeClaim.starts_at < absence.interval.end,
            TimeClaim.starts_at > absence.interval.start - LONGEST,
            TimeClaim.ends_at > absence.interval.start,
            Claim.kind.in_((ClaimKind.HOLD, ClaimKind.OFFER)),
            or_(Claim.kind == ClaimKind.OFFER, Claim.expires_at > now),
        )
    )
    return [
        Obstacle(
            What.OFFER if offer_id else What.HOLD, offer_id or claim_id, Interval(start, end),
            expires_at=expires_at,
        )
        for claim_id, offer_id, start, end, expires_at in rows
    ]  # fmt: skip


def take_off(
    absence: Absence,
    choices: Mapping[str, Choice],
    actor: Actor,
    practice: Practice,
    now: datetime,
) -> TimeOff:
    """Take time off with a choice, by key, for all that stands in it; whole or not at all.

    Raises InTheWay while there is anything without a choice (also what came or moved since the
    list was shown), AbsenceBackward, AbsenceOver, AbsenceTooLong, and what refuses a cancelling.
    """
    absences.check(absence.interval, now)
    _stand_in_line(absence, choices, practice, now)
    found = in_the_way(absence, now)
    if any(one.key not in choices for one in found):
        raise InTheWay
    # Written first: what is called off below is then offered to nobody who waits.
    time_off = absences.begin(absence, now)
    called_off = [one for one in found if choices[one.key] is Choice.CANCEL]
    for one in called_off:
        _call_off(one, actor, practice, now)
    absences.cover(time_off, now)
    audit.record(
        actor, f"resource:{absence.resource_id}", "time_off", now,
        start=time_off.starts_at.isoformat(), end=time_off.ends_at.isoformat(),
        cancelled=len(called_off), kept=len(found) - len(called_off),
    )  # fmt: skip
    return time_off


def _stand_in_line(
    absence: Absence, choices: Mapping[str, Choice], practice: Practice, now: datetime
) -> None:
    """Lock what is to be called off and the calendar, in the order that everybody keeps to.

    Who books any of this time waits for us from here on, and finds it taken.
    """
    ahead = [one for one in in_the_way(absence, now) if choices.get(one.key) is Choice.CANCEL]
    seats.lock(one.row_id for one in ahead if one.what is What.CLASS)
    for booking_id in sorted(one.row_id for one in ahead if one.what is What.BOOKING):
        agreement.lock(booking_id)
    for offer_id in sorted(one.row_id for one in ahead if one.what is What.OFFER):
        offers.lock(offer_id)
    times.line_up(practice, now, also=[absence.resource_id])


def _call_off(one: Obstacle, actor: Actor, practice: Practice, now: datetime) -> None:
    if one.what is What.BOOKING:
        changes.cancel(one.row_id, actor, practice, now)
    elif one.what is What.CLASS:
        class_endings.cancel_one(one.row_id, actor, practice, now)
    elif one.what is What.OFFER:
        _take_back(one.row_id, now)
    else:
        calendar.release(one.row_id)


def _take_back(offer_id: int, now: datetime) -> None:
    """Take an offered time back: whoever had the offer waits on, where they stood."""
    offer = db.session.get_one(Offer, offer_id, populate_existing=True)
    claim_id, entry = offer.claim_id, offer.entry
    line.close(offer, OfferState.WITHDRAWN, now)
    entry.state = Waits.WAITING
    outbox.void(entry.about, Reason.TIME_OFF, now)
    db.session.flush()
    if claim_id is not None:
        calendar.release(claim_id)


def outside_hours(
    practice: Practice, now: datetime, practitioner_id: int | None = None, most: int = 50
) -> list[Booking]:
    """Return the first sessions ahead that no longer lie within hours; of one, or of everybody.

    Three selects, whatever they find. Places in classes are not held to hours.
    """
    query = (
        select(Booking)
        .where(
            Booking.status.in_(AGREED),
            Booking.class_session_id.is_(None),
            Booking.starts_at > now,
        )
        .options(*SHOWN)
        .order_by(Booking.starts_at, Booking.id)
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    ahead = list(db.session.scalars(query))
    if not ahead:
        return []
    first = local_date(now, practice.zone)
    last = local_date(ahead[-1].starts_at, practice.zone)
    open_time = _open_time({one.practitioner_id for one in ahead}, first, last, practice)
    return [one for one in ahead if not _is_within(one, open_time[one.practitioner_id])][:most]


def _open_time(
    practitioners: set[int], first: date, last: date, practice: Practice
) -> dict[int, list[Interval]]:
    hours = load_hours(practitioners, first, last, practice.zone)
    return {
        one: open_between(first - DAY, last + DAY, each._replace(away=()), practice.zone)
        for one, each in hours.items()
    }


def _is_within(booking: Booking, open_time: Sequence[Interval]) -> bool:
    session = Interval(booking.starts_at, booking.ends_at)
    return any(interval.contains(session) for interval in open_time)
