"""What the names in braces of the owner's texts stand for in mails about bookings.

Each returns a function, since dates and times are words of the language a mail is written in.
"""

from datetime import datetime

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.classes.models import ClassSession
from booking.mail.letters import Values
from booking.web.filters import clock_words, day_short, day_words


def of_booking(booking: Booking, *, to_staff: bool = False) -> Values:
    """A session: staff read who comes, clients are called by the name we write to."""
    person = booking.person
    return lambda: {
        "client": person.name if to_staff else person.addressee,
        **_session(booking.service_name, booking.starts_at, booking.practitioner.name),
    }


def of_several(first: Booking, person: Person, *, to_staff: bool = False) -> Values:
    """Sessions or places that were booked at once: each has a time of its own."""
    return lambda: {
        "client": person.name if to_staff else person.addressee,
        "service": first.service_name,
        "practitioner": first.practitioner.name,
    }


def of_entry(entry: WaitlistEntry, offer: Offer | None = None) -> Values:
    """A place in a line and, when there is one, what is offered."""
    held = entry.class_session
    service = held.series.name if held else entry.service.name
    client = {"client": entry.person.addressee}
    if offer is None:
        return lambda: {**client, "service": service}
    return lambda: client | _session(service, offer.starts_at, offer.practitioner.name)


def of_class(session: ClassSession, person: Person | None = None) -> Values:
    client = {"client": person.addressee} if person else {}
    return lambda: (
        client | _session(session.series.name, session.starts_at, session.practitioner.name)
    )


def _session(service: str, starts_at: datetime, practitioner: str) -> dict[str, str]:
    return {
        "service": service,
        "day": day_words(starts_at),
        "date": day_short(starts_at),
        "time": clock_words(starts_at),
        "practitioner": practitioner,
    }
