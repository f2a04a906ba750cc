"""What can happen to private times that people wait for, beside classes in the same hall."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select

from booking.accounts.audit import GUEST
from booking.bookings import absences, changes, line, moves, times, waiting
from booking.bookings.absences import Choice
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.domain.intervals import Interval
from booking.practice import queries as practice
from booking.scheduling import absences as back
from booking.scheduling.absences import Absence
from booking.scheduling.models import TimeOff
from tests import cast
from tests.cast import at
from tests.cast_classes import guests, plan_class
from tests.faults.class_steps import MARA, Mix, Nothing, one_of

TUESDAY = date(2026, 11, 24)
# Slow enough for somebody who holds a time to book it before that ends.
SPEED = 300
PRIVATE = select(Booking.id).where(
    Booking.status == Status.BOOKED, Booking.class_session_id.is_(None)
)


def make(now: datetime) -> cast.Studio:
    """A studio with one class at noon on Tuesdays, and a Tuesday that is soon full."""
    studio = cast.make_studio(now)
    transact(_let_answers_be_quick)
    plan_class(studio, now, start_minute=12 * 60, last_on=date(2026, 12, 15), capacity=3)
    for number in range(5):
        name, start = f"first{number}", at(9) + number * timedelta(minutes=90)
        cast.book(studio.hour, start, now, visitor=name, details=_guest(name))
    db.session.remove()
    return studio


def _let_answers_be_quick() -> None:
    studio = practice.current()
    studio.hold_minutes, studio.offer_minutes = 60, 5


def _guest(name: str) -> cast.Details:
    return cast.Details(name, f"{name}@example.com")


def _option(mix: Mix, dice: random.Random) -> int:
    return dice.choice([mix.studio.hour, mix.studio.long, mix.studio.training])


def book(mix: Mix, dice: random.Random) -> None:
    start = at(9) + dice.randrange(0, 8 * 60, 30) * timedelta(minutes=1)
    name = mix.name()
    option = _option(mix, dice)
    cast.book(option, start, mix.now(), visitor=name, details=_guest(name))


def cancel(mix: Mix, dice: random.Random) -> None:
    actor = dice.choice([GUEST, MARA])
    transact(changes.cancel, one_of(dice, PRIVATE), actor, practice.current(), mix.now())


def move(mix: Mix, dice: random.Random) -> None:
    """To another half hour of the day, with whoever is free."""
    booking_id = one_of(dice, PRIVATE)
    start = at(9) + dice.randrange(0, 8 * 60, 30) * timedelta(minutes=1)
    actor, now = dice.choice([GUEST, MARA]), mix.now()

    def step() -> object:
        option = find_option(db.session.get_one(Booking, booking_id).option_id or 0)
        assert option is not None
        terms = terms_of([option])[option.id]
        return moves.move(booking_id, terms, start, actor, practice.current(), now)

    transact(step)


def undo(mix: Mix, dice: random.Random) -> None:
    booking_id = one_of(dice, select(Booking.id).where(Booking.class_session_id.is_(None)))
    revision = db.session.get_one(Booking, booking_id).revision
    transact(changes.undo, booking_id, revision, GUEST, practice.current(), mix.now())


def take_time_off(mix: Mix, dice: random.Random) -> None:
    """An hour of somebody's Tuesday; who is booked then is called off."""
    start = at(9) + dice.randrange(0, 8 * 60, 30) * timedelta(minutes=1)
    who, now = dice.choice([mix.studio.lena, mix.studio.marco]), mix.now()
    absence = Absence(who, Interval(start, start + timedelta(hours=1)), "The dentist")
    in_the_way = absences.in_the_way(absence, now)
    choices = {one.key: Choice.CANCEL for one in in_the_way}
    db.session.rollback()
    transact(absences.take_off, absence, choices, MARA, practice.current(), now)


def come_back(mix: Mix, dice: random.Random) -> None:
    transact(back.remove, one_of(dice, select(TimeOff.id)), MARA, mix.now())


def join(mix: Mix, dice: random.Random) -> None:
    option_id, name, now = _option(mix, dice), mix.name(), mix.now()
    teacher = dice.choice([None, None, mix.studio.lena])
    party = guests(name)

    def wish() -> WaitlistEntry:
        option = find_option(option_id)
        assert option is not None
        wished = line.Wish(option, teacher, 127, (), TUESDAY)
        return waiting.join_times(wished, name, party, None, practice.current(), now)

    transact(wish)


def leave(mix: Mix, dice: random.Random) -> None:
    """Whoever has an offer leaves more often: that is where two may act on one thing."""
    states = [Waits.OFFERED] if dice.random() < 0.7 else [Waits.OFFERED, Waits.WAITING]
    entries = select(WaitlistEntry.id).where(WaitlistEntry.state.in_(states))
    transact(waiting.leave, one_of(dice, entries), GUEST, practice.current(), mix.now())


def _offer(dice: random.Random) -> int:
    return one_of(dice, select(Offer.id).where(Offer.state == OfferState.OPEN))


def accept(mix: Mix, dice: random.Random) -> None:
    transact(waiting.accept, _offer(dice), None, practice.current(), mix.now())


def decline(mix: Mix, dice: random.Random) -> None:
    transact(waiting.decline, _offer(dice), GUEST, practice.current(), mix.now())


def look_around(mix: Mix, dice: random.Random) -> None:
    if not transact(lambda: times.offer_free(practice.current(), mix.now())):
        raise Nothing
