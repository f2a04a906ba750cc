"""Changing the catalog."""

from booking.catalog.models import Practitioner
from booking.database import db


def give_account(practitioner_id: int, account_id: int) -> None:
    """Let an account run a practitioner's calendar, if nobody does."""
    practitioner = db.session.get_one(Practitioner, practitioner_id, with_for_update=True)
    if practitioner.account_id is None:
        practitioner.account_id = account_id
        db.session.flush()
