"""The rules that must never break, asked of the data as it is.

Each check is one select for the rows that break a rule, so an empty answer is a sound database.
"""

from datetime import datetime

from sqlalchemy import select, text

from booking import guards, setbacks
from booking.bookings import offers
from booking.bookings.models import Booking
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.classes.models import ClassSession, SessionState
from booking.database import db
from booking.domain.availability import instant_of
from booking.domain.zones import load_zone
from booking.mail.reasons import Reason
from booking.practice import queries as practice

# Reasons not to send what tells of a booking: it stands all the same.
HELD_BACK = f"('{Reason.RESTORED}', '{Reason.DEMO}', '{Reason.TOO_LATE}', '{Reason.REFUSED}')"
LIVE = "('requested', 'booked', 'arrived', 'no_show')"

# ruff: noqa: S608 - the only thing put into these texts are the constants above
RULES = {
    "time is claimed twice: claims {0} and {1}": """
        SELECT a.claim_id, b.claim_id FROM time_claim a
        JOIN time_claim b ON b.resource_id = a.resource_id AND b.id > a.id
        WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "booking {0} has no time claimed for its practitioner": f"""
        SELECT b.id FROM booking b WHERE b.status IN {LIVE} AND b.class_session_id IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM time_claim t WHERE t.claim_id = b.claim_id
          AND t.resource_id = b.practitioner_id
          AND t.starts_at <= b.starts_at AND t.ends_at >= b.ends_at)""",
    "booking {0} has no time claimed for its room": f"""
        SELECT b.id FROM booking b WHERE b.status IN {LIVE} AND b.room_id IS NOT NULL
        AND b.class_session_id IS NULL AND NOT EXISTS (
          SELECT 1 FROM time_claim t WHERE t.claim_id = b.claim_id AND t.resource_id = b.room_id
          AND t.starts_at <= b.starts_at AND t.ends_at >= b.ends_at)""",
    "claim {0} of a booking belongs to no booking": """
        SELECT c.id FROM claim c WHERE c.kind = 'booking'
        AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.claim_id = c.id)""",
    "claim {0} counts its session at another time than the booking": """
        SELECT c.id FROM claim c JOIN booking b ON b.claim_id = c.id
        WHERE c.session_at IS NULL OR c.session_at <> b.starts_at""",
    "claim {0} counts its class at another time than the class is": """
        SELECT c.id FROM claim c JOIN class_session s ON s.claim_id = c.id
        WHERE c.session_at IS NULL OR c.session_at <> s.starts_at""",
    "booking {0} was never confirmed by mail": f"""
        SELECT b.id FROM booking b JOIN person p ON p.id = b.person_id
        WHERE b.status = 'booked' AND b.class_session_id IS NULL
        AND NOT b.is_silent AND b.starts_at > b.created_at
        AND (p.email IS NOT NULL OR p.account_id IS NOT NULL)
        AND NOT EXISTS (
          SELECT 1 FROM outgoing_mail m
          WHERE m.about IN ('booking:' || b.id, 'repeat:' || b.repeat_id)
          AND m.kind IN ('confirmed', 'changed', 'dates')
          AND (m.state <> 'void' OR m.void_reason IN {HELD_BACK}))""",
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
    "mail {0} reminds of what is off or has moved, or could leave when it has begun": """
        SELECT m.id FROM outgoing_mail m JOIN booking b ON m.about = 'booking:' || b.id
        WHERE m.kind IN ('reminder', 'reminder_soon')
        AND m.state = 'waiting' AND m.void_reason IS NULL AND (
          b.status IN ('cancelled', 'late_cancelled', 'undone', 'declined')
          OR b.revision <> m.about_revision
          OR m.useless_after IS NULL OR m.useless_after > b.starts_at)""",
    "booking {0} was followed by {1} {2} mails": """
        SELECT about, count(*), kind FROM outgoing_mail
        WHERE kind IN ('aftercare', 'come_back', 'no_show') AND state <> 'void'
        GROUP BY about, kind HAVING count(*) > 1""",
    "booking {0} was followed by a mail that nothing planned": """
        SELECT m.about FROM outgoing_mail m
        WHERE m.kind IN ('aftercare', 'come_back') AND m.about <> '' AND NOT EXISTS (
          SELECT 1 FROM follow_up f WHERE 'booking:' || f.booking_id = m.about
          AND f.kind = m.kind AND f.outcome = 'sent')""",
    "booking {0} is agreed, and nobody will look back at it": """
        SELECT b.id FROM booking b WHERE b.status = 'booked' AND NOT b.is_silent
        AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.booking_id = b.id)
        AND EXISTS (SELECT 1 FROM reminder r WHERE r.booking_id = b.id AND r.done_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM replan r WHERE r.booking_id = b.id)""",
    "the worker has failed {2} times at {0} of row {1}": f"""
        SELECT step, row_id, tries FROM setback WHERE tries >= {setbacks.MANY}""",
    "practitioner {0} hears of news in a sheet that they do not get": """
        SELECT id FROM practitioner WHERE news_in_sheet AND NOT has_sheet""",
    "booking {0} has a state without an audit row": """
        SELECT b.id FROM booking b WHERE NOT EXISTS (
          SELECT 1 FROM audit a WHERE a.subject = 'booking:' || b.id
          AND a.action = b.status)""",
    "class {0} has {1} places taken, but {2} live places and open offers": f"""
        SELECT s.id, s.taken,
          (SELECT count(*) FROM booking b WHERE b.class_session_id = s.id AND b.status IN {LIVE})
          + (SELECT count(*) FROM offer o JOIN waitlist_entry e ON e.id = o.entry_id
             WHERE e.class_session_id = s.id AND o.state = 'open') AS held
        FROM class_session s WHERE s.taken <> (
          (SELECT count(*) FROM booking b WHERE b.class_session_id = s.id AND b.status IN {LIVE})
          + (SELECT count(*) FROM offer o JOIN waitlist_entry e ON e.id = o.entry_id
             WHERE e.class_session_id = s.id AND o.state = 'open'))""",
    "class {0} has no time claimed for its teacher or its room": """
        SELECT s.id FROM class_session s WHERE s.state = 'planned' AND (
          NOT EXISTS (SELECT 1 FROM time_claim t WHERE t.claim_id = s.claim_id
            AND t.resource_id = s.practitioner_id
            AND t.starts_at <= s.starts_at AND t.ends_at >= s.ends_at)
          OR (s.room_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM time_claim t WHERE t.claim_id = s.claim_id
            AND t.resource_id = s.room_id
            AND t.starts_at <= s.starts_at AND t.ends_at >= s.ends_at)))""",
    "enrolment {0} was never confirmed by mail": f"""
        SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person_id
        WHERE e.visitor <> 'studio' AND (p.email IS NOT NULL OR p.account_id IS NOT NULL)
        AND EXISTS (SELECT 1 FROM booking b WHERE b.enrolment_id = e.id AND b.status = 'booked')
        AND NOT EXISTS (
          SELECT 1 FROM outgoing_mail m WHERE m.about = 'enrolment:' || e.id
          AND m.kind IN ('places', 'place_given')
          AND (m.state <> 'void' OR m.void_reason IN {HELD_BACK}))""",
    "claim {0} of a class or an offer belongs to nothing": """
        SELECT c.id FROM claim c WHERE
          (c.kind = 'class'
           AND NOT EXISTS (SELECT 1 FROM class_session s WHERE s.claim_id = c.id))
          OR (c.kind = 'offer' AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.claim_id = c.id))""",
    "booking {0} is not at the time or with the teacher of its class": f"""
        SELECT b.id FROM booking b JOIN class_session s ON s.id = b.class_session_id
        WHERE b.status IN {LIVE} AND (s.state <> 'planned' OR b.starts_at <> s.starts_at
          OR b.ends_at <> s.ends_at OR b.practitioner_id <> s.practitioner_id)""",
    "waiting {0} has an offer without having one": """
        SELECT e.id FROM waitlist_entry e WHERE (e.state = 'offered') <> EXISTS (
          SELECT 1 FROM offer o WHERE o.entry_id = e.id AND o.state = 'open')""",
    "receipts of {0}: {1} are there, the last number is {2}, the next would follow {3}": """
        SELECT y.year, count(r.id), max(r.number), y.last FROM receipt_year y
        LEFT JOIN receipt r ON r.year = y.year GROUP BY y.year, y.last
        HAVING count(r.id) <> y.last OR coalesce(max(r.number), 0) <> y.last""",
    "receipt {0} belongs to a year that nobody counts": """
        SELECT r.id FROM receipt r
        WHERE NOT EXISTS (SELECT 1 FROM receipt_year y WHERE y.year = r.year)""",
    "receipt {0} says another amount than its payment": """
        SELECT r.id FROM receipt r LEFT JOIN payment p ON p.id = r.payment_id
        WHERE p.id IS NULL OR p.amount_cents <> r.amount_cents OR p.currency <> r.currency""",
    "payment {0} has no receipt, or one that it should not have": """
        SELECT p.id FROM payment p
        WHERE (p.reverses_id IS NULL AND p.method <> 'let_go') <> EXISTS (
          SELECT 1 FROM receipt r WHERE r.payment_id = p.id)""",
    "payment {0} is for no booking, or in another currency than its booking": """
        SELECT p.id FROM payment p LEFT JOIN booking b ON b.id = p.booking_id
        WHERE b.id IS NULL OR b.currency <> p.currency""",
    "payment {0} takes back something else than was paid": """
        SELECT back.id FROM payment back LEFT JOIN payment p ON p.id = back.reverses_id
        WHERE back.reverses_id IS NOT NULL AND (p.id IS NULL OR p.reverses_id IS NOT NULL
          OR p.amount_cents <> -back.amount_cents OR p.booking_id <> back.booking_id
          OR p.method <> back.method OR p.practitioner_id <> back.practitioner_id)""",
    "booking {0} costs {1} cents, but {2} are paid or let go": """
        SELECT b.id, b.price_cents, sum(p.amount_cents) FROM booking b
        JOIN payment p ON p.booking_id = b.id GROUP BY b.id, b.price_cents
        HAVING sum(p.amount_cents) < 0 OR sum(p.amount_cents) > b.price_cents""",
    "waiting {0} was passed over by {1}": """
        SELECT e.id, later.id FROM waitlist_entry e JOIN waitlist_entry later
          ON later.class_session_id = e.class_session_id AND later.state = 'offered'
          AND (later.joined_at > e.joined_at
            OR (later.joined_at = e.joined_at AND later.id > e.id))
        WHERE e.state = 'waiting'""",
}


def findings(now: datetime) -> list[str]:
    """Return a sentence for each row that breaks a rule; none means that all is well."""
    found = [
        sentence.format(*row)
        for sentence, query in RULES.items()
        for row in db.session.execute(text(query))
    ]
    return [*_missing_guards(), *found, *_idle_places(now), *_drifted_times(now)]


def _idle_places(now: datetime) -> list[str]:
    """Places that are free while somebody waits who could still be offered one."""
    studio = practice.current()
    waited_for = select(WaitlistEntry.class_session_id).where(
        WaitlistEntry.state == Waits.WAITING, WaitlistEntry.class_session_id.is_not(None)
    )
    sessions = db.session.scalars(
        select(ClassSession).where(
            ClassSession.id.in_(waited_for),
            ClassSession.starts_at > now,
            ClassSession.taken < ClassSession.capacity,
            ClassSession.state == SessionState.PLANNED,
        )
    )
    return [
        f"class {session.id} has a free place while somebody waits for one"
        for session in sessions
        if offers.time_for(session, studio, now) is not None
    ]


def _missing_guards() -> list[str]:
    """The guards themselves: a copied table or a hand on the database can lose them."""
    missing = guards.missing(db.session.connection())
    return [f"the database has lost its guard {name}" for name in missing]


def _drifted_times(now: datetime) -> list[str]:
    """What has a wall time and an instant that no longer agree: the zone's rules have changed."""
    booked = select(Booking).where(Booking.starts_at > now, Booking.claim_id.is_not(None))
    planned = select(ClassSession).where(
        ClassSession.starts_at > now, ClassSession.claim_id.is_not(None)
    )
    ahead = [
        *(("booking", one) for one in db.session.scalars(booked)),
        *(("class", one) for one in db.session.scalars(planned)),
    ]
    return [
        f"{what} {one.id} was agreed for {one.local_start:%Y-%m-%d %H:%M} "
        f"{one.zone_name}, which is now another instant"
        for what, one in ahead
        if not _agrees(one)
    ]


def _agrees(one: Booking | ClassSession) -> bool:
    """Tell whether the wall shows, at that instant, what was agreed.

    A time that the clocks skip is held at the moment when they go forward.
    """
    zone = load_zone(one.zone_name)
    return instant_of(one.local_start, zone) == one.starts_at or (
        one.starts_at.astimezone(zone).replace(tzinfo=None) == one.local_start
    )
