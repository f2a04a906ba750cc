"""Changing the rules of classes and waiting lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import reminders
from booking.domain.availability import local_date
from booking.practice import operations
from booking.practice import queries as practice

# What decides when reminders go.
REMINDING = {"class_reminder_leads", "quiet_from", "quiet_until"}


def change(values: Mapping[str, Any], actor: Actor, now: datetime) -> int:
    """Change rules; return how many differ. Another deadline is another policy to agree to."""
    studio = practice.current()
    changed = operations.change(studio, **values)
    if "class_cancel_minutes" in changed:
        operations.renew_policy(studio, local_date(now, studio.zone))
    if changed.keys() & REMINDING:
        reminders.ask_anew(now)
    for name, (was, value) in changed.items():
        audit.record(actor, "practice:1", "setting", now, name=name, was=was, to=value)
    return len(changed)
