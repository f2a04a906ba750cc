"""What is late: a mail that helps nobody any more is closed, one that would wake somebody waits.

The worker calls this at the start of each turn, so that it also holds after a long sleep.
"""

from datetime import datetime

from sqlalchemy import or_, update

from booking.database import db
from booking.domain.policies import after_quiet, is_quiet
from booking.mail.models import MailState, OutgoingMail
from booking.mail.reasons import Reason
from booking.practice.models import Practice


def settle(practice: Practice, now: datetime) -> bool:
    """Close what came too late and put off what must not go at night. Nothing follows: False."""
    is_free = or_(OutgoingMail.lease.is_(None), OutgoingMail.due_at <= now)
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == MailState.WAITING, OutgoingMail.useless_after <= now, is_free
        )
        .values(state=MailState.VOID, void_reason=Reason.TOO_LATE, lease=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if is_quiet(now, practice.policy, practice.zone):
        morning = after_quiet(now, practice.policy, practice.zone)
        db.session.execute(
            update(OutgoingMail)
            .where(
                OutgoingMail.state == MailState.WAITING,
                OutgoingMail.due_at < morning,
                OutgoingMail.keeps_quiet,
                is_free,
            )
            .values(due_at=morning, lease=None)
            .execution_options(synchronize_session=False)
        )
    return False
