"""Somebody who has not been here yet and asks for a session."""

from datetime import datetime

from sqlalchemy import select

from booking.bookings import holds, operations
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.catalog.models import Practitioner, ServiceOption
from booking.catalog.queries import terms_of
from booking.database import db
from booking.domain.availability import DAY, local_date
from booking.domain.openings import next_openings
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary


def ask(giver: Practitioner, now: datetime) -> None:
    """Let a newcomer ask for the first time there is from the day after tomorrow on."""
    studio = practice.current()
    option = db.session.scalars(
        select(ServiceOption).where(ServiceOption.service_id == giver.services[0].id)
    ).first()
    if option is None:
        return
    terms = terms_of([option])[option.id].only(giver.id)
    first = local_date(now, studio.zone) + 2 * DAY
    diary = load_diary([terms], first, first + 14 * DAY, studio.zone, now)
    for opening in next_openings(terms, diary, studio.policy, now, count=1):
        held = holds.hold(Wish(terms, opening.starts_at), "demo-newcomer", studio, now)
        details = Details(
            "Priya Raman", "priya@example.com", note="My shoulder, since I paint ceilings."
        )
        # Only for her: the demo's other newcomers are booked at once.
        studio.new_approval = True
        operations.book_slot(held.token, "demo-newcomer", option, details, None, studio, now)
        studio.new_approval = False
        db.session.flush()
