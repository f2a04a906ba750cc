"""What can happen to classes, step by step, each as a page or the worker does it.

A step reads its own `now` before it waits for its turn, as a request does.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import ColumnElement, Select, select

from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Account, Person
from booking.bookings import (
    changes,
    class_changes,
    class_endings,
    enrolments,
    places,
    reminders,
    waiting,
)
from booking.bookings.class_changes import Change
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Order
from booking.bookings.models import Booking, Enrolment, PlaceKind, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.classes import planning
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db, transact
from booking.mail import claims
from booking.practice import queries as practice
from tests import cast
from tests.cast_classes import guests

MARA = Actor("staff", 5)
# How many classes are never called off, of twelve.
KEPT = 6
# How much faster than the wall time runs here.
SPEED = 2400


@dataclass
class Mix:
    """The studio, and what came of each step that somebody took."""

    app: Flask
    studio: cast.Studio
    begins: datetime
    speed: int = SPEED
    started: float = field(default_factory=time.monotonic)
    numbers: count = field(default_factory=count)
    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)

    def now(self) -> datetime:
        return self.begins + timedelta(seconds=(time.monotonic() - self.started) * self.speed)

    def name(self) -> str:
        """A guest nobody has seen before, who has an address of their own."""
        return f"guest{next(self.numbers)}"


class Nothing(Exception):
    """There is nothing at this moment to which a step could be done."""


def one_of(dice: random.Random, ids: Select[tuple[int]]) -> int:
    """Pick one of these, in a transaction of its own that has ended before the step begins."""
    found = db.session.scalars(ids).all()
    db.session.rollback()
    if not found:
        raise Nothing
    return dice.choice(found)


def _session(mix: Mix, dice: random.Random) -> int:
    """The next classes more often than later ones: that is where people meet."""
    ahead = (
        select(ClassSession.id)
        .where(ClassSession.state != SessionState.CANCELLED)
        .order_by(ClassSession.on_date)
        .limit(5)
    )
    return one_of(dice, ahead)


def _booking(dice: random.Random, *conditions: ColumnElement[bool]) -> int:
    return one_of(dice, select(Booking.id).where(Booking.status == Status.BOOKED, *conditions))


def _offer(dice: random.Random) -> int:
    return one_of(dice, select(Offer.id).where(Offer.state == OfferState.OPEN))


def _who(mix: Mix, dice: random.Random, most: int = 3) -> tuple[Party, int | None]:
    """Who presses: mostly guests, sometimes Ada or Bob, who meet themselves in other threads."""
    if dice.random() < 0.25:
        return Party(Details("", "")), mix.studio.accounts[dice.choice(["ada", "bob"])]
    names = [mix.name() for _n in range(dice.randint(1, most))]
    return guests(*names), None


def _account(number: int | None) -> Account | None:
    return db.session.get_one(Account, number) if number else None


def book(mix: Mix, dice: random.Random) -> None:
    session_id, (party, who), now = _session(mix, dice), _who(mix, dice), mix.now()
    attempt = enrolments.Attempt("visitor", mix.name())
    kind = PlaceKind.TRIAL if dice.random() < 0.3 else PlaceKind.DROP_IN
    transact(
        lambda: places.book_class(
            session_id, attempt, party, kind, _account(who), practice.current(), now
        )
    )


def book_term(mix: Mix, dice: random.Random) -> None:
    series_id = one_of(dice, select(ClassSeries.id))
    (party, who), now = _who(mix, dice, 2), mix.now()
    attempt = enrolments.Attempt("visitor", mix.name())
    transact(
        lambda: places.book_term(series_id, attempt, party, _account(who), practice.current(), now)
    )


def walk_in(mix: Mix, dice: random.Random) -> None:
    session_id, token, now = _session(mix, dice), mix.name(), mix.now()
    person_id = one_of(dice, select(Person.id))
    is_meant = dice.random() < 0.3

    def add() -> object:
        order = Order(PlaceKind.DROP_IN, practice.current(), now, actor=MARA)
        person = db.session.get_one(Person, person_id)
        return places.add_walk_in(session_id, person, order, token, may_overbook=is_meant)

    transact(add)


def join(mix: Mix, dice: random.Random) -> None:
    session_id, (party, who), now = _session(mix, dice), _who(mix, dice, 2), mix.now()
    token = mix.name()
    transact(
        lambda: waiting.join_class(session_id, token, party, _account(who), practice.current(), now)
    )


def leave(mix: Mix, dice: random.Random) -> None:
    open_ones = WaitlistEntry.state.in_((Waits.WAITING, Waits.OFFERED))
    entry_id = one_of(dice, select(WaitlistEntry.id).where(open_ones))
    transact(waiting.leave, entry_id, GUEST, practice.current(), mix.now())


def accept(mix: Mix, dice: random.Random) -> None:
    transact(waiting.accept, _offer(dice), None, practice.current(), mix.now())


def decline(mix: Mix, dice: random.Random) -> None:
    transact(waiting.decline, _offer(dice), GUEST, practice.current(), mix.now())


def cancel(mix: Mix, dice: random.Random) -> None:
    actor = dice.choice([GUEST, GUEST, MARA])
    transact(changes.cancel, _booking(dice), actor, practice.current(), mix.now())


def cancel_of_a_term(mix: Mix, dice: random.Random) -> None:
    """Several places of one enrolment are given back in different classes at once."""
    newest = select(Enrolment.id).where(Enrolment.kind == PlaceKind.TERM)
    enrolment_id = one_of(dice, newest.order_by(Enrolment.id.desc()).limit(1))
    booking_id = _booking(dice, Booking.enrolment_id == enrolment_id)
    transact(changes.cancel, booking_id, GUEST, practice.current(), mix.now())


def undo(mix: Mix, dice: random.Random) -> None:
    latest = select(Enrolment.id).order_by(Enrolment.id.desc()).limit(3)
    enrolment_id = one_of(dice, latest)
    revision = db.session.get_one(Enrolment, enrolment_id).revision
    transact(places.undo, enrolment_id, revision, GUEST, practice.current(), mix.now())


def mark(mix: Mix, dice: random.Random) -> None:
    status = dice.choice([Status.ARRIVED, Status.BOOKED])
    transact(changes.mark, _booking(dice), status, MARA, practice.current(), mix.now())


def resize(mix: Mix, dice: random.Random) -> None:
    change = Change(capacity=dice.randint(1, 6), may_overbook=dice.random() < 0.5)
    session_id = _session(mix, dice)
    transact(class_changes.change_one, session_id, change, MARA, practice.current(), mix.now())


def move(mix: Mix, dice: random.Random) -> None:
    session_id = _session(mix, dice)
    change = Change(start_minute=dice.randrange(16 * 60, 20 * 60, 30))
    transact(class_changes.change_one, session_id, change, MARA, practice.current(), mix.now())


def change_all(mix: Mix, dice: random.Random) -> None:
    session_id = _session(mix, dice)
    teacher = dice.choice([mix.studio.lena, mix.studio.marco, None])
    change = Change(
        start_minute=dice.choice([None, *range(16 * 60, 20 * 60, 30)]),
        practitioner_id=teacher,
        capacity=dice.choice([None, 3, 4]),
    )
    transact(
        class_changes.change_following, session_id, change, MARA, practice.current(), mix.now()
    )


def call_off(mix: Mix, dice: random.Random) -> None:
    """Called off once, a class never comes back: the first half of them stays for the others."""
    planned = select(ClassSession.id).where(ClassSession.state == SessionState.PLANNED)
    session_id = one_of(dice, planned.order_by(ClassSession.id.desc()).offset(KEPT))
    transact(class_endings.cancel_one, session_id, MARA, practice.current(), mix.now())


def expire(mix: Mix, dice: random.Random) -> None:
    if not transact(waiting.expire_next, practice.current(), mix.now()):
        raise Nothing


def end(mix: Mix, dice: random.Random) -> None:
    if not transact(waiting.end_next, practice.current(), mix.now()):
        raise Nothing


def look_around(mix: Mix, dice: random.Random) -> None:
    transact(waiting.fill_idle, practice.current(), mix.now())
    series_id, now = one_of(dice, select(ClassSeries.id)), mix.now()
    transact(lambda: planning.extend(planning.lock_series(series_id), practice.current(), now))


def remind(mix: Mix, dice: random.Random) -> None:
    if not transact(reminders.handle_next, practice.current(), mix.now()):
        raise Nothing


def send(mix: Mix, dice: random.Random) -> None:
    mail = transact(claims.claim_next, mix.now())
    if mail is None:
        raise Nothing
    transact(claims.mark_sent, mail.id, mail.lease or "", mix.now())
