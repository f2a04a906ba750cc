"""Reading what the settings pages show."""

from collections.abc import Sequence

from sqlalchemy import func, select

from booking.accounts.models import Account
from booking.catalog.models import Service
from booking.database import db
from booking.mail.models import OutgoingMail
from booking.practice.models import Practice
from booking.scheduling.models import OpeningHours
from booking.settings.models import PracticeFile
from booking.settings.operations import LOGO

TESTS_SHOWN = 3


def logo() -> PracticeFile | None:
    return db.session.get(PracticeFile, LOGO)


def test_mails(account: Account) -> Sequence[OutgoingMail]:
    """Return the last test mails that this manager has sent to themselves, the newest first."""
    return db.session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.kind == "test", OutgoingMail.about == account.about)
        .order_by(OutgoingMail.id.desc())
        .limit(TESTS_SHOWN)
    ).all()


def missing(studio: Practice) -> list[str]:
    """Name what a practice cannot be booked without and has not got yet."""
    services, hours = db.session.execute(
        select(
            select(func.count(Service.id)).where(Service.is_archived.is_(False)).scalar_subquery(),
            select(func.count(OpeningHours.id)).scalar_subquery(),
        )
    ).one()
    wanted = {
        "name": studio.address and studio.name != "Our studio",
        "services": services,
        "hours": hours,
    }
    return [name for name, is_there in wanted.items() if not is_there]
