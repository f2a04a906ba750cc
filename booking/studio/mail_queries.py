"""Reading the log of mails: what went to whom, and who may see it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, or_, select, true
from sqlalchemy.orm import defer

from booking.accounts.models import Account, Person, Role
from booking.bookings.models import Booking
from booking.bookings.waiting_models import WaitlistEntry
from booking.catalog.models import Practitioner
from booking.classes.models import ClassSession
from booking.database import db
from booking.domain.names import fold
from booking.mail import health
from booking.mail.models import MailState, OutgoingMail

PAGE = 30
RECENT = 5

# What the list is narrowed to, by the word in its address.
STATES = {
    "waiting": health.IS_WAITING,
    "sent": OutgoingMail.state == MailState.SENT,
    "not-sent": OutgoingMail.state == MailState.VOID,
    "stuck": health.IS_STUCK,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One mail of the list, with the client it is for."""

    mail: OutgoingMail
    person: Person | None


def find(mail_id: int, account: Account) -> OutgoingMail | None:
    """Return a mail that this member of staff may see."""
    return db.session.scalar(
        select(OutgoingMail).where(OutgoingMail.id == mail_id, _visible_to(account))
    )


def search(
    account: Account,
    state: str = "",
    words: str = "",
    person_id: int | None = None,
    before: int | None = None,
    most: int = PAGE,
) -> list[Line]:
    """Return the mails this member of staff may see, the newest first, one more than `most`.

    `before` is the id after which an earlier page ended; words stand in address, name or subject.
    """
    query = (
        select(OutgoingMail, Person)
        .outerjoin(Person, Person.id == OutgoingMail.person_id)
        .where(_visible_to(account), *_named(words))
        .order_by(OutgoingMail.id.desc())
        .limit(most + 1)
        .options(
            defer(OutgoingMail.body_text),
            defer(OutgoingMail.body_html),
            defer(OutgoingMail.calendar_text),
        )
    )
    if state in STATES:
        query = query.where(STATES[state])
    if person_id is not None:
        query = query.where(OutgoingMail.person_id == person_id)
    if before is not None:
        query = query.where(OutgoingMail.id < before)
    return [Line(mail, person) for mail, person in db.session.execute(query)]


def _named(words: str) -> list[ColumnElement[bool]]:
    return [
        or_(
            Person.folded_name.contains(word, autoescape=True),
            OutgoingMail.to_address.icontains(word, autoescape=True),
            OutgoingMail.subject.icontains(word, autoescape=True),
        )
        for word in fold(words).split()
    ]


def _visible_to(account: Account) -> ColumnElement[bool]:
    """Managers see all mails; practitioners those of their own sessions, and their own.

    Sessions that a client has with somebody else are not theirs to know, as on the record. What
    follows a session (something to read, time to come back) is seen by who gave it.
    """
    if account.role is Role.MANAGER:
        return true()
    own = practitioner_ids(account)
    theirs = Booking.practitioner_id.in_(own)
    abouts = (
        _about("booking", Booking.id).where(theirs),
        _about("enrolment", Booking.enrolment_id).where(theirs, Booking.enrolment_id.is_not(None)),
        _about("repeat", Booking.repeat_id).where(theirs, Booking.repeat_id.is_not(None)),
        _about("class", ClassSession.id).where(ClassSession.practitioner_id.in_(own)),
        _about("waiting", WaitlistEntry.id)
        .outerjoin(ClassSession, ClassSession.id == WaitlistEntry.class_session_id)
        .where(or_(WaitlistEntry.practitioner_id.in_(own), ClassSession.practitioner_id.in_(own))),
    )
    return or_(
        *(OutgoingMail.about.in_(one) for one in abouts),
        OutgoingMail.to_address.in_(_addresses(account)),
    )


def _about(name: str, number: Any) -> Any:
    return select(literal(f"{name}:") + cast(number, String))


def practitioner_ids(account: Account) -> Any:
    """Select whom of the practitioners this account is."""
    return select(Practitioner.id).where(Practitioner.account_id == account.id)


def _addresses(account: Account) -> Any:
    """Select where mails to this member of staff go."""
    return (
        select(Practitioner.email)
        .where(Practitioner.account_id == account.id, Practitioner.email.is_not(None))
        .union_all(select(literal(account.email)))
    )
