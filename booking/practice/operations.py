"""Changing what the owner decides."""

from datetime import date
from typing import Any

from booking.database import db
from booking.practice.models import Practice


def change(studio: Practice, **values: Any) -> dict[str, tuple[Any, Any]]:
    """Change settings; return those that differ, by name, with what each was and is now."""
    was = {name: getattr(studio, name) for name in values}
    for name, value in values.items():
        setattr(studio, name, value)
    db.session.add(studio)
    db.session.flush()
    return {name: (was[name], value) for name, value in values.items() if was[name] != value}


def renew_policy(practice: Practice, today: date) -> None:
    """Make another version of the policy, which each client agrees to once; `today` is local."""
    change(practice, policy_version=practice.policy_version + 1, policy_on=today)
