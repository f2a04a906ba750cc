"""Believing the clock again, when it ran ahead for a while and was set right."""

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.availability import local_date
from booking.mail import outbox, pulse
from booking.practice.models import Practice


def trust(practice: Practice, now: datetime) -> None:
    """Take this clock's word; what is written down as later than `now` happened by now.

    Mails that were put off, the way out and the morning's sheets go on as if nothing had been.
    """
    pulse.trust_clock(now)
    today = local_date(now, practice.zone)
    ahead = select(Practitioner).where(Practitioner.sheet_on > today).with_for_update()
    for giver in db.session.scalars(ahead.order_by(Practitioner.id)):
        is_written = outbox.has_key_like(f"sheet-{giver.id}-{today.isoformat()}")
        giver.sheet_on = today if is_written else today - timedelta(days=1)
