"""Settings of practitioners: how much they give, and how they hear of their day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.mail_times import wall_at
from booking.practice.models import Practice


def change(giver: Practitioner, values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Change settings of a practitioner, with a line in the trail for each that differs.

    What is booked stays. Lock the row first.
    """
    about = f"practitioner:{giver.id}"
    for name, value in values.items():
        was = getattr(giver, name)
        if was != value:
            setattr(giver, name, value)
            audit.record(actor, about, "setting", now, name=name, was=was, to=value)
    db.session.flush()


def choose_notices(
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
    today = local_date(now, practice.zone)
    is_begun = has_sheet and not giver.has_sheet
    if is_begun and now >= wall_at(today, practice.sheet_at, practice.zone):
        giver.sheet_on = today
    wanted = {"has_sheet": has_sheet, "news_in_sheet": has_sheet and news_in_sheet}
    change(giver, wanted, actor, now)
