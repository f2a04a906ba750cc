"""What speaks against a time that staff may take all the same: a warning, never a refusal.

An overlap is no objection: the database refuses it, whoever asks.
"""

from datetime import datetime
from enum import StrEnum

from booking.domain.availability import local_date
from booking.domain.openings import Diary, Terms
from booking.domain.policies import Policy


class Objection(StrEnum):
    """Why a client would not be offered a time."""

    PAST = "past"  # It has begun already.
    NOTICE = "notice"  # Shorter than the notice that clients have to give.
    TOO_FAR = "too_far"  # After the furthest day.
    CLOSED = "closed"  # Not wholly within the practitioner's hours.


def objections(
    start: datetime, practitioner_id: int, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> tuple[Objection, ...]:
    """Return what speaks against a session at `start`, what weighs most first."""
    session = terms.demand.session(start)
    is_open = any(
        interval.contains(session) for interval in diary.open_time.get(practitioner_id, ())
    )
    found = {
        Objection.PAST: start < now,
        Objection.NOTICE: now <= start < policy.earliest(now),
        Objection.TOO_FAR: local_date(start, diary.zone) > policy.furthest(now, diary.zone),
        Objection.CLOSED: not is_open,
    }
    return tuple(one for one, applies in found.items() if applies)
