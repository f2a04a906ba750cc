"""What the calendars of those who come learn of a booking."""

from uuid import UUID, uuid5

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from booking.bookings.links import manage_url
from booking.bookings.models import Booking
from booking.domain.zones import load_zone
from booking.mail.calendar_file import Entry
from booking.mail.letters import discreet
from booking.practice import queries as practice

# The names of bookings in calendars are made in this space (RFC 9562, 5.5).
CALENDARS = UUID("6f1d9a54-5f0e-4c58-9f0f-3b8a7c1f2d60")


def _uid(booking: Booking) -> str:
    """Name the booking to calendars: the same for ever, whatever becomes of addresses."""
    return str(uuid5(CALENDARS, f"{booking.id} {booking.created_at.timestamp():.6f}"))


def entry_of(booking: Booking) -> Entry:
    """Return what a calendar may know of the booking, in the language of who booked it."""
    studio = practice.current()
    link = manage_url(booking)
    enrolment = booking.enrolment
    is_own = enrolment is None or enrolment.person_id == booking.person_id
    with force_locale(booking.person.language or studio.locale):
        name = discreet(booking.service_name)
        # Nobody else is named: a calendar is often shown to others.
        name = name if is_own else _("%(name)s (for who comes along)", name=name)
        with_whom = _("with %(name)s", name=booking.practitioner.name)
        what = (
            _("Cancel: %(link)s", link=link)
            if booking.is_class
            else _("Move or cancel: %(link)s", link=link)
        )
    return Entry(
        uid=_uid(booking),
        sequence=booking.revision,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=load_zone(booking.zone_name),
        title=f"{name}, {with_whom}",
        place=", ".join([studio.name, *studio.address.splitlines()]),
        description=what,
        link=link,
        organiser_name=studio.sender_name or studio.name,
        # Calendars take an invitation for somebody else's when its organiser did not send it.
        organiser_address=current_app.config["MAIL_FROM"],
        attendee_address=booking.person.address,
        is_off=not booking.status.is_live,
    )
