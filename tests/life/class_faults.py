"""Faults in how places in classes are booked, offered and given."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select, update

from booking.accounts.audit import SYSTEM
from booking.bookings import (
    changes,
    class_following,
    class_messages,
    line,
    offers,
)
from booking.bookings.models import Status
from booking.bookings.waiting_models import OfferState, WaitlistEntry, Waits
from booking.classes import seats
from booking.classes.models import ClassSession, WaitlistMode
from booking.database import db
from booking.domain import policies
from booking.domain.availability import MINUTE
from booking.domain.errors import NotWaiting
from booking.domain.offers import LEAST, OfferTime
from booking.practice import queries as practice
from tests.life import planting
from tests.life.planting import nothing


def last_in_line(_old: Callable) -> Callable:
    def first(session_id: int) -> WaitlistEntry | None:
        return db.session.scalar(
            select(WaitlistEntry)
            .where(
                WaitlistEntry.class_session_id == session_id,
                WaitlistEntry.state == Waits.WAITING,
            )
            .order_by(WaitlistEntry.joined_at.desc(), WaitlistEntry.id.desc())
            .limit(1)
        )

    return first


def keep_on_expiry(_old: Callable) -> Callable:
    def expire(offer, session, practice, now) -> None:
        line.close(offer, OfferState.EXPIRED, now)
        line.leave(offer.entry, Waits.ENDED, SYSTEM, now)
        class_messages.offer_ended(offer, now)
        seats.give_back(session)

    return expire


def wait_on_after_expiry(_old: Callable) -> Callable:
    def expire(offer, session, practice, now) -> None:
        line.close(offer, OfferState.EXPIRED, now)
        offer.entry.state = Waits.WAITING
        seats.give_back(session)
        offers.fill(session, practice, now)

    return expire


def decline_keeps_the_seat(_old: Callable) -> Callable:
    def decline(offer, session, actor, practice, now) -> None:
        offers.require_open(offer, now)
        line.close(offer, OfferState.DECLINED, now)
        line.leave(offer.entry, Waits.LEFT, actor, now)

    return decline


def leave_keeps_the_seat(_old: Callable) -> Callable:
    def leave(entry, actor, practice, now) -> None:
        session = seats.lock([entry.class_session_id])[0]
        if not entry.state.is_open:
            raise NotWaiting
        line.leave(entry, Waits.LEFT, actor, now)
        offers.fill(session, practice, now)

    return leave


def until_it_is_closed(old: Callable) -> Callable:
    """Look at the state of an offer alone, not at the clock."""

    def require_open(offer, now) -> None:
        old(offer, min(now, offer.expires_at - MINUTE))

    return require_open


def one_minute_more(old: Callable) -> Callable:
    return lambda offer, now: old(offer, now - MINUTE)


def until_the_start(_old: Callable) -> Callable:
    """Offer as long as the class has not begun."""
    return lambda session, practice: session.starts_at


def at_any_hour(old: Callable) -> Callable:
    def time_for(session, practice, now) -> OfferTime | None:
        found = old(session, practice, now)
        return found and OfferTime(now, max(found.expires_at, now + LEAST))

    return time_for


def give_back_and_stop(_old: Callable) -> Callable:
    """Give a place back and offer it to nobody."""

    def pass_on(booking, practice, now) -> None:
        seats.give_back(booking.class_session)

    return pass_on


def keep_what_is_undone(old: Callable) -> Callable:
    def pass_on(booking, practice, now) -> None:
        if booking.status is not Status.UNDONE:
            old(booking, practice, now)

    return pass_on


def stay_overbooked(_old: Callable) -> Callable:
    def give_back(session, number=1) -> None:
        _set(session, taken=ClassSession.taken - number)

    return give_back


def keep_the_seats_of_a_class_that_is_off(_old: Callable) -> Callable:
    return lambda session: _set(session, overbooked=0)


def _set(session: ClassSession, **values) -> None:
    db.session.execute(
        update(ClassSession)
        .where(ClassSession.id == session.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(session)


def always_overbook(old: Callable) -> Callable:
    return lambda session, capacity, may_overbook: old(session, capacity, may_overbook=True)


def never_overbook(old: Callable) -> Callable:
    return lambda session, capacity, may_overbook: old(session, capacity, may_overbook=False)


def offer_all_the_same(_old: Callable) -> Callable:
    """Offer what should be given."""
    return lambda entry, session, time, practice, now: offers._offer(entry, session, time, now)


def give_all_the_same(_old: Callable) -> Callable:

    def offer(entry, session, time, now) -> None:
        offers._give(entry, session, time, practice.current(), now)

    return offer


def one_after_the_other(old: Callable) -> Callable:
    """Hand on one place at a time, though more have become free."""

    def fill(session, practice, now) -> None:
        entry = line.first(session.id)
        time = offers.time_for(session, practice, now) if entry else None
        if session.free and entry and time:
            seats.take(session, 1)
            if session.series.waitlist_mode is WaitlistMode.AUTOMATIC:
                offers._give(entry, session, time, practice, now)
            else:
                offers._offer(entry, session, time, now)

    return fill


def at_once_too_late(_old: Callable) -> Callable:
    """Let a class that is moved to soon have a deadline that is over already."""
    return lambda session, practice, now: offers.deadline_of(session, practice)


def until_any_start(_old: Callable) -> Callable:
    """Let everybody whose class is moved cancel freely until it begins."""
    return lambda session, practice, now: session.starts_at


def undo_for_ever(old: Callable) -> Callable:
    return lambda now, policy: old(now, policy) + MINUTE


Fault = partial(planting.Fault, way="offer")

PLANTED = {
    "the last in line is asked first": Fault(line, "first", last_in_line),
    "an offer that ran out passes to nobody": Fault(offers, "expire", keep_on_expiry),
    "who does not answer waits on": Fault(offers, "expire", wait_on_after_expiry),
    "a no keeps the seat": Fault(offers, "decline", decline_keeps_the_seat),
    "who leaves keeps the seat": Fault(offers, "leave", leave_keeps_the_seat),
    "an offer is taken after its end": Fault(offers, "require_open", until_it_is_closed),
    "an offer stands a minute longer": Fault(offers, "require_open", one_minute_more),
    "places are offered until the start": Fault(offers, "deadline_of", until_the_start),
    "offers are told at night": Fault(offers, "time_for", at_any_hour),
    "what is cancelled is offered to nobody": Fault(changes, "_pass_on", give_back_and_stop),
    "what is undone keeps the seat": Fault(changes, "_pass_on", keep_what_is_undone),
    "an overbooked class never shrinks": Fault(seats, "give_back", stay_overbooked),
    "a class that is off keeps its seats": Fault(
        seats, "clear", keep_the_seats_of_a_class_that_is_off
    ),
    "fewer places than are taken pass unasked": Fault(seats, "resize", always_overbook),
    "nobody may overbook": Fault(seats, "resize", never_overbook),
    "what should be given is offered": Fault(offers, "_give", offer_all_the_same, way="automatic"),
    "what should be offered is given": Fault(offers, "_offer", give_all_the_same),
    "of two places one is offered": Fault(offers, "fill", one_after_the_other),
    "a move leaves the offers": Fault(offers, "take_back", nothing),
    "the line of a class that is off goes on": Fault(offers, "end_line", nothing),
    "who books keeps waiting": Fault(offers, "withdraw", nothing),
    "one person takes two places": Fault(line, "refuse_twice", nothing),
    "one person waits twice": Fault(line, "refuse_waiting", nothing),
    "a class is moved past its deadline at once": Fault(
        class_following, "_free_until", at_once_too_late
    ),
    "a move of a class takes its deadline away": Fault(
        class_following, "_free_until", until_any_start
    ),
    "undoing takes a minute longer": Fault(policies, "undo_until", undo_for_ever),
}
