"""One function for each mail about classes and waiting lists."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from booking.accounts.models import Person
from booking.bookings import mail_words, news
from booking.bookings.letter_parts import end_of_use, guest_proof, with_calendar
from booking.bookings.links import enrolment_url, manage_url, waiting_url
from booking.bookings.messages import hold_back_places, knows_places
from booking.bookings.models import Enrolment
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.catalog.models import Practitioner
from booking.classes.models import ClassSession
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import render_letter
from booking.mail.reasons import Reason
from booking.web.links import absolute_url

PLACES, GIVEN, STUDIO = "places", "place_given", "studio_places"


def places_booked(
    enrolment: Enrolment, now: datetime, not_before: datetime, *, is_from_line: bool = False
) -> None:
    """Tell the client all that was booked at once; with the entries for their calendar."""
    places, person = enrolment.live_places, enrolment.person
    address = person.address
    if not address or not places:
        return
    name = GIVEN if is_from_line else PLACES
    proof = guest_proof(person)
    letter = render_letter(
        name,
        person.language,
        values=mail_words.of_several(places[0], person),
        my_address=proof.link,
        enrolment=enrolment,
        places=places,
        first=places[0],
        link=manage_url(places[0]) if len(places) == 1 else enrolment_url(enrolment),
        service=enrolment.series.service,
        now=now,
    )
    method = "REQUEST" if len(places) == 1 else "PUBLISH"
    letter = with_calendar(letter, places, method, now)
    envelope = Envelope(
        key=f"{enrolment.about.replace(':', '-')}-r{enrolment.revision}-{name}",
        kind=name,
        address=address,
        about=enrolment.about,
        about_revision=enrolment.revision,
        person_id=person.id,
        token_purpose=proof.purpose,
        useless_after=end_of_use(name, places),
    )
    outbox.enqueue(envelope, letter, now, not_before)


def studio_places(enrolment: Enrolment, now: datetime, not_before: datetime) -> None:
    """Tell the teacher who has booked, in one mail however many places it was."""
    places = enrolment.live_places
    if not places or not places[0].practitioner.email:
        return
    teacher = places[0].practitioner
    way = news.way_to(teacher, places[0].starts_at, not_before)
    letter = render_letter(
        STUDIO,
        news.language_of(teacher),
        values=mail_words.of_several(places[0], enrolment.person, to_staff=True),
        enrolment=enrolment,
        places=places,
        first=places[0],
        class_link=absolute_url("studio.class_session", session_id=places[0].class_session_id),
    )
    envelope = Envelope(
        key=f"{enrolment.about.replace(':', '-')}-r{enrolment.revision}-studio",
        kind=STUDIO,
        address=places[0].practitioner.email,
        about=enrolment.about,
        about_revision=enrolment.revision,
        bundle=way.bundle,
    )
    outbox.enqueue(envelope, letter, now, way.not_before)


def tell_places(enrolment: Enrolment, now: datetime) -> bool:
    """Write what waits about an enrolment anew, as it is now; tell whether the client knew it.

    What has left stays said: who is told of a change then is for the caller.
    """
    kinds = hold_back_places(enrolment)
    outbox.void(enrolment.about, Reason.CHANGED, now)
    if kinds:
        enrolment.revision += 1
    not_before = max(now, enrolment.undo_until)
    if kinds & {PLACES, GIVEN}:
        places_booked(enrolment, now, not_before, is_from_line=GIVEN in kinds)
    if STUDIO in kinds:
        studio_places(enrolment, now, not_before)
    return knows_places(enrolment, now)


def waiting(entry: WaitlistEntry, position: int, now: datetime) -> None:
    """Tell somebody that they are in line, where, and how to leave it."""
    _to_waiting(entry, "waiting", f"waiting-{entry.id}-joined", now, now, position=position)


def line_moved(entries: Sequence[WaitlistEntry], now: datetime) -> None:
    """Tell those in the line of a class that it has another time: they may leave the line."""
    for position, entry in enumerate(entries, 1):
        key = f"waiting-{entry.id}-moved-{secrets.token_hex(4)}"
        _to_waiting(entry, "waiting", key, now, now, position=position)


def offer(made: Offer, now: datetime) -> None:
    """Tell who waits what is held for them, and until when; never at night."""
    key = f"waiting-{made.entry_id}-offer-{made.id}"
    end = made.expires_at
    _to_waiting(made.entry, "offer", key, now, made.tell_at, useless_after=end, offer=made)


def offer_ended(made: Offer, now: datetime) -> None:
    """Tell who did not answer that the offer has been passed on."""
    key = f"waiting-{made.entry_id}-ended-{made.id}"
    _to_waiting(made.entry, "offer_ended", key, now, now, offer=made)


def waiting_ended(entry: WaitlistEntry, now: datetime, not_before: datetime | None = None) -> None:
    """Tell who waited that it will not come: the class is off, or the last date has passed."""
    _to_waiting(entry, "waiting_ended", f"waiting-{entry.id}-over", now, not_before or now)


def _to_waiting(
    entry: WaitlistEntry,
    name: str,
    key: str,
    now: datetime,
    not_before: datetime,
    useless_after: datetime | None = None,
    **context: Any,
) -> None:
    person = entry.person
    if not person.address:
        return  # They are phoned.
    letter = render_letter(
        name,
        person.language,
        values=mail_words.of_entry(entry, context.get("offer")),
        entry=entry,
        person=person,
        link=waiting_url(entry),
        **context,
    )
    envelope = Envelope(
        key=key,
        kind=name,
        address=person.address,
        about=entry.about,
        person_id=person.id,
        useless_after=useless_after,
    )
    outbox.enqueue(envelope, letter, now, not_before)


def class_message(
    session: ClassSession, person: Person, subject: str, text: str, token: str, now: datetime
) -> bool:
    """Send what the teacher wrote to one of those who come; tell whether they have an address."""
    if not person.address:
        return False
    letter = render_letter(
        "class_message",
        person.language,
        values=mail_words.of_class(session, person),
        session=session,
        person=person,
        words=subject,
        text=text,
    )
    envelope = Envelope(
        key=f"class-{session.id}-{token}-{person.id}",
        kind="class_message",
        address=person.address,
        about=session.about,
        person_id=person.id,
        # Something may be said of a class that was, too.
        useless_after=session.ends_at if session.ends_at > now else None,
    )
    outbox.enqueue(envelope, letter, now)
    return True


def was_written(session: ClassSession, token: str) -> bool:
    """Tell whether a message was sent before: the same page was sent twice."""
    return outbox.has_key_like(f"class-{session.id}-{token}-")


def teacher_told(
    session: ClassSession, teacher: Practitioner, what: str, token: str, now: datetime
) -> None:
    """Tell a teacher that somebody else has given, taken, moved or called off their class."""
    if not teacher.email:
        return
    letter = render_letter(
        "studio_class",
        news.language_of(teacher),
        values=mail_words.of_class(session),
        session=session,
        what=what,
        class_link=absolute_url("studio.class_session", session_id=session.id),
    )
    envelope = Envelope(
        key=f"class-{session.id}-{what}-{teacher.id}-{token}",
        kind="studio_class",
        address=teacher.email,
        about=session.about,
    )
    outbox.enqueue(envelope, letter, now)
