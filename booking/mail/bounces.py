"""Addresses at which nobody reads: a server has said so, and until somebody knows better nothing
more is sent there. Who keeps writing to such addresses is soon taken for a sender of spam.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select

from booking.database import db
from booking.mail.models import OutgoingMail, RefusedAddress

SHOWN = 50


def mark(mail_id: int, answer: str, now: datetime) -> None:
    """Write down that the address of a mail was refused, unless its person is being forgotten."""
    mail = db.session.get_one(OutgoingMail, mail_id)
    if mail.erase_at is None and find(mail.to_address) is None:
        db.session.add(
            RefusedAddress(address=mail.to_address.lower(), answer=answer, refused_at=now)
        )


def find(address: str | None) -> RefusedAddress | None:
    """Return what was said about an address; None when mails arrive there, or nobody knows."""
    if not address:
        return None
    return db.session.scalar(_of(address))


def is_refused(mail: OutgoingMail) -> bool:
    """Tell whether a mail is not to be sent because its address has refused one before.

    One that somebody has asked for at this moment, with a link, is tried all the same: it is the
    way back in for who has mended their mailbox.
    """
    if mail.token_purpose is not None:
        return False
    return find(mail.to_address) is not None


def forgive(address: str) -> bool:
    """Send there again; tell whether it was refused."""
    found = db.session.execute(
        delete(RefusedAddress)
        .where(RefusedAddress.address == address.lower())
        .returning(RefusedAddress.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def all_refused() -> Sequence[RefusedAddress]:
    """Return the addresses that were refused last, at most `SHOWN`."""
    query = select(RefusedAddress).order_by(RefusedAddress.id.desc()).limit(SHOWN)
    return db.session.scalars(query).all()


def _of(address: str) -> Select[RefusedAddress]:
    return select(RefusedAddress).where(RefusedAddress.address == address.lower())
