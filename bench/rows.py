"""Bookings in great number, written straight into the tables in the shape that the guards want."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from booking.accounts.models import Audit, Person
from booking.bookings.models import AgreedTime, Booking, Reminder, ReminderOutcome, Status
from booking.database import Model, db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.scheduling.models import Claim, ClaimKind, TimeClaim

# Sessions of an hour begin so many hours after midnight in UTC: 9 to 16 in New York's winter.
HOURS = range(14, 22)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BLOCK = 5000
# Rows that are written with numbers of our own, of which PostgreSQL has to be told.
NUMBERED = {"person": Person.id, "claim": Claim.id, "booking": Booking.id}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is booked, and with whom."""

    service_id: int
    option_id: int
    practitioner_ids: tuple[int, ...]


def add_bookings(kind: Kind, count: int, first: datetime, now: datetime) -> None:
    """Write so many bookings from a date on, eight a day for each practitioner.

    Those that are over have been told, reminded of and come to, as in a practice that has used
    the system all along: with each of them stand its mail, its reminder and its trail.
    """
    with_whom = kind.practitioner_ids
    a_day = len(HOURS) * len(with_whom)
    last = {model: _last(model) for model in (Claim, Booking, Person)}
    for begin in range(0, count, BLOCK):
        rows: dict[type[Model], list[dict[str, Any]]] = {}
        for number in range(begin, min(begin + BLOCK, count)):
            hour = HOURS[number // len(with_whom) % len(HOURS)]
            start = first + number // a_day * DAY + hour * HOUR
            made = _one(kind, with_whom[number % len(with_whom)], start, number, last, now)
            for model, values in made:
                rows.setdefault(model, []).append(values)
        transact(_write, rows)


def _last(model: Any) -> int:
    return db.session.scalar(select(func.max(model.id))) or 0


def _write(rows: dict[type[Model], list[dict[str, Any]]]) -> None:
    for model in (Person, Claim, TimeClaim, Booking, AgreedTime, Reminder, OutgoingMail, Audit):
        if model in rows:
            db.session.execute(insert(model), rows[model])
    if db.engine.dialect.name == "postgresql":
        for table, column in NUMBERED.items():
            last = select(func.max(column)).scalar_subquery()
            db.session.execute(select(func.setval(f"{table}_id_seq", last)))


def _one(
    kind: Kind, who: int, start: datetime, number: int, last: dict[Any, int], now: datetime
) -> Iterator[tuple[type[Model], dict[str, Any]]]:
    """Give the rows of one booking. Every tenth is somebody's first."""
    end, booked = start + HOUR, min(start - 7 * DAY, now)
    is_over = end <= now
    claim, booking = last[Claim] + number + 1, last[Booking] + number + 1
    person = last[Person] + number // 10 + 1
    if number % 10 == 0:
        name = f"Grace Hill {number}"
        yield Person, {
            "id": person, "name": name, "folded_name": name.lower(), "created_at": booked,
            "email": f"grace{number}@example.com",
        }  # fmt: skip
    yield Claim, {
        "id": claim, "kind": ClaimKind.BOOKING, "created_at": booked, "session_at": start,
        "hands_on_minutes": 60,
    }  # fmt: skip
    yield TimeClaim, {
        "claim_id": claim, "resource_id": who, "starts_at": start, "ends_at": end,
    }  # fmt: skip
    yield Booking, {
        "id": booking, "person_id": person, "claim_id": claim, "service_id": kind.service_id,
        "option_id": kind.option_id, "practitioner_id": who, "service_name": "Massage",
        "starts_at": start, "ends_at": end, "local_start": start.replace(tzinfo=None) - 5 * HOUR,
        "zone_name": "America/New_York", "before_minutes": 0, "after_minutes": 0,
        "price_cents": 9500, "currency": "USD",
        "status": Status.ARRIVED if is_over else Status.BOOKED, "revision": 1,
        "cancel_until": start, "move_until": start, "undo_until": booked, "policy_version": 1,
        "note": "", "created_at": booked,
    }  # fmt: skip
    yield AgreedTime, {
        "booking_id": booking, "revision": 1, "starts_at": start, "practitioner_id": who,
    }  # fmt: skip
    if not is_over:
        return
    yield Reminder, {
        "booking_id": booking, "revision": 1, "lead_minutes": 1440, "due_at": start - DAY,
        "done_at": start - DAY, "outcome": ReminderOutcome.SENT,
    }  # fmt: skip
    yield OutgoingMail, {
        "dedupe_key": f"bench-{booking}-confirmed", "kind": "confirmed",
        "about": f"booking:{booking}", "person_id": person, "state": MailState.SENT,
        "to_address": f"grace{number // 10 * 10}@example.com", "subject": "Booked: Massage",
        "body_text": "See you.\n" * 40, "body_html": "<p>See you.</p>\n" * 60, "due_at": booked,
        "attempts": 1, "created_at": booked, "sent_at": booked,
    }  # fmt: skip
    yield Audit, {
        "actor": "guest", "subject": f"booking:{booking}", "action": "booked", "at": booked,
        "details": {"to": "booked"},
    }  # fmt: skip
