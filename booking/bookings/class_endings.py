"""Calling classes off: everybody is told, and every place and all time is given back."""

from datetime import datetime, timedelta

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import changes, class_messages, offers, times
from booking.bookings.class_changes import lock_ahead
from booking.bookings.class_following import live_places
from booking.bookings.models import Status
from booking.classes import planning, seats
from booking.classes.models import ClassSession, SessionState
from booking.database import db
from booking.domain.availability import local_date
from booking.practice.models import Practice
from booking.scheduling import calendar


def cancel_one(session_id: int, actor: Actor, practice: Practice, now: datetime) -> int:
    """Call one class off: everybody is told, every place is given back.

    Returns how many places there were. Raises ClassOff, ClassBegun.
    """
    session = lock_ahead([session_id], now)[0]
    return _cancel(session, actor, practice, now)


def cancel_following(session_id: int, actor: Actor, practice: Practice, now: datetime) -> int:
    """Call a class off and let its series end before it; return how many classes that were."""
    following = planning.lock_following(session_id)
    first = lock_ahead([session_id], now)[0]
    later = [
        one for one in following if one.state is not SessionState.CANCELLED and one.starts_at > now
    ]
    for session in later:
        _cancel(session, actor, practice, now)
    planning.end_series(first.series, first.on_date - timedelta(days=1), actor, now)
    return len(later)


def _cancel(session: ClassSession, actor: Actor, practice: Practice, now: datetime) -> int:
    times.line_up(practice, now)
    claim_id, session.claim_id = session.claim_id, None
    session.state = SessionState.CANCELLED
    db.session.flush()
    places = live_places(session.id)
    for booking in places:
        changes.call_off(booking, Status.CANCELLED, actor, now, tell_studio=False)
    seats.clear(session)
    offers.end_line(session, now, tell=True)
    if claim_id is not None:
        calendar.release(claim_id)
        day = local_date(session.starts_at, practice.zone)
        times.offer_free(practice, now, (day, day))
    if session.practitioner.account_id != actor.account_id:
        class_messages.teacher_told(session, session.practitioner, "off", "", now)
    audit.record(actor, session.about, "cancelled", now, places=len(places))
    return len(places)
