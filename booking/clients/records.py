"""What the clients' list keeps about people: exported, and taken away with them.

A private note is about a person and theirs to know, but not their family's: the file that an
account's owner takes out holds the notes about themselves and about minors; of another adult in
the account the studio gives it to that person when they ask.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select

from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.accounts.records import Ahead, Part, Table, Whose
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


def _no_subjects(_whose: Whose) -> list[str]:
    """The trail of notes, flags and blocks is the studio's own."""
    return []


def _nothing_ahead(_whose: Whose, _now: datetime) -> list[Ahead]:
    return []


def _as_it_is(_account: Account, _now: datetime) -> None:
    """What is noted about a guest needs no fitting in."""


def _nothing(_whose: Whose, _actor: Actor, _now: datetime) -> None:
    """Nothing is left open here that would have to be ended first."""


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
    subjects=_no_subjects,
    ahead=_nothing_ahead,
    arrive=_as_it_is,
    settle=_nothing,
    erase=_erase,
)
