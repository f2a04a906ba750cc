"""What speaks against a time that staff may take all the same: a warning, never a refusal.

An overlap is no objection: the database refuses it, whoever asks.
"""

from datetime import datetime
from enum import StrEnum

from booking.domain.availability import local_date
from booking.domain.openings import Diary, Terms
from booking.domain.policies import Policy
from booking.domain.workload import has_room


class Objection(StrEnum):
    """Why a client would not be offered a time."""

    PAST = "past"  # It has begun already.
    NOTICE = "notice"  # Shorter than the notice that clients have to give.
    TOO_FAR = "too_far"  # After the furthest day.
    CLOSED = "closed"  # Not wholly within the practitioner's hours.
    FULL = "full"  # Their day or their week holds no more.


def objections(
    start: datetime, practitioner_id: int, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> tuple[Objection, ...]:
    """Return what speaks against a session at `start`, what weighs most first."""
    day, session = local_date(start, diary.zone), terms.demand.session(start)
    is_open = any(
        interval.contains(session) for interval in diary.open_time.get(practitioner_id, ())
    )
    found = {
        Objection.PAST: start < now,
        Objection.NOTICE: now <= start < policy.earliest(now),
        Objection.TOO_FAR: day > policy.furthest(now, diary.zone),
        Objection.CLOSED: not is_open,
        Objection.FULL: not has_room(
            day,
            terms.hands_on_minutes,
            terms.limits_of(practitioner_id),
            diary.work.get(practitioner_id, ()),
            diary.zone,
        ),
    }
    return tuple(one for one, applies in found.items() if applies)
