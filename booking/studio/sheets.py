"""The morning's sheet: which practitioner's is due, and what of their day has changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from booking import setbacks
from booking.accounts.models import Audit
from booking.bookings.models import Booking, BookingMove, Status
from booking.bookings.news import bundle_of
from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.availability import day_interval, local_date
from booking.domain.intervals import Interval
from booking.domain.mail_times import wall_at
from booking.mail import bundles
from booking.practice.models import Practice
from booking.studio import sheet_messages
from booking.studio.day import Day, day_of
from booking.studio.sheet_messages import Changes, Sheet

SHEET = "sheet"
A_DAY = timedelta(days=1)
OFF = (Status.CANCELLED, Status.LATE_CANCELLED)


def write_next(practice: Practice, now: datetime) -> bool:
    """Write the sheet of somebody whose morning has come; tell whether there was one.

    Once for each local day, however late in it the worker comes to it. A day on which nobody
    comes and of which there is nothing new has none.
    """
    today = local_date(now, practice.zone)
    if now < wall_at(today, practice.sheet_at, practice.zone):
        return False
    giver = _next_giver(today, now)
    if giver is None:
        return False
    setbacks.take(SHEET, giver.id)
    giver.sheet_on = today
    if giver.email:
        _write(giver, practice, now)
    return True


def _next_giver(today: date, now: datetime) -> Practitioner | None:
    return db.session.scalar(
        select(Practitioner)
        .where(
            Practitioner.has_sheet,
            Practitioner.is_archived.is_(False),
            setbacks.is_free(SHEET, Practitioner.id, now),
            or_(Practitioner.sheet_on.is_(None), Practitioner.sheet_on < today),
        )
        .order_by(Practitioner.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _write(giver: Practitioner, practice: Practice, now: datetime) -> None:
    today = local_date(now, practice.zone)
    day = day_of(today, giver.id, giver.id, practice, now)
    whole = day_interval(today, practice.zone)
    changes = _changes(giver, day, whole, now)
    told = bundles.take_in(bundle_of(giver), now)
    if told or changes.gone or any(one.is_expected for one in day.entries):
        news = [mail.subject for mail in told]
        sheet_messages.sheet(giver, today, Sheet(whole.end, day, changes, news), now)


def _changes(giver: Practitioner, day: Day, whole: Interval, now: datetime) -> Changes:
    """Return what has come, moved or gone within the last day."""
    since = now - A_DAY
    bookings = [one.booking for one in day.entries if one.booking is not None]
    expected = [one for one in bookings if one.status in (Status.BOOKED, Status.ARRIVED)]
    new = frozenset(one.id for one in expected if one.created_at > since)
    moves = _moves(giver, whole, since)
    here = {one.id for one in expected}
    moved_on = [one for one in moves if one.booking_id not in here]
    return Changes(
        new=new,
        moved=_moved_here(here, since) - new,
        gone=[*_called_off(bookings, since), *_bookings_of(moved_on)],
    )


def _moves(giver: Practitioner, whole: Interval, since: datetime) -> Sequence[BookingMove]:
    """Return the moves of today's sessions to another time or to somebody else."""
    return db.session.scalars(
        select(BookingMove).where(
            BookingMove.from_practitioner_id == giver.id,
            BookingMove.from_starts_at >= whole.start,
            BookingMove.from_starts_at < whole.end,
            BookingMove.moved_at > since,
            BookingMove.undone_at.is_(None),
        )
    ).all()


def _moved_here(ids: set[int], since: datetime) -> frozenset[int]:
    return frozenset(
        db.session.scalars(
            select(BookingMove.booking_id).where(
                BookingMove.booking_id.in_(ids),
                BookingMove.moved_at > since,
                BookingMove.undone_at.is_(None),
            )
        )
    )


def _called_off(bookings: Sequence[Booking], since: datetime) -> list[Booking]:
    """Return those of today's sessions that somebody has called off since."""
    off = {one.about: one for one in bookings if one.status in OFF}
    found = db.session.scalars(
        select(Audit.subject).where(Audit.subject.in_(off), Audit.action.in_(OFF), Audit.at > since)
    )
    lately = set(found)
    return [one for about, one in off.items() if about in lately]


def _bookings_of(moves: Sequence[BookingMove]) -> Sequence[Booking]:
    ids = {one.booking_id for one in moves}
    return db.session.scalars(select(Booking).where(Booking.id.in_(ids))).all()
