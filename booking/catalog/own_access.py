"""Whose work a page shows: a practitioner's own, or everybody's to a manager."""

from booking.accounts.access import this_account
from booking.accounts.models import Role
from booking.catalog import queries


def only_own() -> int | None:
    """Return the practitioner whose work is shown; None for everybody's, 0 for nobody's."""
    account = this_account()
    if account.role is Role.MANAGER:
        return None
    own = queries.practitioner_of(account.id)
    return own.id if own else 0
