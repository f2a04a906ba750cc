"""One function for each mail that follows a session."""

import secrets
from datetime import datetime

from booking.bookings import reading_links
from booking.bookings.messages import follow_up
from booking.bookings.models import Booking
from booking.mail import outbox
from booking.web.links import absolute_url

AFTERCARE, COME_BACK, NO_SHOW = "aftercare", "come_back", "no_show"


def aftercare(booking: Booking, now: datetime, until: datetime) -> bool:
    """Give the client something to read about what was done; tell whether there was something.

    From `until` on it is of no use.
    """
    found = reading_links.pieces(booking.service_id, reading_links.AFTER, now)
    if found:
        follow_up(booking, AFTERCARE, now, now, useless_after=until, reading=found)
    return bool(found)


def come_back(booking: Booking, now: datetime, until: datetime) -> None:
    """Say that it has been as long as it usually is since this session; of use `until` then."""
    again = absolute_url("scheduling.service", slug=booking.service.slug)
    if booking.is_class:
        again = absolute_url("classes.timetable")
    follow_up(booking, COME_BACK, now, now, useless_after=until, again=again)


def no_show(booking: Booking, now: datetime, not_before: datetime, until: datetime) -> None:
    """Note that the client was expected; once for each booking. It is of use `until` then."""
    if outbox.last_told(booking.about, (NO_SHOW,), now) is None:
        mark = f"-{secrets.token_hex(4)}"
        follow_up(booking, NO_SHOW, now, not_before, suffix=mark, useless_after=until)
