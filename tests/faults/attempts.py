"""What one visitor does to get a time: as the pages do it, and as naive systems do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from booking.bookings import holds, operations
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.bookings.models import Hold
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.domain.availability import MINUTE
from booking.domain.errors import Refusal, SlotTaken
from booking.domain.openings import Place
from booking.practice import queries as practice
from booking.scheduling import calendar
from booking.scheduling.models import ClaimKind


class Try(Protocol):
    """Something that is tried: it gives the id of what was booked, or raises."""

    def book(self, way: Any, now: datetime) -> int: ...


@dataclass(frozen=True)
class Attempt:
    """Who wants what and when."""

    visitor: str
    option_id: int
    starts_at: datetime

    def book(self, way: "Way", now: datetime) -> int:
        return _hold_and_book(way, self, now)


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: what was booked, the name of a refusal, or a fault in words."""

    attempt: Any
    booking_id: int | None = None
    refusal: str = ""
    fault: str = ""


# A way to set a time aside; booking what is held is the same in all of them.
Way = Callable[[Wish, str, datetime], Hold]


def as_the_pages_do(wish: Wish, visitor: str, now: datetime) -> Hold:
    """Look into the diary and take the time, in one write transaction."""
    return transact(holds.hold, wish, visitor, practice.current(), now)


def check_first_claim_later(wish: Wish, visitor: str, now: datetime) -> Hold:
    """Look into the diary in one transaction that writes nothing; trust the answer in a second.

    Both steps are the site's own. Only what holds them together is missing: the one transaction
    and, on SQLite, the write lock that the page takes before it looks.
    """
    db.session.rollback()
    places = holds.find_places(wish, practice.current(), now)
    db.session.rollback()
    if not places:
        raise SlotTaken
    return transact(_take, wish, places[0], visitor, now)


def _take(wish: Wish, place: Place, visitor: str, now: datetime) -> Hold:
    expires_at = now + practice.current().policy.hold_minutes * MINUTE
    times = holds._times(wish, place)
    claim = calendar.claim(ClaimKind.HOLD, times, now, expires_at=expires_at)
    return holds._remember(wish, place, claim, visitor, expires_at)


def run(way: Any, attempt: Try, now: datetime) -> Outcome:
    """Hold and book, and tell how it ended; whatever is no refusal is a fault."""
    try:
        return Outcome(attempt, booking_id=attempt.book(way, now))
    except Refusal as refusal:
        return Outcome(attempt, refusal=type(refusal).__name__)
    except Exception as fault:  # noqa: BLE001 - counted, and shown by the test
        return Outcome(attempt, fault=repr(fault))


def _hold_and_book(way: Way, attempt: Attempt, now: datetime) -> int:
    option = find_option(attempt.option_id)
    assert option is not None
    wish = Wish(terms_of([option])[option.id], attempt.starts_at)
    token = way(wish, attempt.visitor, now).token
    # A request of its own: nothing that the first one read is still at hand.
    option = find_option(attempt.option_id)
    assert option is not None
    booking = transact(
        operations.book_slot,
        token,
        attempt.visitor,
        option,
        Details(attempt.visitor, f"{attempt.visitor}@example.com"),
        None,
        practice.current(),
        now,
    )
    return booking.id
