"""What the tests of mails that follow a session share: what happens to it, and what comes of it."""

from sqlalchemy import select

from booking.accounts.audit import Actor
from booking.articles.models import Article, Moment, ServiceReading
from booking.bookings import changes
from booking.bookings.follow_models import FollowUp, FollowUpKind
from booking.bookings.models import Status
from booking.catalog.models import Practitioner, ServiceOption
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.practice import operations
from booking.practice import queries as practice
from booking.settings import givers
from booking.worker import turn
from tests.cast import STAFF, at, book

FRIDAY, SATURDAY = at(14, day=27), at(10, day=28)


def mails(*kinds: str) -> list[OutgoingMail]:
    db.session.rollback()
    query = select(OutgoingMail).where(OutgoingMail.kind.in_(kinds)).order_by(OutgoingMail.id)
    return [one for one in db.session.scalars(query) if one.state.value != "void"]


def outcome_of(booking_id: int, kind: FollowUpKind = FollowUpKind.AFTERCARE):
    query = select(FollowUp).where(FollowUp.booking_id == booking_id, FollowUp.kind == kind)
    found = db.session.scalar(query)
    return found and found.outcome


def change(**values: object) -> None:
    transact(lambda: operations.change(practice.current(), **values))


def mark(booking_id: int, status: Status, now) -> None:
    transact(changes.mark, booking_id, status, STAFF, practice.current(), now())


def come_three_times(studio, now, account: str | None = "ada") -> int:
    """Let Ada, or a guest, come three times, a few days apart; return the last time."""
    moments = (at(14, day=25), at(14, day=27), at(14, day=1, month=12))
    ids = [
        book(studio.hour, one, now(), account=account, studio=studio, visitor=str(one)).id
        for one in moments
    ]
    for day, month in ((26, 11), (28, 11), (2, 12)):
        now.set(at(10, day=day, month=month))
        turn()
    return ids[-1]


def give_reading(studio) -> None:
    """An article to read before and after each kind of session."""
    article = db.session.scalars(select(Article)).first()
    services = (studio.massage, db.session.get_one(ServiceOption, studio.training).service_id)
    db.session.add_all(
        ServiceReading(service_id=service, moment=moment, article_id=article.id)
        for service in services for moment in Moment
    )  # fmt: skip


def want_sheet(studio, now, *, news: bool) -> None:
    """Let Lena have a sheet each morning, with what is new in it or without."""
    transact(_want_sheet, studio, now(), news)


def _want_sheet(studio, now, news: bool) -> None:
    lena = db.session.get_one(Practitioner, studio.lena)
    actor = Actor("staff", studio.accounts["lena"])
    givers.choose_notices(lena, practice.current(), actor, now, has_sheet=True, news_in_sheet=news)
