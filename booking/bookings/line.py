"""Standing in line: who waits, in which order, and how one joins and leaves.

Whoever changes the line of a class holds the lock of its session. What becomes of the place of
somebody who leaves is for `offers` to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings import class_messages
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.models import Service, ServiceOption
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db
from booking.domain.errors import HasPlace, WaitsAlready
from booking.mail import outbox
from booking.mail.reasons import Reason

IN_LINE = (Waits.WAITING, Waits.OFFERED)
LIVE = tuple(status for status in Status if status.is_live)

SHOWN = (
    joinedload(WaitlistEntry.person).joinedload(Person.account),
    joinedload(WaitlistEntry.class_session)
    .joinedload(ClassSession.series)
    .joinedload(ClassSeries.service)
    .joinedload(Service.category),
    joinedload(WaitlistEntry.class_session).joinedload(ClassSession.practitioner),
    joinedload(WaitlistEntry.option).joinedload(ServiceOption.service).joinedload(Service.category),
    joinedload(WaitlistEntry.practitioner),
    selectinload(WaitlistEntry.offers).joinedload(Offer.practitioner),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """When a private session would suit somebody; local days and parts, until a date."""

    option: ServiceOption
    practitioner_id: int | None
    weekdays: int
    parts: tuple[str, ...]
    until_on: date


def find(entry_id: int) -> WaitlistEntry | None:
    """Return an entry with all that its page shows."""
    return db.session.scalar(
        select(WaitlistEntry).where(WaitlistEntry.id == entry_id).options(*SHOWN)
    )


def by_token(token: str) -> WaitlistEntry | None:
    """Return what a press has become."""
    return db.session.scalar(select(WaitlistEntry).where(WaitlistEntry.token == token))


def refuse_twice(session: ClassSession, persons: Iterable[Person]) -> None:
    """Raise HasPlace for whoever has a live place in the class already."""
    for person in persons:
        has_place = db.session.scalar(
            select(Booking.id).where(
                Booking.class_session_id == session.id,
                Booking.person_id == person.id,
                Booking.status.in_(LIVE),
            )
        )
        if has_place is not None:
            raise HasPlace(name=person.name)


def refuse_waiting(session: ClassSession, persons: Iterable[Person]) -> None:
    """Raise WaitsAlready for whoever is in the line already."""
    for person in persons:
        if of_person(session.id, person.id) is not None:
            raise WaitsAlready(name=person.name)


def of_person(session_id: int, person_id: int) -> WaitlistEntry | None:
    """Return the open entry of a person in the line of a class."""
    return db.session.scalar(
        select(WaitlistEntry).where(
            WaitlistEntry.class_session_id == session_id,
            WaitlistEntry.person_id == person_id,
            WaitlistEntry.state.in_(IN_LINE),
        )
    )


def stand(entry: WaitlistEntry, account: Account | None, now: datetime) -> WaitlistEntry:
    """Write an entry at the end of its line and say so by mail."""
    entry.joined_by_id = account.id if account else None
    entry.joined_at = max(now, _last_joined(entry.class_session) or now)
    db.session.add(entry)
    db.session.flush()
    audit.record(audit.actor_of(account), entry.about, "joined", now)
    class_messages.waiting(entry, position(entry), now)
    return entry


def _last_joined(session: ClassSession | None) -> datetime | None:
    """Return when the last in the line of a class joined.

    A request reads the clock before it waits for its turn at the class. Who waited longer for it
    stands behind who joined meanwhile, and may have an offer by now.
    """
    if session is None:
        return None
    return db.session.scalar(
        select(func.max(WaitlistEntry.joined_at)).where(
            WaitlistEntry.class_session_id == session.id, WaitlistEntry.state.in_(IN_LINE)
        )
    )


def first(session_id: int) -> WaitlistEntry | None:
    """Return who has waited longest for a place in a class and has no offer."""
    return db.session.scalar(
        select(WaitlistEntry)
        .where(WaitlistEntry.class_session_id == session_id, WaitlistEntry.state == Waits.WAITING)
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def of_session(session_id: int) -> Sequence[WaitlistEntry]:
    """Return the line of a class, in order."""
    return db.session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.class_session_id == session_id, WaitlistEntry.state.in_(IN_LINE))
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
        .options(joinedload(WaitlistEntry.person), selectinload(WaitlistEntry.offers))
    ).all()


def of_account(account_id: int) -> Sequence[WaitlistEntry]:
    """Return what everybody under an account waits for."""
    return db.session.scalars(
        select(WaitlistEntry)
        .join(WaitlistEntry.person)
        .where(Person.account_id == account_id, WaitlistEntry.state.in_(IN_LINE))
        .order_by(WaitlistEntry.joined_at)
        .options(*SHOWN)
    ).all()


def for_times(today: date) -> Sequence[WaitlistEntry]:
    """Return who waits for a private time and has no offer, in order."""
    return db.session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.option_id.in_(_offered()),
            WaitlistEntry.state == Waits.WAITING,
            WaitlistEntry.until_on >= today,
        )
        .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
        .options(
            joinedload(WaitlistEntry.option).joinedload(ServiceOption.service),
            joinedload(WaitlistEntry.person),
            selectinload(WaitlistEntry.offers),
        )
    ).all()


def _offered() -> Any:
    """The options that can be booked: what the studio has archived is offered to nobody."""
    return (
        select(ServiceOption.id)
        .join(ServiceOption.service)
        .where(ServiceOption.is_archived.is_(False), Service.is_archived.is_(False))
    )


def counts(session_ids: Iterable[int]) -> dict[int, int]:
    """Return how many wait for each of these classes, in one select."""
    rows = db.session.execute(
        select(WaitlistEntry.class_session_id, func.count())
        .where(
            WaitlistEntry.class_session_id.in_(list(session_ids)),
            WaitlistEntry.state.in_(IN_LINE),
        )
        .group_by(WaitlistEntry.class_session_id)
    )
    return {session_id: count for session_id, count in rows if session_id is not None}


def positions(entries: Sequence[WaitlistEntry]) -> dict[int, int]:
    """Return each one's place in its line, from 1: of a class, or for the times of a service."""
    if not entries:
        return {}
    place = func.row_number().over(
        partition_by=(WaitlistEntry.class_session_id, ServiceOption.service_id),
        order_by=(WaitlistEntry.joined_at, WaitlistEntry.id),
    )
    lines = (
        select(WaitlistEntry.id, place.label("place"))
        .outerjoin(WaitlistEntry.option)
        .where(WaitlistEntry.state.in_(IN_LINE))
        .subquery()
    )
    rows = db.session.execute(select(lines).where(lines.c.id.in_([one.id for one in entries])))
    return {row.id: row.place for row in rows}


def position(entry: WaitlistEntry) -> int:
    """Return one's place in line, from 1; 0 when one stands in none."""
    return positions([entry]).get(entry.id, 0)


def leave(entry: WaitlistEntry, state: Waits, actor: Actor, now: datetime) -> Offer | None:
    """Take somebody out of the line; return the offer that was open and is now withdrawn.

    The caller says what becomes of what was held for it.
    """
    offer = entry.open_offer
    if offer is not None:
        close(offer, OfferState.ACCEPTED if state is Waits.SERVED else OfferState.WITHDRAWN, now)
    entry.state, entry.ended_at = state, now
    db.session.flush()
    outbox.void(entry.about, Reason(state.value), now)
    audit.record(actor, entry.about, f"line_{state.value}", now)
    return offer


def lock_idle(entry: WaitlistEntry) -> bool:
    """Lock an entry and read it again, unless somebody is acting on it just now.

    Who offers times has practitioners and rooms by then, for which whoever leaves, declines or
    is offered something waits with the entry in hand: waiting for each other would be a circle.
    """
    wanted = select(WaitlistEntry.id).where(WaitlistEntry.id == entry.id)
    is_ours = db.session.scalar(wanted.with_for_update(skip_locked=True)) is not None
    if is_ours:
        db.session.refresh(entry)
    return is_ours


def close(offer: Offer, state: OfferState, now: datetime) -> None:
    """End an offer; a claim that it held is the caller's to release or to use."""
    offer.state, offer.claim_id, offer.ended_at = state, None, now
    db.session.flush()
