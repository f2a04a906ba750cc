"""Who comes to a class, with what the teacher should know of each at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from booking.accounts.models import Account, Person
from booking.bookings.line import LIVE
from booking.bookings.models import Booking, Status
from booking.classes.models import ClassSession
from booking.database import db

# How far back somebody still counts as a regular of a class.
LATELY = timedelta(weeks=10)
SHOWN = (*LIVE, Status.LATE_CANCELLED)


@dataclass(frozen=True, slots=True)
class Line:
    """One place: whose it is, and whether it is their first visit or a second trial."""

    booking: Booking
    is_new: bool
    had_trial: bool


def lines(session: ClassSession) -> list[Line]:
    """Return the places of a class by name, those given up late last."""
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.class_session_id == session.id, Booking.status.in_(SHOWN))
        .options(
            joinedload(Booking.person).joinedload(Person.account).selectinload(Account.persons)
        )
    ).all()
    known = _been_here([one.person_id for one in bookings], session.starts_at)
    trials = _tried_before(session, bookings)
    ordered = sorted(
        bookings,
        key=lambda one: (one.status is Status.LATE_CANCELLED, one.person.folded_name, one.id),
    )
    return [Line(one, one.person_id not in known, one.id in trials) for one in ordered]


def _been_here(person_ids: Sequence[int], before: datetime) -> set[int]:
    """Return who of these has been at the practice before."""
    return set(
        db.session.scalars(
            select(Booking.person_id)
            .where(
                Booking.person_id.in_(person_ids),
                Booking.starts_at < before,
                Booking.status.in_((Status.BOOKED, Status.ARRIVED)),
            )
            .distinct()
        )
    )


def _tried_before(session: ClassSession, bookings: Sequence[Booking]) -> set[int]:
    """Return the trials of guests whose address has had one before, under any name."""
    mine, earlier = aliased(Booking), aliased(Booking)
    me, other = aliased(Person), aliased(Person)
    return set(
        db.session.scalars(
            select(mine.id)
            .join(me, me.id == mine.person_id)
            .join(other, other.email == me.email)
            .join(earlier, earlier.person_id == other.id)
            .where(
                mine.id.in_([one.id for one in bookings]),
                mine.trial_of_id.is_not(None),
                earlier.trial_of_id == mine.trial_of_id,
                earlier.id != mine.id,
                earlier.status.in_(SHOWN),
                earlier.starts_at < session.starts_at,
            )
        )
    )


def regulars(session: ClassSession, most: int = 20) -> Sequence[Person]:
    """Return who came to this class lately and has no place in this one, by name."""
    here = select(Booking.person_id).where(
        Booking.class_session_id == session.id, Booking.status.in_(LIVE)
    )
    came = (
        select(Booking.person_id)
        .join(Booking.class_session)
        .where(
            ClassSession.series_id == session.series_id,
            Booking.starts_at > session.starts_at - LATELY,
            Booking.starts_at < session.starts_at,
            Booking.status.in_(LIVE),
        )
    )
    return db.session.scalars(
        select(Person)
        .where(Person.id.in_(came), Person.id.not_in(here), Person.erased_at.is_(None))
        .order_by(Person.folded_name, Person.id)
        .limit(most)
    ).all()
