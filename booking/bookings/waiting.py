"""What one does with a place in a line, and what the worker does with all of them.

A place in a class and a private time are held differently; here it is one list.
"""

from datetime import datetime

from sqlalchemy import or_, select

from booking import setbacks
from booking.accounts.audit import Actor
from booking.accounts.models import Account
from booking.bookings import clients, line, offers, operations, times
from booking.bookings.clients import Party
from booking.bookings.line import Wish
from booking.bookings.models import Booking
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.classes import seats
from booking.classes.models import ClassSession, SessionState
from booking.database import db, lock_row
from booking.domain.availability import local_date
from booking.domain.errors import ClassBegun, ClassOff, StillFree, TermsChanged
from booking.practice.models import Practice

EXPIRE, END = "expire", "end"


def join_class(
    session_id: int,
    token: str,
    party: Party,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> list[WaitlistEntry]:
    """Let everybody of a party wait for a place in a full class, one entry each.

    The same token again finds the first of the same entries. Raises ClassOff, ClassBegun,
    StillFree, HasPlace, WaitsAlready, TooManyOpen, Blocked.
    """
    session = open_session(session_id, now)
    if known := line.by_token(token):
        return [known]
    if session.free > 0:
        raise StillFree
    persons = clients.party_of(party, account, practice, now)
    line.refuse_twice(session, persons)
    line.refuse_waiting(session, persons)
    return [
        line.stand(
            WaitlistEntry(
                token=token if number == 0 else f"{token}.{number}",
                person=person,
                class_session=session,
                policy_version=practice.policy_version,
            ),
            account,
            now,
        )
        for number, person in enumerate(persons)
    ]


def join_times(
    wish: Wish,
    token: str,
    party: Party,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> WaitlistEntry:
    """Let somebody wait for a private time; the same token again finds the same entry.

    Raises StillFree when one suits already, TooManyOpen, Blocked.
    """
    # Two presses of one page come one after the other.
    lock_row(wish.option)
    if known := line.by_token(token):
        return known
    person = clients.party_of(party, account, practice, now)[0]
    return times.join(wish, token, person, account, practice, now)


def fill_idle(practice: Practice, now: datetime) -> bool:
    """Offer places that are free though somebody waits: a setting or a long sleep left them."""
    waited_for = select(WaitlistEntry.class_session_id).where(
        WaitlistEntry.state == Waits.WAITING, WaitlistEntry.class_session_id.is_not(None)
    )
    found = db.session.scalars(
        select(ClassSession.id).where(
            ClassSession.id.in_(waited_for),
            ClassSession.starts_at > now,
            ClassSession.taken < ClassSession.capacity,
            ClassSession.state == SessionState.PLANNED,
        )
    )
    sessions = seats.lock(found)
    for session in sessions:
        offers.fill(session, practice, now)
    return bool(sessions)


def open_session(session_id: int, now: datetime) -> ClassSession:
    """Return a class that can still be booked, its row locked. Raises ClassOff, ClassBegun."""
    found = seats.lock([session_id])
    if not found or not found[0].is_on:
        raise ClassOff
    if found[0].starts_at <= now:
        raise ClassBegun
    return found[0]


def accept(offer_id: int, account: Account | None, practice: Practice, now: datetime) -> Booking:
    """Take what is offered. Raises OfferOver, Blocked."""
    offer, session = offers.lock(offer_id)
    clients.refuse_blocked_person(offer.entry.person)
    if session is None:
        return times.accept(offer, account, practice, now)
    return offers.accept(offer, session, account, practice, now)


def accept_as_shown(
    shown: str, offer_id: int, account: Account | None, practice: Practice, now: datetime
) -> Booking:
    """Take what is offered as a page has `shown` it, a private time's length and price.

    Raises TermsChanged when the studio has changed them since, OfferOver, SlotTaken.
    """
    offer = db.session.get_one(Offer, offer_id)
    option = offer.entry.option
    is_open = offer.state is OfferState.OPEN
    if is_open and option is not None and shown and shown != operations.terms_shown([option]):
        raise TermsChanged
    return accept(offer_id, account, practice, now)


def decline(offer_id: int, actor: Actor, practice: Practice, now: datetime) -> None:
    """Say no to what is offered; it passes on. Raises OfferOver."""
    offer, session = offers.lock(offer_id)
    if session is None:
        times.decline(offer, actor, practice, now)
    else:
        offers.decline(offer, session, actor, practice, now)


def leave(entry_id: int, actor: Actor, practice: Practice, now: datetime) -> None:
    """Leave the line. Raises NotWaiting."""
    entry = db.session.get_one(WaitlistEntry, entry_id)
    if entry.class_session_id is None:
        times.leave(entry, actor, practice, now)
    else:
        offers.leave(entry, actor, practice, now)


def _first_over(now: datetime) -> int | None:
    return db.session.scalar(
        select(Offer.id)
        .where(
            Offer.state == OfferState.OPEN,
            Offer.expires_at <= now,
            setbacks.is_free(EXPIRE, Offer.id, now),
        )
        .order_by(Offer.expires_at, Offer.id)
        .limit(1)
    )


def expire_next(practice: Practice, now: datetime) -> bool:
    """Pass on the offer that ran out first; tell whether there was one."""
    found = _first_over(now)
    if found is None:
        return False
    setbacks.take(EXPIRE, found)
    offer, session = offers.lock(found)
    if offer.state is OfferState.OPEN and offer.expires_at <= now:
        if session is None:
            times.expire(offer, practice, now)
        else:
            offers.expire(offer, session, practice, now)
    return True


def end_next(practice: Practice, now: datetime) -> bool:
    """Send home who waits for what can no longer come; tell whether there was anybody."""
    today = local_date(now, practice.zone)
    entry = db.session.scalar(
        select(WaitlistEntry)
        .outerjoin(WaitlistEntry.class_session)
        .where(
            WaitlistEntry.state.in_(line.IN_LINE),
            setbacks.is_free(END, WaitlistEntry.id, now),
            or_(
                WaitlistEntry.until_on < today,
                ClassSession.starts_at <= now,
                ClassSession.state == SessionState.CANCELLED,
            ),
        )
        .order_by(WaitlistEntry.id)
        .limit(1)
    )
    if entry is None:
        return False
    setbacks.take(END, entry.id)
    if entry.class_session_id is not None:
        offers.end_line(seats.lock([entry.class_session_id])[0], now, tell=False)
    else:
        times.end(entry, practice, now)
    return True
