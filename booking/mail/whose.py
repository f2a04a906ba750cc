"""Whose mails are: found by who is named in them, and blanked when that person has left."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, text, update

from booking.database import db
from booking.mail import outbox
from booking.mail.letter_kinds import AFTERWARDS
from booking.mail.models import STUCK, MailState, OutgoingMail
from booking.mail.reasons import Reason

# What mails are about that name their person, whatever address they went to: these are not its
# owner's, who may have come to it later or share it.
NAMED = ("booking", "enrolment", "repeat", "waiting", "class", "account")


def is_about_nobody_else() -> ColumnElement[bool]:
    """Of the mails to an address: those that are about nothing but the address."""
    return and_(*(OutgoingMail.about.not_like(f"{subject}:%") for subject in NAMED))


def bring_under(about: str, address: str) -> None:
    """Count mails that have gone to an address as mails about a subject that owned it.

    Those about bookings name their person already.
    """
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.to_address == address,
            is_about_nobody_else(),
            OutgoingMail.state != MailState.WAITING,
        )
        .values(about=about)
        .execution_options(synchronize_session=False)
    )


def erase_later(
    now: datetime,
    addresses: Sequence[str] = (),
    person_ids: Sequence[int] = (),
    abouts: Sequence[str] = (),
) -> None:
    """Have the mails that name somebody blanked as soon as they need no more sending.

    By address only those that are about no booking: who shares one may have bookings of their own.
    """
    are_theirs = or_(
        OutgoingMail.to_address.in_(addresses) & is_about_nobody_else(),
        OutgoingMail.person_id.in_(person_ids),
        OutgoingMail.about.in_(abouts),
    )
    # What tells them that they have left, and what is called off with it, still goes.
    outbox.void_those(Reason.UNWANTED, now, are_theirs, OutgoingMail.kind.in_(AFTERWARDS))
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.erase_at.is_(None), are_theirs)
        .values(erase_at=now)
        .execution_options(synchronize_session=False)
    )


def erase(now: datetime) -> None:
    """Blank what `erase_later` has marked: that a mail went stays, what it said does not.

    One that got stuck is closed: nobody is left to send it to.
    """
    is_stuck = OutgoingMail.state.in_(STUCK)
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.erase_at <= now,
            OutgoingMail.state != MailState.WAITING,
            text("to_address <> ''"),  # In the words of the index that finds these few.
        )
        .values(
            to_address="", subject="", body_text="", body_html="", calendar_text=None,
            last_error=None, unsubscribe_url=None,
            state=case((is_stuck, MailState.VOID), else_=OutgoingMail.state),
            void_reason=case((is_stuck, Reason.ERASED.value), else_=OutgoingMail.void_reason),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
