"""Two records of one person become one, and two again when that was wrong.

All that points to the other is moved to the one that stays. Each value that changes is remembered
with its row, so that an undo moves back what was moved, and leaves with the one that stays what
has come since.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.bookings import reminders
from booking.clients import merged_rows
from booking.clients.merge_rules import FILLED, fillings, refuse
from booking.clients.models import PersonMerge
from booking.database import db
from booking.domain.client_errors import NoLonger, SamePerson, UndoTooOld
from booking.practice.models import Practice

UNDO_DAYS = 30
# What the other's row loses, and gets back.
KEPT_FOR_UNDO = (
    "name", "email", "phone", "locale", "account_id", "guardian_id", "reminder_leads",
)  # fmt: skip


def merge(
    kept_id: int, other_id: int, actor: Actor, practice: Practice, now: datetime
) -> PersonMerge:
    """Make two records one. Raises BothThere, and what `refuse` raises."""
    found = {one.id: one for one in _locked(sorted({kept_id, other_id}))}
    if len(found) < 2:
        raise NoLonger if kept_id != other_id else SamePerson
    kept, other = found[kept_id], found[other_id]
    refuse(kept, other)
    filled = fillings(kept, other)
    if other.blocked_at is not None and kept.blocked_at is None:
        kept.blocked_at = other.blocked_at
        filled["blocked_at"] = ""
    for name in FILLED:
        if name in filled:
            setattr(kept, name, filled[name])
    done = PersonMerge(
        kept_id=kept.id,
        other_id=other.id,
        merged_at=now,
        before={name: getattr(other, name) for name in KEPT_FOR_UNDO}
        | {name: _text(getattr(other, name)) for name in ("consented_at", "blocked_at")},
        filled=filled,
        moved=[*merged_rows.move(kept, other), *merged_rows.bring_wards(kept)],
    )
    _empty(other, now)
    db.session.add(done)
    audit.record(actor, kept.about, "merged", now, other=other.about)
    db.session.flush()
    db.session.expire_all()
    if kept.account is not None and kept.account.reminder_leads is not None:
        # Whose bookings come into an account are reminded as its owner has chosen.
        reminders.plan_anew(kept.account, practice, now)
    return done


def _locked(ids: Sequence[int]) -> Sequence[Person]:
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    return db.session.scalars(
        query.with_for_update(of=Person).execution_options(populate_existing=True)
    ).all()


def _text(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _empty(other: Person, now: datetime) -> None:
    """Leave of the other a row that names nobody, as an erased person's does."""
    other.name = "–"
    other.email = other.phone = other.locale = other.account_id = other.guardian_id = None
    other.consented_at = other.blocked_at = other.reminder_leads = None
    other.erased_at = now


def undo(merge_id: int, actor: Actor, now: datetime) -> tuple[Person, Person]:
    """Make the two records two again, and return them; what has come since stays with the first.

    Raises UndoTooOld.
    """
    done = db.session.get(PersonMerge, merge_id, with_for_update=True, populate_existing=True)
    if done is None or now > done.merged_at + timedelta(days=UNDO_DAYS):
        raise UndoTooOld
    persons = {one.id: one for one in _locked(sorted({done.kept_id, done.other_id}))}
    kept, other = persons[done.kept_id], persons[done.other_id]
    for name in KEPT_FOR_UNDO:
        setattr(other, name, done.before.get(name))
    for name in ("consented_at", "blocked_at"):
        value = done.before[name]
        setattr(other, name, datetime.fromisoformat(value) if value else None)
    if other.guardian_id is not None and db.session.get(Person, other.guardian_id) is None:
        other.guardian_id = None
    other.erased_at = None
    _take_fillings_back(kept, done)
    db.session.flush()
    for change in reversed(done.moved):
        merged_rows.move_back(change, done.kept_id)
    db.session.delete(done)
    audit.record(actor, kept.about, "unmerged", now, other=other.about)
    db.session.flush()
    db.session.expire_all()
    return kept, other


def _take_fillings_back(kept: Person, done: PersonMerge) -> None:
    for name, value in done.filled.items():
        if name == "blocked_at":
            kept.blocked_at = None
        elif getattr(kept, name) == value:
            setattr(kept, name, None)


def merges(now: datetime, kept_id: int | None = None) -> Sequence[tuple[PersonMerge, Person]]:
    """Return the merges that can be undone with who stayed, the newest first."""
    query = (
        select(PersonMerge, Person)
        .join(Person, Person.id == PersonMerge.kept_id)
        .where(PersonMerge.merged_at >= now - timedelta(days=UNDO_DAYS))
        .order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc())
        .limit(200)
    )
    if kept_id is not None:
        query = query.where(PersonMerge.kept_id == kept_id)
    return [(merge, kept) for merge, kept in db.session.execute(query)]


def went_to(person_id: int) -> int | None:
    """Return with whom a record has become one."""
    return db.session.scalar(
        select(PersonMerge.kept_id)
        .where(PersonMerge.other_id == person_id)
        .order_by(PersonMerge.id.desc())
        .limit(1)
    )


def sweep(now: datetime) -> None:
    """Forget what an undo would need once there is none any more."""
    db.session.execute(
        delete(PersonMerge)
        .where(PersonMerge.merged_at < now - timedelta(days=UNDO_DAYS))
        .execution_options(synchronize_session=False)
    )
