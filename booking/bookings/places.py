"""Booking places in classes: one or several at once, a trial, or the rest of a term.

All or nothing, in one transaction, under the locks of the classes.
"""

from collections.abc import Sequence
from datetime import datetime

from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings import changes, clients, enrolments, line, messages, offers, waiting
from booking.bookings.clients import Party
from booking.bookings.enrolments import Attempt, Order
from booking.bookings.models import Enrolment, PlaceKind
from booking.classes import queries, seats
from booking.classes.models import ClassSeries, ClassSession
from booking.database import db, lock_row
from booking.domain.errors import (
    ClassFull,
    ClassOff,
    HasPlace,
    NotLive,
    TermDone,
    TermFull,
    UndoTooLate,
)
from booking.practice.models import Practice


def book_class(
    session_id: int,
    attempt: Attempt,
    party: Party,
    kind: PlaceKind,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> Enrolment:
    """Book a place for everybody of a party in one class; the same attempt gives the same.

    Raises ClassOff, ClassBegun, ClassFull, HasPlace, NotSold, TrialUsed, TooManyOpen, Blocked.
    """
    session = waiting.open_session(session_id, now)
    if known := enrolments.find(attempt):
        return known
    order = Order(kind, practice, now, account, note=party.details.note)
    enrolments.price_of(session.series, kind)
    persons = clients.party_of(party, account, practice, now)
    line.refuse_twice(session, persons)
    if kind is PlaceKind.TRIAL:
        for person in sorted(persons, key=lambda one: one.id):
            enrolments.refuse_second_trial(person, session.series.service.category_id)
    enrolment = enrolments.begin(attempt, session.series, persons[0], order)
    _take(session, persons, enrolment, order)
    enrolments.confirm(enrolment, order)
    offers.fill(session, practice, now)
    return enrolment


def _take(
    session: ClassSession, persons: Sequence[Person], enrolment: Enrolment, order: Order
) -> None:
    """Take a seat for each and write them down. Raises ClassFull, and takes none."""
    # Who waited and now books another way makes room of their own.
    offers.withdraw(session, persons, order.by, order.now)
    seats.take(session, len(persons))
    for person in persons:
        enrolments.add_place(enrolment, session, person, order)


def book_term(
    series_id: int,
    attempt: Attempt,
    party: Party,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> Enrolment:
    """Book all that is left of a series, all or nothing; where one has a place, that one counts.

    Raises NotSold, TermFull with the dates that have no room, TermDone, TooManyOpen, Blocked.
    """
    series = db.session.get_one(ClassSeries, series_id)
    order = Order(PlaceKind.TERM, practice, now, account, note=party.details.note)
    enrolments.price_of(series, PlaceKind.TERM)
    ahead = queries.ahead_of(series.id, now)
    sessions = [one for one in seats.lock(one.id for one in ahead) if one.is_on]
    if known := enrolments.find(attempt):
        return known
    persons = clients.party_of(party, account, practice, now)
    wanted = [(session, _without_place(session, persons)) for session in sessions]
    wanted = [(session, missing) for session, missing in wanted if missing]
    if not wanted:
        raise TermDone(name=persons[0].name)
    enrolment = enrolments.begin(attempt, series, persons[0], order)
    full = []
    for session, missing in wanted:
        try:
            _take(session, missing, enrolment, order)
        except ClassFull:
            full.append(session.local_start.date())
    if full:
        raise TermFull(dates=full)
    enrolments.confirm(enrolment, order)
    for session, _missing in wanted:
        offers.fill(session, practice, now)
    return enrolment


def undo(enrolment_id: int, revision: int, actor: Actor, practice: Practice, now: datetime) -> None:
    """Take back all that was booked at once, while nobody has been told.

    `revision` is the one whose page was pressed on. Raises NotLive, UndoTooLate.
    """
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    seats.lock(one.class_session_id for one in enrolment.places if one.class_session_id)
    lock_row(enrolment)
    live = enrolment.live_places
    if enrolment.revision != revision or not live:
        raise NotLive
    if now > enrolment.undo_until or messages.knows_places(enrolment, now):
        raise UndoTooLate
    for booking in live:
        changes.undo(booking.id, booking.revision, actor, practice, now)


def _without_place(session: ClassSession, persons: Sequence[Person]) -> list[Person]:
    """Return who has no live place in a class yet."""
    missing = []
    for person in persons:
        try:
            line.refuse_twice(session, [person])
        except HasPlace:
            continue
        missing.append(person)
    return missing


def add_walk_in(
    session_id: int, person: Person, order: Order, token: str, *, may_overbook: bool
) -> Enrolment:
    """Write down somebody who stands at the door; nothing is mailed to them.

    Raises ClassOff, HasPlace, and ClassFull unless one more is meant to fit.
    """
    session = seats.lock([session_id])[0]
    attempt = Attempt("studio", token)
    if known := enrolments.find(attempt):
        return known
    if not session.is_on:
        raise ClassOff
    line.refuse_twice(session, [person])
    offers.withdraw(session, [person], order.by, order.now)
    try:
        seats.take(session, 1)
    except ClassFull:
        if not may_overbook:
            raise
        seats.squeeze_in(session)
    enrolment = enrolments.begin(attempt, session.series, person, order)
    enrolment.undo_until = order.now
    enrolments.add_place(enrolment, session, person, order)
    return enrolment
