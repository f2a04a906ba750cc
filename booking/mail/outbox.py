"""The outbox: rows that become mails, each at least once and hardly ever twice.

How a worker takes them out of it is in `claims`.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select

from booking.database import db, write_rows
from booking.mail.envelopes import Envelope, Letter
from booking.mail.letter_kinds import KINDS
from booking.mail.models import MailState, OutgoingMail
from booking.mail.reasons import Reason

_MAILS: Table = OutgoingMail.__table__  # pyright: ignore[reportAssignmentType]

# Stands in the stored texts where a one-time link belongs: the link is made while sending and
# never kept, so the log shows this instead.
ONE_TIME_LINK = "https://one-time-link.invalid/"


def enqueue(
    envelope: Envelope, letter: Letter, now: datetime, not_before: datetime | None = None
) -> None:
    """Write the mail in the caller's transaction; it goes out at `not_before` (or `now`)."""
    write_rows(
        OutgoingMail,
        {
            "dedupe_key": envelope.key,
            "kind": envelope.kind,
            "about": envelope.about,
            "about_revision": envelope.about_revision,
            "person_id": envelope.person_id,
            "to_address": envelope.address,
            "token_purpose": envelope.token_purpose,
            "unsubscribe_url": envelope.unsubscribe_url,
            "bundle": envelope.bundle,
            "erase_at": envelope.erase_at,
            "subject": " ".join(letter.subject.split()),
            "body_text": letter.text,
            "body_html": letter.html,
            "calendar_text": letter.calendar_text,
            "calendar_method": letter.calendar_method,
            "created_at": now,
            "due_at": not_before or now,
            "useless_after": envelope.useless_after,
            "keeps_quiet": KINDS[envelope.kind].quiet,
        },
    )


def void(
    about: str, reason: Reason, now: datetime, *, with_link: bool = False, kind: str = ""
) -> None:
    """Drop what still waits about a subject; of it only what has a one-time link, or one kind.

    What is being sent just now may still arrive, and counts as told; if it does not, it is not
    tried again. A one-time link, though, is made under the row's lock and only while its mail is
    not dropped, and a worker asks once more before it hands over a reminder.
    """
    only = [OutgoingMail.token_purpose.is_not(None)] if with_link else []
    only += [OutgoingMail.kind == kind] if kind else []
    void_those(reason, now, OutgoingMail.about == about, *only)


def void_those(reason: Reason, now: datetime, *only: ColumnElement[bool]) -> None:
    """Drop what still waits and fulfils all of `only`, as `void` does."""
    being_sent = and_(OutgoingMail.lease.is_not(None), OutgoingMail.due_at > now)
    db.session.flush()
    db.session.execute(
        _MAILS.update()
        .where(OutgoingMail.state == MailState.WAITING, *only)
        .values(
            void_reason=reason,
            state=case((being_sent, MailState.WAITING), else_=MailState.VOID),
        )
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
            or_(has_left, is_leaving, OutgoingMail.void_reason == Reason.REFUSED),
        )
    )


def is_useful(now: datetime) -> ColumnElement[bool]:
    """Of the mails that wait: those that still help somebody."""
    return or_(OutgoingMail.useless_after.is_(None), OutgoingMail.useless_after > now)


def why_dropped(mail_id: int, *, lock: bool = False) -> str | None:
    """Return why a mail that is being sent was dropped meanwhile, None when it was not.

    With `lock` its row is locked, and it is not dropped before the caller's transaction ends.
    """
    query = select(OutgoingMail.void_reason).where(OutgoingMail.id == mail_id)
    return db.session.scalar(query.with_for_update() if lock else query)
