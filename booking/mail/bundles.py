"""News that wait for somebody's morning sheet: rows of the outbox like all others.

Until then they can be dropped or written anew as if they waited for the undo. The sheet takes them
in; should none come, each goes by itself a little later, so that nothing is lost.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.database import db
from booking.mail.models import MailState, OutgoingMail

# So long after the sheet should have been written, what waited for it goes by itself.
GRACE = timedelta(minutes=30)


def take_in(bundle: str, now: datetime) -> Sequence[OutgoingMail]:
    """Return what a sheet that is written now tells, in order; it counts as sent with it.

    What was to wait longer, because it may still be undone, is left for the next sheet.
    """
    waiting = db.session.scalars(
        select(OutgoingMail)
        .where(
            OutgoingMail.bundle == bundle,
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.void_reason.is_(None),
            OutgoingMail.lease.is_(None),
            OutgoingMail.due_at <= now + GRACE,
        )
        .order_by(OutgoingMail.id)
        .with_for_update()
    ).all()
    for mail in waiting:
        mail.state, mail.sent_at = MailState.SENT, now
    return waiting
