"""Writing to everybody in a class: one mail each, nobody sees who else comes."""

from dataclasses import dataclass
from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import class_messages, line
from booking.bookings.class_following import live_places
from booking.classes import queries
from booking.database import db


@dataclass(frozen=True, slots=True)
class Words:
    """What is written; the token makes a second press find the first one's mails."""

    subject: str
    text: str
    token: str


def write_all(
    session_id: int, words: Words, actor: Actor, now: datetime, *, and_waiting: bool
) -> tuple[int, list[str]]:
    """Write to everybody who has a place; return how many mails, and who has no address."""
    session = queries.find(session_id)
    if session is None:
        return 0, []
    persons = [booking.person for booking in live_places(session_id)]
    if and_waiting:
        persons += [entry.person for entry in line.of_session(session_id)]
    persons = list({person.id: person for person in persons}.values())
    if class_messages.was_written(session, words.token):
        return len([one for one in persons if one.address]), []
    silent = [
        person.name
        for person in persons
        if not class_messages.class_message(
            session, person, words.subject, words.text, words.token, now
        )
    ]
    audit.record(actor, session.about, "written", now, people=len(persons) - len(silent))
    db.session.flush()
    return len(persons) - len(silent), silent
