"""What bookings keep about people: exported, ended by the rules, and left without a name."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from booking.accounts.audit import Actor
from booking.accounts.models import Account
from booking.accounts.records import Ahead, Part, Table, Whose
from booking.bookings import changes, line, reminders, waiting
from booking.bookings.follow_models import FollowUp
from booking.bookings.models import (
    AgreedTime,
    Booking,
    BookingMove,
    BookingRepeat,
    Enrolment,
    Reminder,
    Status,
)
from booking.bookings.queries import SHOWN
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.database import db
from booking.domain.errors import SessionUnderWay
from booking.mail import whose as whose_mails
from booking.practice import queries as practice


def _theirs(whose: Whose) -> ColumnElement[bool]:
    return Booking.person_id.in_(whose.person_ids)


def _ids(whose: Whose):  # noqa: ANN202 - a Select of int
    return select(Booking.id).where(_theirs(whose))


def _waits(whose: Whose) -> ColumnElement[bool]:
    return WaitlistEntry.person_id.in_(whose.person_ids)


def _entries(whose: Whose):  # noqa: ANN202 - a Select of int
    return select(WaitlistEntry.id).where(_waits(whose))


def _enrolled(whose: Whose) -> ColumnElement[bool]:
    return Enrolment.person_id.in_(whose.person_ids)


def _repeats(whose: Whose) -> ColumnElement[bool]:
    return BookingRepeat.person_id.in_(whose.person_ids)


def _subjects(whose: Whose) -> list[str]:
    enrolments = select(Enrolment.id).where(_enrolled(whose))
    repeats = select(BookingRepeat.id).where(_repeats(whose))
    named = {
        "booking": _ids(whose), "waiting": _entries(whose), "enrolment": enrolments,
        "repeat": repeats,
    }  # fmt: skip
    return [f"{name}:{one}" for name, ids in named.items() for one in db.session.scalars(ids)]


def _open(whose: Whose, now: datetime) -> list[Booking]:
    return list(
        db.session.scalars(
            select(Booking)
            .where(_theirs(whose), Booking.status == Status.BOOKED, Booking.ends_at > now)
            .order_by(Booking.starts_at)
            .options(*SHOWN)
        )
    )


def _ahead(whose: Whose, now: datetime) -> list[Ahead]:
    return [
        Ahead(
            booking.service_name, booking.starts_at, booking.person.name, now > booking.cancel_until
        )
        for booking in _open(whose, now)
    ]


def _arrive(account: Account, now: datetime) -> None:
    if account.reminder_leads is not None:
        reminders.plan_anew(account, practice.current(), now)


def _settle(whose: Whose, actor: Actor, now: datetime) -> None:
    """Cancel what is ahead, free or late as the rules say. Raises SessionUnderWay."""
    bookings = _open(whose, now)
    if any(booking.starts_at <= now for booking in bookings):
        raise SessionUnderWay
    open_entries = select(WaitlistEntry.id).where(
        _waits(whose), WaitlistEntry.state.in_(line.IN_LINE)
    )
    for entry_id in db.session.scalars(open_entries).all():
        waiting.leave(entry_id, actor, practice.current(), now)
    for booking in bookings:
        changes.cancel(booking.id, actor, practice.current(), now)


def _erase(whose: Whose, now: datetime) -> None:
    """Keep what the books need: when, what, with whom, for how much; not what was written."""
    whose_mails.erase_later(now, abouts=_subjects(whose))
    db.session.execute(
        update(Booking)
        .where(_theirs(whose))
        .values(note="", done="")
        .execution_options(synchronize_session=False)
    )


PART = Part(
    tables=(
        Table(
            Booking,
            _theirs,
            withheld=frozenset({"hold_token"}),
            words={"practitioner": lambda booking: booking.practitioner.name},
        ),
        Table(AgreedTime, lambda whose: AgreedTime.booking_id.in_(_ids(whose))),
        Table(BookingMove, lambda whose: BookingMove.booking_id.in_(_ids(whose))),
        Table(BookingRepeat, _repeats),
        Table(Reminder, lambda whose: Reminder.booking_id.in_(_ids(whose))),
        Table(FollowUp, lambda whose: FollowUp.booking_id.in_(_ids(whose))),
        Table(Enrolment, _enrolled, withheld=frozenset({"visitor", "token"})),
        Table(WaitlistEntry, _waits, withheld=frozenset({"token"})),
        Table(Offer, lambda whose: Offer.entry_id.in_(_entries(whose))),
    ),
    subjects=_subjects,
    ahead=_ahead,
    arrive=_arrive,
    settle=_settle,
    erase=_erase,
)
