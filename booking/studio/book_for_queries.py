"""What the form for a caller offers: clients while one types, options, the next openings."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from booking.accounts.models import Account, Person
from booking.bookings.models import Booking, Status
from booking.bookings.queries import SHOWN
from booking.catalog.models import Category, Service, ServiceOption
from booking.clients import clients
from booking.database import db
from booking.domain.availability import DAY, local_date
from booking.domain.openings import Diary, Opening, Terms, nearest_openings, openings_on
from booking.practice.models import Practice
from booking.scheduling.queries import load_diary

# A list that is read out while somebody types stays short.
MOST = 8
OPENINGS = 6
GONE = (Status.UNDONE, Status.CANCELLED, Status.DECLINED)


def callers(account: Account, words: str) -> Sequence[Person]:
    """Return a few clients whom this member of staff may see, by name or number.

    Who is only called alike is named when nobody is called so.
    """
    return clients.search(account, words, 1, few=1)[:MOST] if words.strip() else []


def last_session(person_id: int, practitioner_ids: Sequence[int]) -> Booking | None:
    """Return a client's latest session with one of these practitioners."""
    return db.session.scalar(
        select(Booking)
        .where(
            Booking.person_id == person_id,
            Booking.practitioner_id.in_(practitioner_ids),
            Booking.option_id.is_not(None),
            Booking.status.not_in(GONE),
        )
        .options(joinedload(Booking.option))
        .order_by(Booking.starts_at.desc())
        .limit(1)
    )


def options() -> list[ServiceOption]:
    """Return all options that can be booked, hidden ones too, in the studio's order."""
    return list(
        db.session.scalars(
            select(ServiceOption)
            .join(ServiceOption.service)
            .join(Service.category)
            .where(ServiceOption.is_archived.is_(False), Service.is_archived.is_(False))
            .options(contains_eager(ServiceOption.service).contains_eager(Service.category))
            .order_by(Category.position, Service.position, Service.id, ServiceOption.position)
        )
    )


def next_times(terms: Terms, practice: Practice, now: datetime) -> list[datetime]:
    """Return the next openings, one for each part of a day, so that a caller has a choice."""
    today = local_date(now, practice.zone)
    furthest = practice.policy.furthest(now, practice.zone)
    diary = load_diary([terms], today, furthest, practice.zone, now)
    found: list[datetime] = []
    day = today
    while day <= furthest and len(found) < OPENINGS:
        openings = openings_on(day, terms, diary, practice.policy, now)
        found += _first_of_each_part(openings, diary)
        day += DAY
    return found[:OPENINGS]


def _first_of_each_part(openings: Sequence[Opening], diary: Diary) -> Iterator[datetime]:
    seen = set()
    for opening in openings:
        hour = opening.starts_at.astimezone(diary.zone).hour
        part = (hour >= 12) + (hour >= 17)
        if part not in seen:
            seen.add(part)
            yield opening.starts_at


def nearest_times(
    start: datetime, terms: Terms, practice: Practice, now: datetime
) -> list[datetime]:
    """Return the openings nearest to a time that cannot be had."""
    today = local_date(now, practice.zone)
    day = max(local_date(start, practice.zone), today)
    first, last = max(day - 2 * DAY, today), day + 5 * DAY
    diary = load_diary([terms], first, last, practice.zone, now)
    found = nearest_openings(start, terms, diary, practice.policy, now, count=OPENINGS)
    return [one.starts_at for one in found]


def shown(booking_id: int) -> Booking | None:
    """Return a booking with all that the page says of it."""
    return db.session.scalar(select(Booking).where(Booking.id == booking_id).options(*SHOWN))
