"""A client's record: what they have had, the private note, flags, and the block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings import line, waiting
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import WaitlistEntry
from booking.clients.models import ClientNote, Colour, Flag, PersonFlag, subject
from booking.database import db, lock_row
from booking.mail import outbox
from booking.mail.letter_kinds import AFTERWARDS
from booking.mail.models import OutgoingMail
from booking.mail.reasons import Reason
from booking.practice.models import Practice


@dataclass(frozen=True, slots=True)
class Counts:
    """How often somebody was here, or was not; instants are UTC."""

    visits: int
    no_shows: int
    late: int
    next_at: datetime | None
    last_at: datetime | None


def counts(person_id: int, practitioner_id: int | None, now: datetime) -> Counts:
    """Count a client's sessions, of one practitioner or of all.

    A session that is over and was never marked counts as a visit.
    """
    is_over = and_(Booking.status == Status.BOOKED, Booking.ends_at <= now)
    was_here = or_(Booking.status == Status.ARRIVED, is_over)
    is_ahead = and_(Booking.status == Status.BOOKED, Booking.starts_at > now)
    query = select(
        func.count().filter(was_here),
        func.count().filter(Booking.status == Status.NO_SHOW),
        func.count().filter(Booking.status == Status.LATE_CANCELLED),
        func.min(Booking.starts_at).filter(is_ahead),
        func.max(Booking.starts_at).filter(was_here),
    ).where(Booking.person_id == person_id)
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return Counts(*db.session.execute(query).one())


def note_of(person_id: int) -> str:
    """Return the private note; what two records said before they became one stands in order."""
    found = db.session.scalars(
        select(ClientNote.text).where(ClientNote.person_id == person_id).order_by(ClientNote.id)
    )
    return "\n\n".join(found)


def write_note(person: Person, text: str, actor: Actor, now: datetime) -> None:
    """Keep a private note instead of what stood there; nothing written takes it away.

    The caller has locked the person. What it says is never in the trail.
    """
    if text == note_of(person.id):
        return
    db.session.execute(delete(ClientNote).where(ClientNote.person_id == person.id))
    if text:
        db.session.add(ClientNote(person_id=person.id, text=text, written_at=now))
    audit.record(actor, subject(person.id), "note_changed", now)


def flags() -> Sequence[Flag]:
    """Return all flags of the practice by name."""
    return sorted(
        db.session.scalars(select(Flag)), key=lambda flag: (flag.name.casefold(), flag.id)
    )


def flags_of(person_ids: Iterable[int]) -> dict[int, list[Flag]]:
    """Return the flags of each of these clients by name, in one select; without who has none."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(PersonFlag.person_id, Flag)
        .join(Flag, Flag.id == PersonFlag.flag_id)
        .where(PersonFlag.person_id.in_(wanted))
        .distinct()
    )
    found: dict[int, list[Flag]] = {}
    for person_id, flag in rows:
        found.setdefault(person_id, []).append(flag)
    return {
        person_id: sorted(has, key=lambda flag: (flag.name.casefold(), flag.id))
        for person_id, has in found.items()
    }


def give_flags(person: Person, flag_ids: set[int], actor: Actor, now: datetime) -> None:
    """Let a client have these flags and no other."""
    lock_row(person)
    before = {flag.id for flag in flags_of([person.id]).get(person.id, [])}
    wanted = {flag.id for flag in flags()} & flag_ids
    if before == wanted:
        return
    db.session.execute(delete(PersonFlag).where(PersonFlag.person_id == person.id))
    db.session.add_all(PersonFlag(person_id=person.id, flag_id=one) for one in sorted(wanted))
    audit.record(actor, subject(person.id), "flags_changed", now)


def add_flag(name: str, colour: Colour, actor: Actor, now: datetime) -> Flag:
    """Define a flag."""
    flag = Flag(name=name, colour=colour)
    db.session.add(flag)
    db.session.flush()
    audit.record(actor, f"flag:{flag.id}", "created", now)
    return flag


def change_flag(flag: Flag, name: str, colour: Colour, actor: Actor, now: datetime) -> None:
    """Rename or recolour a flag, wherever it is."""
    if (flag.name, flag.colour) != (name, colour):
        flag.name, flag.colour = name, colour
        audit.record(actor, f"flag:{flag.id}", "changed", now)


def remove_flag(flag: Flag, actor: Actor, now: datetime) -> None:
    """Take a flag away from everybody."""
    audit.record(actor, f"flag:{flag.id}", "removed", now)
    db.session.execute(delete(PersonFlag).where(PersonFlag.flag_id == flag.id))
    db.session.delete(flag)


def times_given() -> dict[int, int]:
    """Return how many clients have each flag."""
    rows = db.session.execute(
        select(PersonFlag.flag_id, func.count(PersonFlag.person_id.distinct())).group_by(
            PersonFlag.flag_id
        )
    )
    return dict(rows.all())


def block(person: Person, actor: Actor, practice: Practice, now: datetime) -> None:
    """Take no more bookings of them online; what is booked stays, waiting lists they leave."""
    waits = select(WaitlistEntry.id).where(
        WaitlistEntry.person_id == person.id, WaitlistEntry.state.in_(line.IN_LINE)
    )
    # First the lines, whose classes are locked before any person.
    for entry_id in db.session.scalars(waits.order_by(WaitlistEntry.id)).all():
        waiting.leave(entry_id, actor, practice, now)
    lock_row(person)
    if person.blocked_at is None:
        person.blocked_at = now
        outbox.void_those(
            Reason.UNWANTED,
            now,
            OutgoingMail.person_id == person.id,
            OutgoingMail.kind.in_(AFTERWARDS),
        )
        audit.record(actor, subject(person.id), "blocked", now)


def unblock(person: Person, actor: Actor, now: datetime) -> None:
    """Let them book online again."""
    lock_row(person)
    if person.blocked_at is not None:
        person.blocked_at = None
        audit.record(actor, subject(person.id), "unblocked", now)
