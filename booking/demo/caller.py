"""Somebody who has no mail address and is booked on the telephone, every other week."""

from datetime import datetime, time

from sqlalchemy import select

from booking.accounts import operations as accounts
from booking.accounts.audit import actor_of
from booking.bookings import repeats
from booking.bookings.models import BookingRepeat
from booking.bookings.repeats import Chosen, Rhythm
from booking.bookings.staff_bookings import Order
from booking.catalog import queries as catalog
from booking.catalog.models import Service
from booking.clients import clients
from booking.clients.clients import Entry
from booking.database import db
from booking.demo import cast
from booking.domain.availability import DAY, instant_of, local_date
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice

CALLER = Entry("Hazel Whitcomb", "+13215550188", None)
AHEAD = 9


def fill(practice: Practice, now: datetime) -> None:
    """Book what is free of four dates, two weeks apart, in Lena's calendar."""
    lena = accounts.find_account(cast.LENA.email)
    service = db.session.scalars(select(Service).where(Service.slug == "resting-massage")).one()
    own = catalog.practitioner_of(lena.id) if lena else None
    if lena is None or own is None:
        return
    order = Order(
        token="by-telephone",  # noqa: S106 - the name of an attempt, no secret
        option=service.options[0],
        practitioner_id=own.id,
        whose=lambda: clients.add(CALLER, None, actor_of(lena), now),
        account=lena,
        note="Hears badly on the left.",
    )
    day = local_date(now, practice.zone) + AHEAD * DAY
    first = instant_of(datetime.combine(day, time(14)), practice.zone)
    dates = repeats.preview(order, Rhythm(first, weeks=2, times=4), practice, now)
    free = [Chosen(one.starts_at, frozenset(one.against)) for one in dates if one.is_plain]
    if free:
        repeats.book_all(order, free, 2, practice, now)
    for one in db.session.scalars(select(BookingRepeat)):
        outbox.void(one.about, Reason.DEMO, now)
