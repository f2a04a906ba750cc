"""What the tests of waiting lists share: freeing, looking, answering."""

from datetime import datetime

from booking.accounts.audit import GUEST
from booking.bookings import changes, waiting
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry
from booking.database import db, transact
from booking.practice import queries as practice


def cancel(booking: int, now: datetime) -> None:
    transact(changes.cancel, booking, GUEST, practice.current(), now)


def entry(number: int) -> WaitlistEntry:
    db.session.rollback()
    return db.session.get_one(WaitlistEntry, number, populate_existing=True)


def open_offers() -> list[Offer]:
    db.session.rollback()
    return db.session.query(Offer).filter_by(state=OfferState.OPEN).all()


def answer(what, offer: Offer, now: datetime):
    if what is waiting.accept:
        return transact(waiting.accept, offer.id, None, practice.current(), now)
    return transact(waiting.decline, offer.id, GUEST, practice.current(), now)
