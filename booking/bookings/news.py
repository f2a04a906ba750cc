"""What practitioners hear of their calendar: at once, or in their morning's sheet."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from booking.accounts.models import Account
from booking.catalog.models import Practitioner
from booking.database import db
from booking.domain.mail_times import next_at
from booking.mail.bundles import GRACE
from booking.practice import queries as practice

_LOCALE = select(Account.locale).where(Account.id == bindparam("id"))


class Way(NamedTuple):
    """When a mail goes, and the sheet it waits for, "" for none."""

    not_before: datetime
    bundle: str = ""


def bundle_of(giver: Practitioner) -> str:
    """How mails name the sheet of a practitioner."""
    return f"sheet:{giver.id}"


def way_to(giver: Practitioner, concerns: datetime, not_before: datetime) -> Way:
    """Return how somebody hears of something about the time `concerns`.

    What concerns a time before the next sheet is told at once, whatever they have chosen.
    """
    if not (giver.has_sheet and giver.news_in_sheet):
        return Way(not_before)
    studio = practice.current()
    sheet = next_at(not_before, studio.sheet_at, studio.zone)
    if concerns <= sheet:
        return Way(not_before)
    return Way(sheet + GRACE, bundle_of(giver))


def language_of(giver: Practitioner) -> str | None:
    """Return the locale a practitioner has chosen; None is the practice's."""
    if giver.account_id is None:
        return None
    return db.session.scalar(_LOCALE, {"id": giver.account_id})
