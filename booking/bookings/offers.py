"""Places that become free go to who waits: offered and held, or given, in order of joining.

Everything here runs under the lock of the class's session, in the transaction that freed the
place: there is no moment in which a passer-by could take it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import SYSTEM, Actor
from booking.accounts.models import Account, Person
from booking.bookings import agreement, class_messages, enrolments, line
from booking.bookings.enrolments import Attempt, Order
from booking.bookings.models import Booking, PlaceKind
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.classes import seats
from booking.classes.models import ClassSession, WaitlistMode
from booking.database import db
from booking.domain.errors import NotWaiting, OfferOver
from booking.domain.offers import OfferTime, offer_time
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice


def fill(session: ClassSession, practice: Practice, now: datetime) -> None:
    """Hand every free place to who waits, in order, as long as that makes sense.

    Once the cancel window has closed nobody is offered a place: it is open to everybody.
    """
    while session.free > 0:
        entry = line.first(session.id)
        time = time_for(session, practice, now) if entry else None
        if entry is None or time is None:
            return
        seats.take(session, 1)
        if session.series.waitlist_mode is WaitlistMode.AUTOMATIC:
            _give(entry, session, time, practice, now)
        else:
            _offer(entry, session, time, now)


def time_for(session: ClassSession, practice: Practice, now: datetime) -> OfferTime | None:
    """Return how long an offer of a place made now would stand; None when it is too late."""
    closes_at = deadline_of(session, practice)
    return offer_time(now, closes_at, practice.offer_minutes, practice.policy, practice.zone)


def deadline_of(session: ClassSession, practice: Practice) -> datetime:
    """Return until when a place in this class may be cancelled free of charge."""
    return agreement.class_deadline(session.starts_at, practice)


def _offer(entry: WaitlistEntry, session: ClassSession, time: OfferTime, now: datetime) -> None:
    offer = Offer(
        entry=entry,
        is_time=False,
        starts_at=session.starts_at,
        practitioner_id=session.practitioner_id,
        room_id=session.room_id,
        made_at=now,
        tell_at=time.tell_at,
        expires_at=time.expires_at,
    )
    entry.state = Waits.OFFERED
    db.session.add(offer)
    db.session.flush()
    audit.record(SYSTEM, entry.about, "offered", now, until=time.expires_at.isoformat())
    class_messages.offer(offer, now)


def _give(
    entry: WaitlistEntry,
    session: ClassSession,
    time: OfferTime,
    practice: Practice,
    now: datetime,
) -> None:
    """Book the place for who waits, as they agreed to when they joined."""
    order = Order(PlaceKind.DROP_IN, practice, now, entry.joined_by, actor=SYSTEM)
    enrolment = enrolments.begin(
        Attempt("waiting", f"entry-{entry.id}"), session.series, entry.person, order
    )
    # They learn of it from the mail alone, so there is nothing to undo before it.
    enrolment.undo_until = now
    enrolments.add_place(enrolment, session, entry.person, order)
    line.leave(entry, Waits.SERVED, SYSTEM, now)
    class_messages.places_booked(enrolment, now, time.tell_at, is_from_line=True)
    class_messages.studio_places(enrolment, now, now)


def lock(offer_id: int) -> tuple[Offer, ClassSession | None]:
    """Return an offer and, of a place, its class; locked in the order class, entry, offer."""
    entry_id, session_id = db.session.execute(
        select(WaitlistEntry.id, WaitlistEntry.class_session_id)
        .join(Offer, Offer.entry_id == WaitlistEntry.id)
        .where(Offer.id == offer_id)
    ).one()
    session = seats.lock([session_id])[0] if session_id is not None else None
    db.session.get_one(WaitlistEntry, entry_id, with_for_update=True, populate_existing=True)
    offer = db.session.get_one(Offer, offer_id, with_for_update=True, populate_existing=True)
    db.session.refresh(offer.entry)
    return offer, session


def require_open(offer: Offer, now: datetime) -> None:
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        raise OfferOver


def accept(
    offer: Offer, session: ClassSession, account: Account | None, practice: Practice, now: datetime
) -> Booking:
    """Turn the place on offer into a booking; it is taken throughout. Raises OfferOver."""
    attempt = Attempt("offer", f"offer-{offer.id}")
    if offer.state is OfferState.ACCEPTED and (booked := enrolments.find(attempt)):
        return booked.places[0]
    require_open(offer, now)
    entry = offer.entry
    order = Order(PlaceKind.DROP_IN, practice, now, account)
    enrolment = enrolments.begin(attempt, session.series, entry.person, order)
    booking = enrolments.add_place(enrolment, session, entry.person, order)
    line.leave(entry, Waits.SERVED, order.by, now)
    enrolments.confirm(enrolment, order)
    return booking


def decline(
    offer: Offer, session: ClassSession, actor: Actor, practice: Practice, now: datetime
) -> None:
    """Pass the place on; who said no to it waits no longer for this class. Raises OfferOver."""
    require_open(offer, now)
    line.close(offer, OfferState.DECLINED, now)
    line.leave(offer.entry, Waits.LEFT, actor, now)
    seats.give_back(session)
    fill(session, practice, now)


def expire(offer: Offer, session: ClassSession, practice: Practice, now: datetime) -> None:
    """Pass the place of an offer that nobody answered on to the next, and say so."""
    line.close(offer, OfferState.EXPIRED, now)
    line.leave(offer.entry, Waits.ENDED, SYSTEM, now)
    class_messages.offer_ended(offer, now)
    seats.give_back(session)
    fill(session, practice, now)


def withdraw(session: ClassSession, persons: Iterable[Person], actor: Actor, now: datetime) -> None:
    """Take people out of the line because they get a place; what was held for them is free."""
    for person in persons:
        entry = line.of_person(session.id, person.id)
        if entry is not None and line.leave(entry, Waits.SERVED, actor, now):
            seats.give_back(session)


def leave(entry: WaitlistEntry, actor: Actor, practice: Practice, now: datetime) -> None:
    """Let somebody leave the line of a class; what was held for them passes on.

    Raises NotWaiting.
    """
    session = seats.lock([entry.class_session_id or 0])[0]
    db.session.refresh(entry)
    if not entry.state.is_open:
        raise NotWaiting
    if line.leave(entry, Waits.LEFT, actor, now):
        seats.give_back(session)
    fill(session, practice, now)


def take_back(session: ClassSession, now: datetime) -> None:
    """Let no offer of a class stand that is at another time now, or with somebody else.

    Whoever had one is in line again, where they stood: the `fill` that follows asks them first,
    with the new time, if there is still time to ask.
    """
    for entry in line.of_session(session.id):
        if (offer := entry.open_offer) is None:
            continue
        line.close(offer, OfferState.WITHDRAWN, now)
        entry.state = Waits.WAITING
        outbox.void(entry.about, Reason.MOVED, now)
        seats.give_back(session)
    db.session.flush()


def end_line(session: ClassSession, now: datetime, *, tell: bool) -> None:
    """Send everybody home: the class has begun, or does not take place."""
    for entry in line.of_session(session.id):
        if line.leave(entry, Waits.ENDED, SYSTEM, now) and session.is_on:
            seats.give_back(session)
        if tell:
            class_messages.waiting_ended(entry, now)
