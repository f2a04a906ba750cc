"""What each kind of mail is about when the owner looks at it: the newest booking, or an example.

Each kind has the function that sends it, which is called here and kept from sending
(`letters.try_letter`). Where that one changes something before it writes, or may choose another
kind, the writing alone is called. A new kind gets a line in EXAMPLES.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from booking.accounts import messages as account_messages
from booking.accounts.models import Account, Invitation, Role
from booking.bookings import (
    class_messages,
    follow_messages,
    messages,
    reading_links,
    repeat_messages,
)
from booking.bookings.models import Booking
from booking.bookings.reading_links import Piece
from booking.mail.letters import Trial, try_letter
from booking.mail.own_texts import OwnWords
from booking.settings import messages as settings_messages
from booking.settings.mail_people import Example, newest_booking
from booking.web.links import absolute_url
from booking.web.words import lazy as _l

DAY = timedelta(days=1)
WORDS = "We are closed that week."
PIECE, PIECE_SUMMARY = _l("An article of yours"), _l("What it is about.")
Write = Callable[[Example, datetime], object]


def _booking(send: Callable[[Booking, datetime], object]) -> Write:
    return lambda example, now: send(example.booking, now)


def _account(send: Callable[[Account, datetime], object]) -> Write:
    return lambda example, now: send(example.account, now)


def _staff(send: Callable[[Account, datetime], object]) -> Write:
    def write(example: Example, now: datetime) -> object:
        example.account.role = Role.PRACTITIONER
        return send(example.account, now)

    return write


def _follows(kind: str) -> Write:
    return _booking(lambda one, now: messages.follow_up(one, kind, now, now))


def _reminder(booking: Booking, kind: str, now: datetime) -> None:
    found = reading_links.for_reminder(booking.service_id, now) if booking.id else {}
    messages.follow_up(booking, kind, now, now, **found)


def _aftercare(booking: Booking, now: datetime) -> None:
    """With what is read after the service, or a piece that might be."""
    found = reading_links.pieces(booking.service_id, reading_links.AFTER, now) if booking.id else []
    piece = Piece(str(PIECE), str(PIECE_SUMMARY), 3, absolute_url("articles.index"))
    messages.follow_up(booking, follow_messages.AFTERCARE, now, now, reading=found or [piece])


EXAMPLES: dict[str, Write] = {
    "confirmed": _booking(messages.confirmed),
    "requested": _booking(messages.requested),
    "declined": _booking(lambda one, now: messages.declined(one, WORDS, now)),
    "changed": _booking(lambda one, now: messages.changed(one, one.starts_at - DAY, now)),
    "reminder": _booking(lambda one, now: _reminder(one, "reminder", now)),
    "reminder_soon": lambda example, now: _reminder(example.late, "reminder_soon", now),
    "cancelled": _follows("cancelled"),
    "cancelled_by_studio": _follows("cancelled_by_studio"),
    "late_cancelled": _follows("late_cancelled"),
    "no_show": _follows("no_show"),
    "aftercare": _booking(_aftercare),
    "come_back": _booking(lambda one, now: follow_messages.come_back(one, now, now + DAY)),
    "studio_new": _booking(messages.studio_new),
    "studio_request": _booking(messages.studio_request),
    "studio_moved": _booking(lambda one, now: messages.studio_moved(one, one.starts_at - DAY, now)),
    "studio_cancelled": _booking(messages.studio_cancelled),
    "dates": lambda example, now: repeat_messages.dates_booked(*example.series, now, now),
    "studio_dates": lambda example, now: repeat_messages.studio_dates(*example.series, now, now),
    "places": lambda example, now: class_messages.places_booked(example.enrolment, now, now),
    "place_given": lambda example, now: class_messages.places_booked(
        example.enrolment, now, now, is_from_line=True
    ),
    "studio_places": lambda example, now: class_messages.studio_places(example.enrolment, now, now),
    "waiting": lambda example, now: class_messages.waiting(example.entry, 2, now),
    "waiting_ended": lambda example, now: class_messages.waiting_ended(example.entry, now),
    "offer": lambda example, now: class_messages.offer(example.offer, now),
    "offer_ended": lambda example, now: class_messages.offer_ended(example.offer, now),
    "class_message": lambda example, now: class_messages.class_message(
        example.class_session, example.person, "Bring socks", WORDS, "", now
    ),
    "studio_class": lambda example, now: class_messages.teacher_told(
        example.class_session, example.practitioner, "moved", "", now
    ),
    "sign_in": _account(lambda one, now: account_messages.sign_in_link(one.email, one, now)),
    "sign_in_staff": _staff(lambda one, now: account_messages.sign_in_link(one.email, one, now)),
    "sign_up": _account(lambda one, now: account_messages.sign_in_link(one.email, None, now)),
    "password": _account(lambda one, now: account_messages.password_link(one.email, one, now)),
    "password_unknown": _account(
        lambda one, now: account_messages.password_link(one.email, None, now)
    ),
    "password_changed": _account(account_messages.password_changed),
    "new_address": _account(
        lambda one, now: account_messages.new_address(one, one.email, now, is_taken=False)
    ),
    "new_address_taken": _account(
        lambda one, now: account_messages.new_address(one, one.email, now, is_taken=True)
    ),
    "address_changing": _account(account_messages.address_changing),
    "address_changed": _account(
        lambda one, now: account_messages.address_changed(one, one.email, now)
    ),
    "factor_changed": _staff(account_messages.factor_changed),
    "factor_reset": _staff(account_messages.factor_reset),
    "account_closed": _account(account_messages.account_closed),
    "invitation": _account(
        lambda one, now: account_messages.invitation(Invitation(id=0, email=one.email), now)
    ),
    "test": _staff(settings_messages.test_letter),
}

# Shown with the newest booking there is; the others need more than a booking, or none.
ABOUT_BOOKINGS = {
    "confirmed", "declined", "changed", "reminder", "cancelled", "cancelled_by_studio",
    "studio_new", "studio_moved", "studio_cancelled", "late_cancelled", "no_show", "aftercare",
    "come_back",
}  # fmt: skip


def tried(
    kind: str, locale: str | None, now: datetime, words: OwnWords | None = None
) -> tuple[Trial, bool]:
    """Render a kind of mail with these words (None: the stored ones); tell if it is of a booking.

    Nothing is written. Raises LookupError when no example of the kind makes a mail.
    """
    example = Example(now)
    real = newest_booking(kind) if kind in ABOUT_BOOKINGS else None
    if real is not None:
        example.booking = real
    trial = try_letter(lambda: EXAMPLES[kind](example, now), words, locale)
    if trial.letter is None:
        raise LookupError(f"no example of the mail {kind}")
    return trial, real is not None
