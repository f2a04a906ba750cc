"""The rules that must never break, asked of the data as it is.

Each check is one select for the rows that break a rule, so an empty answer is a sound database.
"""

from datetime import datetime

from sqlalchemy import select, text

from booking import guards
from booking.bookings.models import Booking
from booking.database import db
from booking.domain.zones import load_zone

LIVE = "('requested', 'booked', 'arrived', 'no_show')"

# ruff: noqa: S608 - the only thing put into these texts is the constant above
RULES = {
    "time is claimed twice: claims {0} and {1}": """
        SELECT a.claim_id, b.claim_id FROM time_claim a
        JOIN time_claim b ON b.resource_id = a.resource_id AND b.id > a.id
        WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "booking {0} has no time claimed for its practitioner": f"""
        SELECT b.id FROM booking b WHERE b.status IN {LIVE} AND NOT EXISTS (
          SELECT 1 FROM time_claim t WHERE t.claim_id = b.claim_id
          AND t.resource_id = b.practitioner_id
          AND t.starts_at <= b.starts_at AND t.ends_at >= b.ends_at)""",
    "booking {0} has no time claimed for its room": f"""
        SELECT b.id FROM booking b WHERE b.status IN {LIVE} AND b.room_id IS NOT NULL
        AND NOT EXISTS (
          SELECT 1 FROM time_claim t WHERE t.claim_id = b.claim_id AND t.resource_id = b.room_id
          AND t.starts_at <= b.starts_at AND t.ends_at >= b.ends_at)""",
    "claim {0} of a booking belongs to no booking": """
        SELECT c.id FROM claim c WHERE c.kind = 'booking'
        AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.claim_id = c.id)""",
    "booking {0} was never confirmed by mail": """
        SELECT b.id FROM booking b JOIN person p ON p.id = b.person_id
        WHERE b.status = 'booked' AND (p.email IS NOT NULL OR p.account_id IS NOT NULL)
        AND NOT EXISTS (
          SELECT 1 FROM outgoing_mail m WHERE m.about = 'booking:' || b.id
          AND m.kind IN ('confirmed', 'changed')
          AND (m.state <> 'void' OR m.void_reason IN ('restored from a backup', 'demo')))""",
    "booking {0} has two mails that tell one revision's time": """
        SELECT m.about FROM outgoing_mail m
        WHERE m.kind IN ('confirmed', 'changed') AND m.state <> 'void'
        GROUP BY m.about, substr(m.dedupe_key, 1, length(m.dedupe_key) - length(m.kind))
        HAVING count(*) > 1""",
    "booking {0} has two open reminders for one lead": """
        SELECT booking_id FROM reminder WHERE done_at IS NULL
        GROUP BY booking_id, lead_minutes HAVING count(*) > 1""",
    "reminder {0} waits for a booking that is off or has moved": """
        SELECT r.id FROM reminder r JOIN booking b ON b.id = r.booking_id
        WHERE r.done_at IS NULL AND (
          b.status IN ('cancelled', 'late_cancelled', 'undone', 'declined')
          OR b.revision <> r.revision)""",
    "booking {0} has a state without an audit row": """
        SELECT b.id FROM booking b WHERE NOT EXISTS (
          SELECT 1 FROM audit a WHERE a.subject = 'booking:' || b.id
          AND a.action = b.status)""",
}


def findings(now: datetime) -> list[str]:
    """Return a sentence for each row that breaks a rule; none means that all is well."""
    found = [
        sentence.format(*row)
        for sentence, query in RULES.items()
        for row in db.session.execute(text(query))
    ]
    return [*_missing_guards(), *found, *_drifted_times(now)]


def _missing_guards() -> list[str]:
    """The guards themselves: a copied table or a hand on the database can lose them."""
    missing = guards.missing(db.session.connection())
    return [f"the database has lost its guard {name}" for name in missing]


def _drifted_times(now: datetime) -> list[str]:
    """Bookings whose wall time and instant no longer agree: the zone's rules have changed."""
    ahead = db.session.scalars(
        select(Booking).where(Booking.starts_at > now, Booking.claim_id.is_not(None))
    )
    return [
        f"booking {booking.id} was agreed for {booking.local_start:%Y-%m-%d %H:%M} "
        f"{booking.zone_name}, which is now another instant"
        for booking in ahead
        if booking.starts_at.astimezone(load_zone(booking.zone_name)).replace(tzinfo=None)
        != booking.local_start
    ]
