"""The outbox: rows that become mails, each at least once and hardly ever twice.

How a worker takes them out of it is in `claims`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from booking.database import db
from booking.mail.models import MailState, OutgoingMail

# Stands in the stored texts where a one-time link belongs: the link is made while sending and
# never kept, so the log shows this instead.
ONE_TIME_LINK = "https://one-time-link.invalid/"

# Why a mail to an address that has refused one is not sent. Its person counts as told: they gave
# that address, and what they hear next follows from it.
REFUSED = "the address was refused"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, rendered."""

    subject: str
    text: str
    html: str
    calendar_text: str | None = None
    calendar_method: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail goes to and what it is about; `key` makes it unique for ever."""

    key: str
    kind: str
    address: str
    about: str = ""
    about_revision: int = 1
    person_id: int | None = None
    token_purpose: str | None = None


def enqueue(
    envelope: Envelope, letter: Letter, now: datetime, not_before: datetime | None = None
) -> None:
    """Write the mail in the caller's transaction; it goes out at `not_before` (or `now`)."""
    db.session.add(
        OutgoingMail(
            dedupe_key=envelope.key,
            kind=envelope.kind,
            about=envelope.about,
            about_revision=envelope.about_revision,
            person_id=envelope.person_id,
            to_address=envelope.address,
            token_purpose=envelope.token_purpose,
            subject=" ".join(letter.subject.split()),
            body_text=letter.text,
            body_html=letter.html,
            calendar_text=letter.calendar_text,
            calendar_method=letter.calendar_method,
            created_at=now,
            due_at=not_before or now,
        )
    )


def void(about: str, reason: str, now: datetime, *, with_link: bool = False) -> None:
    """Drop what still waits about a subject; of it only what would carry a one-time link.

    What is being sent just now may still arrive; if it does not, it is not tried again. Its
    one-time link, though, is made under the row's lock and only while it is not dropped.
    """
    only = [OutgoingMail.token_purpose.is_not(None)] if with_link else []
    being_sent = and_(OutgoingMail.lease.is_not(None), OutgoingMail.due_at > now)
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.about == about, OutgoingMail.state == MailState.WAITING, *only)
        .values(
            void_reason=reason,
            state=case((being_sent, MailState.WAITING), else_=MailState.VOID),
        )
        .execution_options(synchronize_session=False)
    )


def has_key_like(beginning: str) -> bool:
    """Tell whether a mail has been written whose key begins so."""
    found = select(OutgoingMail.id).where(
        OutgoingMail.dedupe_key.startswith(beginning, autoescape=True)
    )
    return db.session.scalar(found.limit(1)) is not None


def hold_back(about: str) -> set[str]:
    """Keep what waits about a subject from leaving before the commit; return its kinds."""
    kinds = db.session.scalars(
        select(OutgoingMail.kind)
        .where(
            OutgoingMail.about == about,
            OutgoingMail.state == MailState.WAITING,
            OutgoingMail.void_reason.is_(None),
            OutgoingMail.lease.is_(None),
        )
        .with_for_update()
    )
    return set(kinds)


def last_told(about: str, kinds: tuple[str, ...], now: datetime) -> int | None:
    """Return the newest revision of which a mail of `kinds` has left, or is leaving now.

    Call it after `void`, which waits for a worker that claims one of these mails at this moment.
    """
    is_leaving = and_(OutgoingMail.lease.is_not(None), OutgoingMail.due_at > now)
    has_left = OutgoingMail.state.in_((MailState.SENT, MailState.FAILED, MailState.PARKED))
    return db.session.scalar(
        select(func.max(OutgoingMail.about_revision)).where(
            OutgoingMail.about == about,
            OutgoingMail.kind.in_(kinds),
            or_(has_left, is_leaving, OutgoingMail.void_reason == REFUSED),
        )
    )


# What mails are about that name their person, whatever address they went to: these are not its
# owner's, who may have come to it later or share it.
NAMED = ("booking", "enrolment", "repeat", "waiting", "class", "account")


def is_about_nobody_else() -> ColumnElement[bool]:
    """Of the mails to an address: those that are about nothing but the address."""
    return and_(*(OutgoingMail.about.not_like(f"{subject}:%") for subject in NAMED))


def is_dropped(mail_id: int) -> bool:
    """Tell whether a mail that is being sent has been dropped meanwhile; its row is locked."""
    mail = db.session.get_one(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
    return mail.void_reason is not None


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
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.erase_at.is_(None),
            or_(
                OutgoingMail.to_address.in_(addresses) & is_about_nobody_else(),
                OutgoingMail.person_id.in_(person_ids),
                OutgoingMail.about.in_(abouts),
            ),
        )
        .values(erase_at=now)
        .execution_options(synchronize_session=False)
    )


def erase(now: datetime) -> None:
    """Blank what `erase_later` has marked: that a mail went stays, what it said does not."""
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.erase_at <= now,
            OutgoingMail.state != MailState.WAITING,
            OutgoingMail.to_address != "",
        )
        .values(
            to_address="", subject="", body_text="", body_html="", calendar_text=None,
            last_error=None,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
