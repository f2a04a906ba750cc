"""How practitioners hear of their day: the morning's sheet, and news in it or at once."""

from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.mail_times import wall_at
from booking.practice.models import Practice


def choose(
    giver: Practitioner,
    practice: Practice,
    actor: Actor,
    now: datetime,
    *,
    has_sheet: bool,
    news_in_sheet: bool,
) -> None:
    """Let a practitioner have the sheet or not, and hear what is new in it or at once.

    Without the sheet, news come at once. The first sheet is that of the next morning. What waits
    for a sheet already goes with it, or by itself half an hour after its time. Lock the row first.
    """
    wanted = {"has_sheet": has_sheet, "news_in_sheet": has_sheet and news_in_sheet}
    today = local_date(now, practice.zone)
    is_begun = has_sheet and not giver.has_sheet
    if is_begun and now >= wall_at(today, practice.sheet_at, practice.zone):
        giver.sheet_on = today
    for name, value in wanted.items():
        was = getattr(giver, name)
        if was != value:
            setattr(giver, name, value)
            audit.record(
                actor, f"practitioner:{giver.id}", "setting", now, name=name, was=was, to=value
            )
    db.session.flush()
