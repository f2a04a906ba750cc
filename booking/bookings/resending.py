"""A mail once more: as a new one to the present address, or the same one that got stuck.

Only while what it tells still holds: it is judged by what the mail is about, whose row is locked
first, so that nobody calls the session off at the same moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.accounts import audit, staff, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Invitation, Person
from booking.bookings.models import Booking, BookingRepeat, Enrolment, Status
from booking.bookings.waiting_models import WaitlistEntry
from booking.classes.models import ClassSession
from booking.database import db, lock_row
from booking.domain.errors import Refusal
from booking.domain.mail_errors import (
    MailAddressRefused,
    MailDropped,
    MailNobody,
    MailNotRepeated,
    MailNotStuck,
    MailOutdated,
    MailStillWaits,
    MailWithLink,
)
from booking.mail import bounces, health
from booking.mail.letter_kinds import kind_of
from booking.mail.models import STUCK, MailState, OutgoingMail
from booking.mail.reasons import Reason

# How many stuck mails one press takes up. What got stuck longer ago than the first page tells of is
# looked at one by one.
MANY = 200


def send_again(mail_id: int, token: str, actor: Actor, now: datetime) -> OutgoingMail:
    """Write the mail anew, to whoever it is for, at their present address; return the new one.

    The same `token` again finds the same mail. Raises a refusal of domain/mail_errors when it
    has not left, was dropped for what it tells, is outdated, carries a one-time link, or has
    nobody to go to who takes mails. Who presses means now: it does not wait for the morning.
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
        mail.state, mail.void_reason = MailState.VOID, Reason.SENT_AGAIN
    audit.record(actor, mail.about or f"mail:{mail.id}", "mail_again", now, kind=mail.kind)
    db.session.flush()
    return fresh


COPIED = (
    "kind", "about", "about_revision", "person_id", "subject", "body_text", "body_html",
    "calendar_text", "calendar_method", "token_purpose", "useless_after", "erase_at",
)  # fmt: skip


def retry(mail_id: int, actor: Actor, now: datetime) -> None:
    """Let a mail that got stuck be tried again at once, at night as well, at the same address.

    Raises MailNotStuck, MailOutdated, MailNobody, MailAddressRefused.
    """
    mail = _locked(mail_id)
    judge_retry(mail, now)
    _put_back(mail, now)
    mail.keeps_quiet = False
    audit.record(actor, mail.about or f"mail:{mail.id}", "mail_retried", now, kind=mail.kind)


def judge_retry(mail: OutgoingMail, now: datetime) -> None:
    """Raise the refusal that says why a mail is not tried again; nothing when it may be."""
    if mail.state not in STUCK:
        raise MailNotStuck
    _judge(mail, now)
    if not mail.to_address:
        raise MailNobody
    _judge_address(mail, mail.to_address)


@dataclass
class Retried:
    """What became of stuck mails: tried again, closed, or left because of their address."""

    tried: int = 0
    closed: int = 0
    left: int = 0


def retry_all(actor: Actor, now: datetime) -> Retried:
    """Let what got stuck lately be tried again, and close what no longer holds.

    What wakes nobody (`keeps_quiet`) still waits for the end of the quiet hours.
    """
    done = Retried()
    for mail_id in _stuck_lately(now):
        mail = _locked(mail_id)
        try:
            judge_retry(mail, now)
        except MailNotStuck:
            continue
        except (MailAddressRefused, MailNobody):
            done.left += 1
        except Refusal:
            mail.state, mail.void_reason = MailState.VOID, Reason.OUTDATED
            done.closed += 1
        else:
            _put_back(mail, now)
            done.tried += 1
    if done.tried or done.closed:
        audit.record(actor, "mails", "mail_retried", now, tried=done.tried, closed=done.closed)
    return done


def _stuck_lately(now: datetime) -> Sequence[int]:
    """Return the stuck mails of the last days, the newest if there are many.

    In the order in which what they are about is locked everywhere: classes before bookings.
    """
    found = db.session.execute(
        select(OutgoingMail.id, OutgoingMail.about)
        .where(OutgoingMail.state.in_(STUCK), OutgoingMail.due_at > now - health.RECENTLY)
        .order_by(OutgoingMail.due_at.desc(), OutgoingMail.id.desc())
        .limit(MANY)
    )
    return [row.id for row in sorted(found, key=lambda row: (row.about[:6] != "class:", row.id))]


def judge_again(mail: OutgoingMail, now: datetime) -> None:
    """Raise the refusal that says why this mail is not written anew; nothing when it may be."""
    if mail.state is MailState.WAITING:
        raise MailStillWaits
    # One that was not sent because of its address is, once that was corrected or lets mails in.
    is_dropped = mail.state is MailState.VOID and mail.void_reason != Reason.REFUSED
    if is_dropped or not mail.subject:
        raise MailDropped
    if mail.token_purpose not in (None, tokens.GUEST):
        raise MailWithLink
    if mail.about.partition(":")[0] not in SUBJECTS or kind_of(mail.kind).once:
        raise MailNotRepeated
    person = _person(mail)
    if mail.token_purpose and person is not None and person.account_id is not None:
        raise MailWithLink  # Proved meanwhile: the link in it leads nowhere.
    _judge(mail, now)
    if address := address_now(mail):
        _judge_address(mail, address)


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


def _judge_address(mail: OutgoingMail, address: str) -> None:
    """Raise MailAddressRefused when the worker would drop the mail for its address."""
    if mail.token_purpose is None and bounces.find(address) is not None:
        raise MailAddressRefused


def _invitation_holds(invitation: Invitation, _mail: OutgoingMail, _now: datetime) -> bool:
    return staff.invited(invitation.about) is not None


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
    "invitation": (Invitation, _invitation_holds),
}
