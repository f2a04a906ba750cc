"""What can happen to private times that people wait for, beside classes in the same hall."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select

from booking.accounts.audit import GUEST
from booking.bookings import changes, line, times, waiting
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.queries import find_option
from booking.database import db, transact
from booking.practice import queries as practice
from tests import cast
from tests.cast import at
from tests.cast_classes import guests, plan_class
from tests.faults.class_steps import MARA, Mix, Nothing, one_of

TUESDAY = date(2026, 11, 24)
# Slow enough for somebody who holds a time to book it before that ends.
SPEED = 300


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
    private = select(Booking.id).where(
        Booking.status == Status.BOOKED, Booking.class_session_id.is_(None)
    )
    actor = dice.choice([GUEST, MARA])
    transact(changes.cancel, one_of(dice, private), actor, practice.current(), mix.now())


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
