"""The mails that tell a practitioner of a session: at once, or in their morning's sheet."""

from datetime import datetime

from booking.bookings import mail_words, news
from booking.bookings.models import Booking
from booking.bookings.news import Way
from booking.catalog.models import Practitioner
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letter_kinds import KINDS
from booking.mail.letters import render_letter
from booking.web.links import absolute_url


def to_practitioner(
    booking: Booking,
    name: str,
    now: datetime,
    not_before: datetime,
    to: Practitioner | None = None,
    before: datetime | None = None,
) -> None:
    """Tell who gives the session, or `to`; `before` is when it was to be until now."""
    giver = to or booking.practitioner
    if not giver.email:
        return
    concerns = min(booking.starts_at, before or booking.starts_at)
    way = Way(not_before) if KINDS[name].urgent else news.way_to(giver, concerns, not_before)
    letter = render_letter(
        name,
        news.language_of(giver),
        values=mail_words.of_booking(booking, to_staff=True),
        booking=booking,
        day_link=absolute_url("studio.day", day=booking.local_start.date().isoformat()),
        requests_link=absolute_url("studio.requests"),
        before=before,
    )
    envelope = Envelope(
        key=f"booking-{booking.id}-r{booking.revision}-{name.replace('_', '-')}",
        kind=name,
        address=giver.email,
        about=booking.about,
        about_revision=booking.revision,
        bundle=way.bundle,
    )
    outbox.enqueue(envelope, letter, now, way.not_before)
