"""What mails about bookings share: the calendar's file, a guest's link, until when they help."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from booking.accounts import tokens
from booking.accounts.models import Person
from booking.bookings.calendar_messages import entry_of
from booking.bookings.models import Booking
from booking.mail import calendar_file
from booking.mail.envelopes import Letter
from booking.mail.letter_kinds import KINDS, Until
from booking.mail.outbox import ONE_TIME_LINK


class Proof(NamedTuple):
    """The link by which a guest proves an address: what stands for it, and what it is for."""

    link: str = ""
    purpose: str | None = None


NO_PROOF = Proof()


def guest_proof(person: Person) -> Proof:
    """Return the link for a guest who is written to at an address of their own; else none."""
    is_own = person.email is not None and person.email == person.address
    return Proof(ONE_TIME_LINK, tokens.GUEST) if is_own and person.account is None else NO_PROOF


def with_calendar(
    letter: Letter, bookings: Sequence[Booking], method: str, now: datetime
) -> Letter:
    """Return a letter with the entries of these bookings for the client's calendar."""
    text = calendar_file.render_all([entry_of(one) for one in bookings], method, now)
    return Letter(letter.subject, letter.text, letter.html, text, method)


def end_of_use(kind: str, bookings: Sequence[Booking]) -> datetime | None:
    """Return from when on a mail that tells of these bookings helps nobody; None is never."""
    until = KINDS[kind].until
    if until is Until.START:
        return min(one.starts_at for one in bookings)
    return max(one.ends_at for one in bookings) if until is Until.END else None
