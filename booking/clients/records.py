"""What the clients' list keeps about people: exported, and taken away with them.

A private note is about a person and theirs to know, but not their family's: the file that an
account's owner takes out holds the notes about themselves and about minors; of another adult in
the account the studio gives it to that person when they ask.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select

from booking.accounts.models import Person
from booking.accounts.records import Part, Table, Whose
from booking.clients.models import ClientNote, Flag, PersonFlag, PersonMerge, TwoPeople
from booking.database import db


def _notes(whose: Whose) -> ColumnElement[bool]:
    own = select(Person.id).where(
        Person.id.in_(whose.person_ids),
        or_(Person.is_holder.is_(True), Person.guardian_id.is_not(None)),
    )
    return ClientNote.person_id.in_(own)


def _merges(whose: Whose) -> ColumnElement[bool]:
    return or_(
        PersonMerge.kept_id.in_(whose.person_ids), PersonMerge.other_id.in_(whose.person_ids)
    )


def _pairs(whose: Whose) -> ColumnElement[bool]:
    return or_(TwoPeople.one_id.in_(whose.person_ids), TwoPeople.other_id.in_(whose.person_ids))


def _flag_name(row: PersonFlag) -> str:
    return db.session.get_one(Flag, row.flag_id).name


def _erase(whose: Whose, _now: datetime) -> None:
    for model, belongs in (
        (ClientNote, ClientNote.person_id.in_(whose.person_ids)),
        (PersonFlag, PersonFlag.person_id.in_(whose.person_ids)),
        (PersonMerge, _merges(whose)),
        (TwoPeople, _pairs(whose)),
    ):
        db.session.execute(
            delete(model).where(belongs).execution_options(synchronize_session=False)
        )


# Without subjects: the trail of notes, flags and blocks is the studio's own.
PART = Part(
    tables=(
        Table(ClientNote, _notes),
        Table(
            PersonFlag,
            lambda whose: PersonFlag.person_id.in_(whose.person_ids),
            words={"flag": _flag_name},
        ),
        Table(PersonMerge, _merges, for_programs=frozenset({"moved", "filled"})),
        Table(TwoPeople, _pairs),
    ),
    erase=_erase,
)
