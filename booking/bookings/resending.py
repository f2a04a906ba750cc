"""A mail once more: as a new one to the present address, or the same one that got stuck.

Only while what it tells still holds: it is judged by what the mail is about, whose row is locked
first, so that nobody calls the session off at the same moment.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from booking.accounts import audit, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings.models import Booking, BookingRepeat, Enrolment, Status
from booking.bookings.waiting_models import WaitlistEntry
from booking.classes.models import ClassSession
from booking.database import db, lock_row
from booking.domain.errors import Refusal
from booking.domain.mail_errors import (
    MailDropped,
    MailNobody,
    MailNotRepeated,
    MailNotStuck,
    MailOutdated,
    MailStillWaits,
    MailWithLink,
)
from booking.mail.health import STUCK
from booking.mail.letter_kinds import kind_of
from booking.mail.models import MailState, OutgoingMail

SENT_AGAIN, OUTDATED = "sent again", "outdated"
# How many stuck mails one press takes up.
MANY = 200


def send_again(mail_id: int, token: str, actor: Actor, now: datetime) -> OutgoingMail:
    """Write the mail anew, to whoever it is for, at their present address; return the new one.

    The same `token` again finds the same mail. Raises a refusal of domain/mail_errors when it
    has not left, was dropped, is outdated, carries a one-time link or has nobody to go to.
    """
    mail = _locked(mail_id)
    key = f"again-{mail.id}-{token}"
    known = db.session.scalar(select(OutgoingMail).where(OutgoingMail.dedupe_key == key))
    if known is not None:
        return known
    judge_again(mail, now)
    address = address_now(mail)
    if not address:
        raise MailNobody
    fresh = OutgoingMail(
        dedupe_key=key, to_address=address, created_at=now, due_at=now,
        **{name: getattr(mail, name) for name in COPIED},
    )  # fmt: skip
    db.session.add(fresh)
    if mail.state in STUCK:  # The new one takes its place.
        mail.state, mail.void_reason = MailState.VOID, SENT_AGAIN
    audit.record(actor, mail.about or f"mail:{mail.id}", "mail_again", now, kind=mail.kind)
    db.session.flush()
    return fresh


COPIED = (
    "kind", "about", "about_revision", "person_id", "subject", "body_text", "body_html",
    "calendar_text", "calendar_method", "token_purpose", "useless_after", "erase_at",
)  # fmt: skip


def retry(mail_id: int, actor: Actor, now: datetime) -> None:
    """Let a mail that got stuck be tried again at once. Raises MailNotStuck, MailOutdated."""
    mail = _locked(mail_id)
    if mail.state not in STUCK:
        raise MailNotStuck
    _judge(mail, now)
    _put_back(mail, now)
    audit.record(actor, mail.about or f"mail:{mail.id}", "mail_retried", now, kind=mail.kind)


def retry_all(actor: Actor, now: datetime) -> tuple[int, int]:
    """Let what got stuck be tried again; return how many are, and how many no longer hold."""
    stuck = select(OutgoingMail.id).where(OutgoingMail.state.in_(STUCK))
    tried = closed = 0
    for mail_id in db.session.scalars(stuck.order_by(OutgoingMail.id).limit(MANY)).all():
        mail = _locked(mail_id)
        if mail.state not in STUCK:
            continue
        try:
            _judge(mail, now)
        except Refusal:
            mail.state, mail.void_reason = MailState.VOID, OUTDATED
            closed += 1
        else:
            _put_back(mail, now)
            tried += 1
    if tried or closed:
        audit.record(actor, "mails", "mail_retried", now, tried=tried, closed=closed)
    return tried, closed


def judge_again(mail: OutgoingMail, now: datetime) -> None:
    """Raise the refusal that says why this mail is not written anew; nothing when it may be."""
    if mail.state is MailState.WAITING:
        raise MailStillWaits
    if mail.state is MailState.VOID or not mail.subject:
        raise MailDropped
    if mail.token_purpose not in (None, tokens.GUEST):
        raise MailWithLink
    if mail.about.partition(":")[0] not in SUBJECTS or kind_of(mail.kind).once:
        raise MailNotRepeated
    person = _person(mail)
    if mail.token_purpose and person is not None and person.account_id is not None:
        raise MailWithLink  # Proved meanwhile: the link in it leads nowhere.
    _judge(mail, now)


def address_now(mail: OutgoingMail) -> str | None:
    """Return where a client is written to today; the studio's own mails go where they went."""
    person = _person(mail)
    return person.address if person is not None else mail.to_address or None


def _person(mail: OutgoingMail) -> Person | None:
    return db.session.get(Person, mail.person_id) if mail.person_id else None


def _put_back(mail: OutgoingMail, now: datetime) -> None:
    mail.state, mail.due_at, mail.attempts, mail.lease = MailState.WAITING, now, 0, None


def _locked(mail_id: int) -> OutgoingMail:
    """Lock what a mail is about, then the mail: in the order of those who call a session off."""
    mail = db.session.get_one(OutgoingMail, mail_id)
    name, _colon, number = mail.about.partition(":")
    subject = db.session.get(SUBJECTS[name][0], int(number)) if name in SUBJECTS else None
    if subject is not None:
        lock_row(subject)
    lock_row(mail)
    return mail


def _judge(mail: OutgoingMail, now: datetime) -> None:
    """Raise MailOutdated when what a mail tells does not hold any more."""
    if mail.useless_after is not None and mail.useless_after <= now:
        raise MailOutdated
    name, _colon, number = mail.about.partition(":")
    if name not in SUBJECTS:
        return
    model, holds = SUBJECTS[name]
    subject = db.session.get(model, int(number))
    if subject is None or not holds(subject, mail, now):
        raise MailOutdated


def _booking_holds(booking: Booking, mail: OutgoingMail, now: datetime) -> bool:
    if kind_of(mail.kind).afterwards:
        return booking.ends_at <= now or not booking.status.is_live
    if booking.starts_at <= now or booking.revision != mail.about_revision:
        return False
    if kind_of(mail.kind).is_off:
        return not booking.status.is_live
    is_asked = mail.kind in ("requested", "studio_request")
    return booking.status is (Status.REQUESTED if is_asked else Status.BOOKED)


def _enrolment_holds(enrolment: Enrolment, mail: OutgoingMail, now: datetime) -> bool:
    return enrolment.revision == mail.about_revision and _all_hold(enrolment.places, now)


def _repeat_holds(repeat: BookingRepeat, mail: OutgoingMail, now: datetime) -> bool:
    bookings = db.session.scalars(select(Booking).where(Booking.repeat_id == repeat.id)).all()
    return repeat.revision == mail.about_revision and _all_hold(bookings, now)


def _all_hold(bookings: Iterable[Booking], now: datetime) -> bool:
    """A mail for several tells each as it was booked: all are so still, and one is ahead."""
    told = [one for one in bookings if one.status is not Status.UNDONE]
    is_as_told = all(
        one.revision == 1 and (one.status is Status.BOOKED or one.starts_at <= now) for one in told
    )
    return is_as_told and any(one.starts_at > now for one in told)


def _class_holds(session: ClassSession, _mail: OutgoingMail, now: datetime) -> bool:
    return session.is_on and session.starts_at > now


def _waiting_holds(entry: WaitlistEntry, mail: OutgoingMail, now: datetime) -> bool:
    if mail.kind == "offer":
        offer = entry.open_offer
        return offer is not None and offer.expires_at > now
    return mail.kind not in ("waiting", "offer_ended") or entry.state.is_open


# What mails may be about, and whether what they tell still holds.
SUBJECTS = {
    "booking": (Booking, _booking_holds),
    "enrolment": (Enrolment, _enrolment_holds),
    "repeat": (BookingRepeat, _repeat_holds),
    "class": (ClassSession, _class_holds),
    "waiting": (WaitlistEntry, _waiting_holds),
}
