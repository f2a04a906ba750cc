"""The mail of the morning: a practitioner's day, with names and times, and never a note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.bookings import news
from booking.bookings.models import Booking
from booking.catalog.models import Practitioner
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import render_letter
from booking.studio.day import Day
from booking.web.links import absolute_url

SHEET = "sheet"
# It names a day's clients in one text: that is blanked soon, whoever of them stays a client.
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Changes:
    """What of a day is other than it was a day ago: by the ids of bookings, and what is gone."""

    new: frozenset[int]
    moved: frozenset[int]
    gone: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet tells of a day that ends at `until`; `news` are the subjects of what waited."""

    until: datetime
    day: Day
    changes: Changes
    news: Sequence[str]


def sheet(giver: Practitioner, today: date, told: Sheet, now: datetime) -> None:
    """Write the sheet of a local date; at most one for each practitioner and day."""
    letter = render_letter(
        SHEET,
        news.language_of(giver),
        giver=giver,
        today=today,
        day=told.day,
        changes=told.changes,
        news=told.news,
        day_link=absolute_url("studio.day", day=today.isoformat()),
        choice_link=absolute_url("settings.notices"),
    )
    envelope = Envelope(
        key=f"sheet-{giver.id}-{today.isoformat()}",
        kind=SHEET,
        address=giver.email or "",
        about=f"practitioner:{giver.id}",
        # Tomorrow has a sheet of its own; but what waited for this one is told nowhere else.
        useless_after=None if told.news else told.until,
        erase_at=now + KEPT,
    )
    outbox.enqueue(envelope, letter, now)
