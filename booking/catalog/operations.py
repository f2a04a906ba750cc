"""Who runs a practitioner's calendar."""

from sqlalchemy import update

from booking.catalog.models import Practitioner
from booking.database import db


def give_account(practitioner_id: int, account_id: int) -> None:
    """Let an account run a practitioner's calendar, if nobody does, instead of one it had."""
    practitioner = db.session.get_one(Practitioner, practitioner_id, with_for_update=True)
    if practitioner.account_id is not None:
        return
    db.session.execute(
        update(Practitioner).where(Practitioner.account_id == account_id).values(account_id=None)
    )
    practitioner.account_id = account_id
    db.session.flush()
