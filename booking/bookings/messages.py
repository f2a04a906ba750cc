"""One function for each mail about a booking."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from booking.bookings import mail_words, reading_links, told
from booking.bookings.letter_parts import NO_PROOF, end_of_use, guest_proof, with_calendar
from booking.bookings.links import manage_url
from booking.bookings.models import AgreedTime, Booking, Enrolment, Status
from booking.bookings.news_messages import to_practitioner
from booking.catalog.models import Practitioner
from booking.database import db, lock_row
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letter_kinds import KINDS, REMINDERS
from booking.mail.letters import render_letter
from booking.mail.list_links import unsubscribe_url
from booking.mail.reasons import Reason
from booking.practice import queries as practice

CONFIRMED = "confirmed"
CHANGED = "changed"
REQUESTED = "requested"
TELLING, STUDIO_TELLING = told.CLIENT, told.STUDIO
# Places in classes are told together, by one mail for all that were booked at once.
PLACES_TELLING = ("places", "place_given")
STUDIO_PLACES = ("studio_places",)


class Tell(Enum):
    """Whether a client who has been told of a booking hears that it changes."""

    IF_NEW = "if it is another time than they know"
    ALWAYS = "also of another length"
    NO = "no: they know it, or need not"


def tell_time(booking: Booking, now: datetime, tell: Tell = Tell.IF_NEW) -> None:
    """Tell client and practitioner the time as it is now, if they do not know it already.

    What they were told before decides the words: nothing yet, another time, or just this one. A
    client who has heard nothing yet is always told. Call it after `outbox.void`, and after
    `agreement.note_time`.
    """
    known = _at(booking, told.by_client(booking, now))
    if known is None:
        confirmed(booking, now)
    elif tell is Tell.ALWAYS or (tell is Tell.IF_NEW and not _is_as_told(booking, known)):
        changed(booking, known.starts_at, now)
    _tell_studio_time(booking, now)


def _is_as_told(booking: Booking, known: AgreedTime) -> bool:
    agreed = (booking.starts_at, booking.practitioner_id)
    return (known.starts_at, known.practitioner_id) == agreed


def _tell_studio_time(booking: Booking, now: datetime) -> None:
    is_own = db.session.get_one(AgreedTime, (booking.id, booking.revision)).is_own_doing
    known = _at(booking, told.by_studio(booking, now))
    if known is not None and known.practitioner_id != booking.practitioner_id:
        before = db.session.get_one(Practitioner, known.practitioner_id)
        to_practitioner(
            booking, "studio_moved", now, booking.undo_until, to=before, before=known.starts_at
        )
    if is_own:
        return
    if known is None or known.practitioner_id != booking.practitioner_id:
        studio_new(booking, now)
    elif known.starts_at != booking.starts_at:
        studio_moved(booking, known.starts_at, now)


def class_moved(booking: Booking, now: datetime, *, is_longer: bool) -> None:
    """Tell the client of a class that the studio has changed, unless they know it so.

    `is_longer` says that its length is another: that is always told.
    """
    revision = outbox.last_told(booking.about, TELLING, now) or 1
    known = db.session.get_one(AgreedTime, (booking.id, revision))
    is_same = (known.starts_at, known.practitioner_id) == (
        booking.starts_at, booking.practitioner_id,
    )  # fmt: skip
    if is_longer or not is_same:
        _to_client(booking, CHANGED, now, now, method="REQUEST", before=known.starts_at)


def hold_back_places(enrolment: Enrolment) -> set[str]:
    """Keep the mails of an enrolment from leaving before the commit; return the kinds that wait.

    Its places lie in several classes, so the lock of a class is not enough: its own row is the
    line in which all stand who write its mails anew, and behind which they see each other's.
    """
    lock_row(enrolment)
    return outbox.hold_back(enrolment.about)


def knows_places(enrolment: Enrolment, now: datetime) -> bool:
    """Tell whether the mail of an enrolment has left; one that has not stays, until the commit."""
    hold_back_places(enrolment)
    return outbox.last_told(enrolment.about, PLACES_TELLING, now) is not None


def client_knows(booking: Booking, now: datetime) -> bool:
    """Tell whether any mail has told the client of this booking. Call it after `outbox.void`."""
    if booking.enrolment is not None and knows_places(booking.enrolment, now):
        return True
    return told.by_client(booking, now) is not None


def studio_knows(booking: Booking, now: datetime) -> bool:
    """Tell whether any mail has told the practitioner. Call it after `outbox.void`."""
    if booking.enrolment is not None and outbox.last_told(
        booking.enrolment.about, STUDIO_PLACES, now
    ):
        return True
    return told.by_studio(booking, now) is not None


def _at(booking: Booking, revision: int | None) -> AgreedTime | None:
    """Return the time that was agreed at a revision; None for what nobody was told."""
    return db.session.get(AgreedTime, (booking.id, revision)) if revision else None


def confirmed(booking: Booking, now: datetime) -> None:
    """Tell the client what was booked, once it can no longer be undone."""
    _to_client(booking, CONFIRMED, now, booking.undo_until, method="REQUEST")


def requested(booking: Booking, now: datetime) -> None:
    """Tell the client that the practitioner has been asked, once it can no longer be undone."""
    _to_client(booking, REQUESTED, now, booking.undo_until)


def declined(booking: Booking, words: str, now: datetime) -> None:
    """Tell the client that their request was turned down; `words` are the practitioner's own."""
    _to_client(booking, "declined", now, now, words=words)


def studio_request(booking: Booking, now: datetime) -> None:
    to_practitioner(booking, "studio_request", now, booking.undo_until)


def changed(booking: Booking, before: datetime, now: datetime) -> None:
    """Tell the client the new time; `before` is the instant it was agreed for."""
    _to_client(booking, CHANGED, now, booking.undo_until, method="REQUEST", before=before)


def cancelled(booking: Booking, now: datetime, *, by_studio: bool) -> None:
    """Tell the client that the session is off, once that can no longer be taken back."""
    is_late = booking.status is Status.LATE_CANCELLED and practice.current().late_note
    own = "late_cancelled" if is_late else "cancelled"
    name = "cancelled_by_studio" if by_studio else own
    _to_client(booking, name, now, booking.restorable_until or now, method="CANCEL")


def reminder(booking: Booking, lead_minutes: int, now: datetime) -> None:
    """Remind the client: while something can be changed with all that can be, else in short."""
    is_early = lead_minutes >= timedelta(days=1).total_seconds() // 60
    name = "reminder" if is_early or booking.cancel_until > now else "reminder_soon"
    # One that still waits, for a server that was away, says nothing that this does not say.
    for kind in REMINDERS:
        outbox.void(booking.about, Reason.OVERTAKEN, now, kind=kind)
    reading = reading_links.for_reminder(booking.service_id, now)
    _to_client(booking, name, now, now, suffix=f"-{lead_minutes}", **reading)


def studio_new(booking: Booking, now: datetime) -> None:
    to_practitioner(booking, "studio_new", now, booking.undo_until)


def studio_moved(booking: Booking, before: datetime, now: datetime) -> None:
    to_practitioner(booking, "studio_moved", now, booking.undo_until, before=before)


def studio_cancelled(booking: Booking, now: datetime) -> None:
    to_practitioner(booking, "studio_cancelled", now, booking.restorable_until or now)


def _to_client(
    booking: Booking,
    name: str,
    now: datetime,
    not_before: datetime,
    method: str | None = None,
    suffix: str = "",
    useless_after: datetime | None = None,
    **context: object,
) -> None:
    """Write a mail to the client, unless they are phoned or nothing is to be sent.

    `useless_after` is for kinds that have an end of their own.
    """
    person = booking.person
    address = person.address
    if not address or booking.is_silent:
        return
    stop = unsubscribe_url(address, name) if KINDS[name].may_stop else None
    # A guest's address is proved by the link that stands in the confirmation alone.
    proof = guest_proof(person) if name == CONFIRMED else NO_PROOF
    letter = render_letter(
        name,
        person.language,
        values=mail_words.of_booking(booking),
        my_address=proof.link,
        booking=booking,
        link=manage_url(booking),
        service=booking.service,
        now=now,
        unsubscribe_url=stop,
        **context,
    )
    if method:
        letter = with_calendar(letter, [booking], method, now)
    envelope = Envelope(
        key=f"booking-{booking.id}-r{booking.revision}-{name.replace('_', '-')}{suffix}",
        kind=name,
        address=address,
        about=booking.about,
        about_revision=booking.revision,
        person_id=person.id,
        token_purpose=proof.purpose,
        useless_after=useless_after or end_of_use(name, [booking]),
        unsubscribe_url=stop,
    )
    outbox.enqueue(envelope, letter, now, not_before)


def follow_up(
    booking: Booking, name: str, now: datetime, not_before: datetime, **context: Any
) -> None:
    """Write a mail that follows a session; the arguments are those of all mails to a client."""
    _to_client(booking, name, now, not_before, **context)
