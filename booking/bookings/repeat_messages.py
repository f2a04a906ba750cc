"""One function for each mail about sessions that were booked at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking.bookings import mail_words, news, told
from booking.bookings.letter_parts import end_of_use, guest_proof, with_calendar
from booking.bookings.links import manage_url
from booking.bookings.models import Booking, BookingRepeat, Status
from booking.database import db, lock_row
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import render_letter
from booking.mail.reasons import Reason
from booking.web.links import absolute_url


def tell_rest(changed: Booking, now: datetime) -> None:
    """Write the mails of a series that wait anew, without the session that has changed.

    What is to be said of that one is said by mails of its own. Nothing follows once they left.
    """
    repeat = changed.repeat
    if repeat is None:
        return
    lock_row(repeat)
    kinds = outbox.hold_back(repeat.about)
    if not kinds:
        return
    outbox.void(repeat.about, Reason.CHANGED, now)
    repeat.revision += 1
    rest = _as_booked(repeat)
    not_before = max(now, repeat.undo_until)
    if told.DATES in kinds:
        dates_booked(repeat, rest, now, not_before)
    if told.STUDIO_DATES in kinds:
        studio_dates(repeat, rest, now, not_before)


def _as_booked(repeat: BookingRepeat) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.repeat_id == repeat.id,
            Booking.status == Status.BOOKED,
            Booking.revision == told.FIRST,
        )
        .options(joinedload(Booking.person), joinedload(Booking.practitioner))
        .order_by(Booking.starts_at)
        .execution_options(populate_existing=True)
    ).all()


def dates_booked(
    repeat: BookingRepeat, bookings: Sequence[Booking], now: datetime, not_before: datetime
) -> None:
    """Tell the client all that was booked at once, with the entries for their calendar."""
    if not bookings or not repeat.person.address or bookings[0].is_silent:
        return
    person, first = repeat.person, bookings[0]
    proof = guest_proof(person)
    letter = render_letter(
        told.DATES,
        person.language,
        values=mail_words.of_several(first, person),
        my_address=proof.link,
        person=person,
        bookings=[(one, manage_url(one)) for one in bookings],
        first=first,
        repeat=repeat,
        service=first.service,
        now=now,
    )
    envelope = Envelope(
        key=f"repeat-{repeat.id}-r{repeat.revision}-dates",
        kind=told.DATES,
        address=person.address or "",
        about=repeat.about,
        about_revision=repeat.revision,
        person_id=person.id,
        token_purpose=proof.purpose,
        useless_after=end_of_use(told.DATES, bookings),
    )
    letter = with_calendar(letter, bookings, "PUBLISH", now)
    outbox.enqueue(envelope, letter, now, not_before)


def studio_dates(
    repeat: BookingRepeat, bookings: Sequence[Booking], now: datetime, not_before: datetime
) -> None:
    """Tell the practitioner what somebody else has booked for them, in one mail."""
    if not bookings or not bookings[0].practitioner.email or told.is_own_doing(bookings[0]):
        return
    first = bookings[0]
    way = news.way_to(first.practitioner, first.starts_at, not_before)
    letter = render_letter(
        told.STUDIO_DATES,
        news.language_of(first.practitioner),
        values=mail_words.of_several(first, repeat.person, to_staff=True),
        person=repeat.person,
        bookings=bookings,
        first=first,
        repeat=repeat,
        day_link=absolute_url("studio.day", day=first.local_start.date().isoformat()),
    )
    envelope = Envelope(
        key=f"repeat-{repeat.id}-r{repeat.revision}-studio",
        kind=told.STUDIO_DATES,
        address=first.practitioner.email or "",
        about=repeat.about,
        about_revision=repeat.revision,
        bundle=way.bundle,
    )
    outbox.enqueue(envelope, letter, now, way.not_before)
