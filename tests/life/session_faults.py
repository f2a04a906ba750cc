"""Faults in how sessions are booked, moved, called off and told of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from booking.accounts import audit
from booking.bookings import (
    absences,
    agreement,
    approvals,
    changes,
    clients,
    holds,
    line,
    messages,
    moves,
    newcomers,
    operations,
    reminders,
    staff_bookings,
    times,
)
from booking.bookings.models import Booking
from booking.catalog.queries import terms_of
from booking.database import db
from booking.domain import openings, policies
from booking.domain.availability import MINUTE
from booking.domain.policies import Policy
from booking.domain.slots import Demand
from booking.mail import outbox
from booking.practice.models import Practice
from booking.scheduling import absences as time_off
from booking.scheduling import calendar, queries
from booking.scheduling.models import Claim, ClaimKind
from tests.life import session_machine
from tests.life.planting import Fault, nothing


def says(value: object) -> Callable:
    """Answer the same whatever is asked."""
    return lambda _old: lambda *_what, **_how: value


def backwards(old: Callable) -> Callable:
    return lambda *what: old(*what)[::-1]


def unguarded(old: Callable) -> Callable:
    """Open up a studio whose database has lost what keeps time from being taken twice."""

    def prepare(*what, **how) -> None:
        old(*what, **how)
        for event in ("insert", "update"):
            db.session.execute(text(f"DROP TRIGGER time_claim_no_overlap_{event}"))

    return prepare


def without_turnover(_old: Callable) -> Callable:
    return Demand.session


def a_policy_of(**changed: object) -> Callable:
    return lambda old: property(lambda studio: replace(old.fget(studio), **changed))


def terms(cancel: int | None = None, move: int | None = None) -> Callable:
    """Give deadlines so many minutes before the start instead of those agreed."""

    def make(old: Callable) -> Callable:
        def deadlines(start, practice):
            agreed = old(start, practice)
            mine = [None if one is None else start - one * MINUTE for one in (cancel, move)]
            return tuple(new or was for new, was in zip(mine, agreed, strict=True))

        return deadlines

    return make


def by_anybody(_old: Callable) -> Callable:
    return lambda booking, actor, now: (
        booking.status in agreement.OPEN and now <= booking.undo_until
    )


def at_once(_old: Callable) -> Callable:
    """Tell what is booked before it can no longer be undone."""
    return lambda booking, now: messages._to_client(
        booking, messages.CONFIRMED, now, now, method="REQUEST"
    )


def at_the_price_of_today(old: Callable) -> Callable:
    def set_time(booking: Booking, *what) -> None:
        old(booking, *what)
        if booking.option is not None:
            booking.price_cents = booking.option.price_cents

    return set_time


def by_another_wall(old: Callable) -> Callable:
    def set_time(booking: Booking, *what) -> None:
        old(booking, *what)
        booking.local_start += timedelta(hours=1)

    return set_time


def quietly(verb: str) -> Callable:
    """Leave one kind of row out of the trail."""

    def make(old: Callable) -> Callable:
        def record(actor, subject, action, now, **details) -> None:
            if action != verb:
                old(actor, subject, action, now, **details)

        return record

    return make


def awake(old: Callable) -> Callable:
    """Take nobody's time off from their hours."""

    def load_hours(*what) -> dict:
        return {one: each._replace(away=()) for one, each in old(*what).items()}

    return load_hours


def one_more(old: Callable) -> Callable:
    def has_room(day, minutes, limits, work, zone) -> bool:
        return old(day, minutes, limits, list(work)[1:], zone)

    return has_room


def unasked(_old: Callable) -> Callable:
    """Give a hold that has run out what it once had, whatever holds by now."""

    def take(held, option, policy, practice, now):
        terms = terms_of([option])[option.id].only(held.practitioner_id)
        wanted = calendar.times_for(
            terms.demand, held.starts_at, held.practitioner_id, held.room_id
        )
        claim = db.session.get(Claim, held.claim_id) if held.claim_id else None
        if claim is None:
            work = terms.demand.work(held.starts_at)
            return calendar.claim(ClaimKind.BOOKING, wanted, now, work=work)
        calendar.confirm(claim, wanted, now, terms.demand.work(held.starts_at))
        return claim

    return take


def the_same_again(_old: Callable) -> Callable:
    """Offer somebody a time that they have said no to."""

    def suiting(entry, terms, diary, policy, now):
        day = diary.first
        while day <= min(diary.last, entry.until_on):
            yield from openings.openings_on(day, terms, diary, policy, now)
            day += timedelta(days=1)

    return suiting


def whatever_ran_out(_old: Callable) -> Callable:
    """Let a hold that has run out stand in the way like any other."""
    return lambda wanted, now: None


def not_even_when_new(_old: Callable) -> Callable:
    return property(lambda visitor: False)


def to_its_end(old: Callable) -> Callable:
    """Call an absence by its turnover as well: nothing stands in the way of it."""
    return lambda absence, now: []


PLANTED = {
    "the database guards no time": Fault(session_machine, "prepare", unguarded),
    "a hold that ran out stands in the way": Fault(calendar, "clear_expired", whatever_ran_out),
    "turnover takes no time": Fault(Demand, "whole", without_turnover),
    "no notice is asked": Fault(Policy, "earliest", lambda _old: lambda policy, now: now),
    "any date may be booked": Fault(
        Policy, "furthest", lambda old: lambda *what: old(*what) + timedelta(days=9)
    ),
    "starts lie off the grid": Fault(openings, "is_start_on_grid", says(True)),
    "who has most to do is asked first": Fault(openings, "_ranked", backwards),
    "a day holds one more than it should": Fault(openings, "has_room", one_more, "limits"),
    "a hold stands a minute longer": Fault(Practice, "policy", a_policy_of(hold_minutes=11)),
    "a visitor holds two times": Fault(holds, "release_all", nothing),
    "a form that is sent twice is not known": Fault(operations, "find_by_token", nothing),
    "a hold that ran out asks no rule again": Fault(operations, "_take", unasked, "limits"),
    "a guest books as much as they like": Fault(clients, "refuse_many", nothing),
    "nobody cancels late": Fault(agreement, "deadlines", terms(cancel=0)),
    "moving is possible up to the start": Fault(agreement, "deadlines", terms(move=0)),
    "a deadline that has passed is renewed by a move": Fault(
        policies, "deadline_after_move", lambda _old: lambda agreed, renewed, now: renewed
    ),
    "a move keeps nothing for its undo": Fault(moves, "_keep_old_time", nothing),
    "anybody undoes what others have moved": Fault(changes, "can_undo", by_anybody),
    "what was told is undone": Fault(changes, "_is_told", says(False)),
    "what staff call off is gone at once": Fault(changes, "_let_restore", nothing),
    "what is off is still reminded of": Fault(reminders, "drop", nothing),
    "what is off is still told": Fault(outbox, "void", nothing),
    "reminders go at night": Fault(
        policies, "before_quiet", lambda _old: lambda instant, policy, zone: instant
    ),
    "two reminders go at once": Fault(reminders, "_is_overtaken", says(False)),
    "no reminder is looked at": Fault(reminders, "handle_next", says(False)),
    "a booking is told before it can be undone no more": Fault(messages, "confirmed", at_once),
    "the studio does not hear that it is off": Fault(messages, "studio_cancelled", nothing),
    "who heard nothing hears that it is off": Fault(messages, "client_knows", says(True)),
    "nobody hears of a move": Fault(messages, "changed", nothing),
    "a move asks the price of today": Fault(agreement, "set_time", at_the_price_of_today),
    "the wall shows another time than was agreed": Fault(agreement, "set_time", by_another_wall),
    "a late cancelling leaves no trail": Fault(audit, "record", quietly("late_cancelled")),
    "a request is never too old": Fault(approvals, "lapse_next", says(False), "asked"),
    "first-time clients are not asked about": Fault(
        newcomers.Visitor, "needs_approval", not_even_when_new, "asked"
    ),
    "who waited is not asked about": Fault(newcomers, "needs_approval", says(False), "asked"),
    "time off is offered": Fault(queries, "load_hours", awake),
    "time off takes no time": Fault(time_off, "cover", nothing),
    "time off asks about nothing": Fault(absences, "in_the_way", to_its_end),
    "what frees is offered to nobody": Fault(times, "freed", nothing),
    "the last who waits for a time is asked first": Fault(line, "for_times", backwards),
    "a time is offered again to who said no": Fault(times, "_suiting", the_same_again),
    "staff are not warned": Fault(staff_bookings, "objections", says(())),
    "staff book over time off": Fault(staff_bookings, "require_free", nothing),
}
