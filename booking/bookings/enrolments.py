"""Writing places in classes down: the enrolment, and one booking for each person and class.

Seats are taken by whoever calls; here they become rows, reminders and mails.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings import agreement, class_messages, follow_ups, reminders
from booking.bookings.models import Booking, Enrolment, PlaceKind, Status
from booking.catalog.models import Service
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db
from booking.domain import policies
from booking.domain.errors import NotSold, TrialUsed
from booking.practice.models import Practice


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who pressed what: the same attempt again finds the same enrolment."""

    visitor: str
    token: str


@dataclass(frozen=True, slots=True)
class Order:
    """On which terms places are booked, and by whom."""

    kind: PlaceKind
    practice: Practice
    now: datetime
    account: Account | None = None
    actor: Actor | None = None
    note: str = ""

    @property
    def by(self) -> Actor:
        return self.actor or audit.actor_of(self.account)


def find(attempt: Attempt) -> Enrolment | None:
    """Return what an attempt has become, if it was booked."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.visitor == attempt.visitor, Enrolment.token == attempt.token
        )
    )


def by_id(enrolment_id: int) -> Enrolment | None:
    """Return an enrolment with all that its page shows."""
    return db.session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(
            joinedload(Enrolment.series)
            .joinedload(ClassSeries.service)
            .joinedload(Service.category),
            joinedload(Enrolment.person).joinedload(Person.account),
            selectinload(Enrolment.places).joinedload(Booking.person),
            selectinload(Enrolment.places).joinedload(Booking.practitioner),
            selectinload(Enrolment.places).joinedload(Booking.room),
        )
    )


def begin(attempt: Attempt, series: ClassSeries, person: Person, order: Order) -> Enrolment:
    """Write an enrolment that has no places yet; `person` is whose address is written to."""
    enrolment = Enrolment(
        visitor=attempt.visitor,
        token=attempt.token,
        kind=order.kind,
        series=series,
        person=person,
        undo_until=policies.undo_until(order.now, order.practice.policy),
        created_at=order.now,
    )
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def price_of(series: ClassSeries, kind: PlaceKind) -> int:
    """Return what a place costs, in cents. Raises NotSold for a kind that is not offered."""
    prices = {
        PlaceKind.DROP_IN: series.price_cents,
        PlaceKind.TRIAL: series.trial_cents,
        PlaceKind.TERM: series.term_cents,
    }
    price = prices[kind]
    if price is None:
        raise NotSold
    return price


# What counts as having been in a class before: also a place that was given up late.
BEFORE = (Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.NO_SHOW, Status.LATE_CANCELLED)


def refuse_second_trial(person: Person, category_id: int) -> None:
    """Keep trial places for somebody's first class of a kind. Raises TrialUsed.

    Of a guest only this row is known: whatever address they typed, what its owner has booked is
    not for them to learn. The roster marks who shares an address with an earlier trial.

    Two trials of one person may be in two classes: they stand in line at the person's own row.
    """
    db.session.execute(
        select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    )
    was_here = db.session.scalar(
        select(Booking.id)
        .join(Booking.service)
        .where(
            Booking.person_id == person.id,
            Booking.class_session_id.is_not(None),
            Service.category_id == category_id,
            Booking.status.in_(BEFORE),
        )
        .limit(1)
    )
    if was_here is not None:
        raise TrialUsed(name=person.name)


def add_place(enrolment: Enrolment, session: ClassSession, person: Person, order: Order) -> Booking:
    """Write one person's place in one class, with the terms it is agreed on, copied."""
    practice, series = order.practice, session.series
    is_trial = order.kind is PlaceKind.TRIAL
    deadline = agreement.class_deadline(session.starts_at, practice)
    booking = Booking(
        person=person,
        booked_by_id=order.account.id if order.account else None,
        service_id=series.service_id,
        class_session=session,
        enrolment=enrolment,
        trial_of_id=series.service.category_id if is_trial else None,
        service_name=series.name,
        before_minutes=0,
        after_minutes=0,
        price_cents=price_of(series, order.kind),
        currency=practice.currency,
        status=Status.BOOKED,
        revision=1,
        cancel_until=deadline,
        move_until=deadline,
        undo_until=enrolment.undo_until,
        policy_version=practice.policy_version,
        note=order.note,
        created_at=order.now,
    )
    agreement.follow_class(booking)
    db.session.add(booking)
    db.session.flush()
    agreement.note_time(booking)
    follow_ups.come_again(booking.person, order.now)
    reminders.plan(booking, practice, order.now)
    audit.record(order.by, booking.about, "booked", order.now, to=Status.BOOKED)
    return booking


def confirm(enrolment: Enrolment, order: Order) -> None:
    """Tell the client and the teacher, once the places can no longer be undone."""
    class_messages.places_booked(enrolment, order.now, enrolment.undo_until)
    class_messages.studio_places(enrolment, order.now, enrolment.undo_until)
