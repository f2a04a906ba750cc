"""Changing the rules that decide which times are offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Practitioner
from booking.practice import operations
from booking.practice import queries as practice


def change(values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Change rules of the practice, each with a line in the trail."""
    changed = operations.change(practice.current(), **values)
    for name, (was, value) in changed.items():
        audit.record(actor, "practice:1", "setting", now, name=name, was=was, to=value)


def limit(
    giver: Practitioner, values: Mapping[str, int | None], actor: Actor, now: datetime
) -> None:
    """Set the most that somebody gives in a day and a week; what is booked stays."""
    for name, value in values.items():
        was = getattr(giver, name)
        if was != value:
            setattr(giver, name, value)
            audit.record(
                actor, f"practitioner:{giver.id}", "setting", now, name=name, was=was, to=value
            )
