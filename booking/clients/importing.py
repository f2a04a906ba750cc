"""Taking clients in from a list: what each line would do is said first, and done in one go.

A list never changes what is there: it adds who is missing and fills what is empty, and of
whoever has an account it changes nothing. So the same list once more does nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.clients import columns
from booking.clients.columns import Field, Line
from booking.clients.models import ClientImport, ClientNote
from booking.columns import clean_text
from booking.database import db
from booking.domain.client_errors import ImportDone, NoNames, NotAList
from booking.domain.errors import sentence
from booking.domain.names import fold
from booking.web.fields import LONGEST_ADDRESS, plain_email, plain_phone

KEPT = timedelta(days=1)
# After how many lines the progress is told.
STEP = 250
LONGEST_NAME, LONGEST_NOTE = 120, 5000


class What(StrEnum):
    ADD = "add"
    FILL = "fill"  # Known; something that was empty is filled.
    LEAVE = "leave"  # Known, and nothing is missing.
    FAULT = "fault"  # Left out.


@dataclass(slots=True)
class Planned:
    """What one line of a list would do; `remark` is a sentence to be translated, with values."""

    line: int
    what: What
    name: str
    email: str | None = None
    phone: str | None = None
    note: str = ""
    person_id: int | None = None
    fills: tuple[str, ...] = ()
    remark: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Known:
    """One client as a list is compared with them; `line` is set for those of the list itself."""

    name: str
    email: str | None
    phone: str | None
    id: int | None = None
    has_account: bool = False
    has_note: bool = False
    line: int | None = None


class Book:
    """Everybody who is known, found by address, by number and name, or by name."""

    def __init__(self, known: Sequence[Known]):
        self.by_email: dict[str, list[Known]] = defaultdict(list)
        self.by_phone: dict[tuple[str, str], Known] = {}
        self.by_name: dict[str, Known] = {}
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        if one.email:
            self.by_email[one.email].append(one)
        if one.phone:
            self.by_phone.setdefault((one.phone, one.name), one)
        self.by_name.setdefault(one.name, one)

    def find(self, name: str, email: str | None, phone: str | None) -> Known | None:
        """Return who is meant: by the address, else by number and name.

        Of several who share an address, who has the name. A name alone is enough only where the
        list says nothing else.
        """
        sharing = self.by_email.get(email or "", [])
        if sharing:
            return next((one for one in sharing if one.name == name), sharing[0])
        if phone and (found := self.by_phone.get((phone, name))):
            return found
        return self.by_name.get(name) if not email and not phone else None


def begin(lines: list[Line], actor: Actor, now: datetime) -> ClientImport:
    """Keep a list until it is taken in, with a guess at its columns. Raises NotAList."""
    if len(lines) < 2:
        raise NotAList  # Nobody stands below its headings.
    guessed = columns.guess(lines[0][1])
    kept = ClientImport(
        begun_by_id=actor.account_id,
        begun_at=now,
        lines=lines,
        columns=guessed,
        has_headings=any(guessed),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def is_named(kept: ClientImport) -> bool:
    return columns.has_name([Field(one) for one in kept.columns])


def choose_columns(kept: ClientImport, chosen: list[str], *, has_headings: bool) -> None:
    """Say what the columns hold. Raises NoNames."""
    if not columns.has_name([Field(one) for one in chosen]):
        raise NoNames
    kept.columns, kept.has_headings = chosen, has_headings


def plan(kept: ClientImport, country: str) -> list[Planned]:
    """Say what each line would do, in two selects; numbers without a code are of `country`."""
    book = Book(_known())
    lines = kept.lines[1:] if kept.has_headings else kept.lines
    return [_plan_line(number, cells, kept.columns, book, country) for number, cells in lines]


def _known() -> list[Known]:
    noted = set(db.session.scalars(select(ClientNote.person_id)))
    rows = db.session.execute(
        select(
            Person.id, Person.folded_name, Person.email, Person.phone, Person.account_id,
            Account.email,
        )
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Person.erased_at.is_(None))
        # An account's own address names its people before what a guest typed does.
        .order_by(Person.account_id.is_(None), Person.is_holder.desc(), Person.id)
    )  # fmt: skip
    return [
        Known(name, owned or email, phone, one, account_id is not None, one in noted)
        for one, name, email, phone, account_id, owned in rows
    ]


def _plan_line(
    number: int, cells: list[str], held_by: list[str], book: Book, country: str
) -> Planned:
    row = _read(number, cells, held_by)
    fault = _fault(row, country)
    if fault:
        row.what, row.remark = What.FAULT, fault
        return row
    folded = fold(row.name)[:240]
    known = book.find(folded, row.email, row.phone)
    if known is None:
        book.add(Known(folded, row.email, row.phone, has_note=bool(row.note), line=number))
        return row
    if known.line is not None:
        row.what, row.values = What.FAULT, {"line": known.line}
        row.remark = sentence("this is the same client as line %(line)s")
        return row
    _compare(row, known)
    return row


def _read(number: int, cells: list[str], held_by: list[str]) -> Planned:
    said = {one: columns.cell(held_by, cells, one) for one in Field if one}
    name = said[Field.NAME] or f"{said[Field.FIRST]} {said[Field.LAST]}"
    return Planned(
        number,
        What.ADD,
        " ".join(name.split()),
        said[Field.EMAIL].lower() or None,
        said[Field.PHONE] or None,
        said[Field.NOTE],
    )


def _fault(row: Planned, country: str) -> str:
    """Return what is wrong with a line, and put its address and number into their plain form."""
    if not row.name:
        return sentence("there is no name")
    for text, length in ((row.name, LONGEST_NAME), (row.note, LONGEST_NOTE)):
        if len(text) > length:
            row.values = {"max": length}
            return sentence("this is longer than %(max)s characters")
    try:
        row.name, row.note = clean_text(row.name, LONGEST_NAME), clean_text(row.note)
    except ValueError:
        return sentence("this contains a character we cannot store")
    if row.email:
        is_short = len(row.email) <= LONGEST_ADDRESS
        if (email := plain_email(row.email) if is_short else None) is None:
            return sentence("this does not look like an e-mail address")
        row.email = email.lower()
    if row.phone:
        if (phone := plain_phone(row.phone[:40], country)) is None:
            return sentence("this does not look like a telephone number")
        row.phone = phone
    return ""


def _compare(row: Planned, known: Known) -> None:
    """Say what a line adds to somebody who is there; to an account's people nothing."""
    row.person_id, row.what = known.id, What.LEAVE
    if known.has_account:
        return
    empty = {"email": not known.email, "phone": not known.phone, "note": not known.has_note}
    row.fills = tuple(name for name, is_empty in empty.items() if is_empty and getattr(row, name))
    if not row.fills:
        return
    row.what = What.FILL
    # The next line about them finds it filled.
    known.email, known.phone = known.email or row.email, known.phone or row.phone
    known.has_note = known.has_note or bool(row.note)


def run(import_id: int, country: str, actor: Actor, now: datetime) -> Iterator[tuple[int, int]]:
    """Take a list in, in the caller's one transaction; yields how many lines are done, of how many.

    What the lines do is asked again, of what is there now. Raises ImportDone, NoNames.
    """
    kept = db.session.get(ClientImport, import_id, with_for_update=True, populate_existing=True)
    if kept is None or kept.done_at is not None:
        raise ImportDone
    if not is_named(kept):
        raise NoNames
    planned = [one for one in plan(kept, country) if one.what in (What.ADD, What.FILL)]
    yield 0, len(planned)
    for start in range(0, len(planned), STEP):
        some = planned[start : start + STEP]
        _add([one for one in some if one.what is What.ADD], actor, now)
        _fill([one for one in some if one.what is What.FILL], actor, now)
        yield start + len(some), len(planned)
    kept.done_at, kept.lines = now, kept.lines[:1]
    added = sum(one.what is What.ADD for one in planned)
    audit.record(actor, "clients", "imported", now, added=added, filled=len(planned) - added)
    db.session.flush()


def _add(some: list[Planned], actor: Actor, now: datetime) -> None:
    made = [Person(name=one.name, email=one.email, phone=one.phone, created_at=now) for one in some]
    db.session.add_all(made)
    db.session.flush()
    for row, person in zip(some, made, strict=True):
        if row.note:
            db.session.add(ClientNote(person_id=person.id, text=row.note, written_at=now))
        audit.record(actor, person.about, "created", now, imported=True)
    db.session.flush()


def _fill(some: list[Planned], actor: Actor, now: datetime) -> None:
    wanted = [one.person_id for one in some]
    found = {
        one.id: one
        for one in db.session.scalars(
            select(Person).where(Person.id.in_(wanted)).order_by(Person.id).with_for_update()
        )
    }
    for row in some:
        person = found.get(row.person_id or 0)
        if person is None:
            continue
        for name in row.fills:
            if name == "note":
                db.session.add(ClientNote(person_id=person.id, text=row.note, written_at=now))
            else:
                setattr(person, name, getattr(row, name))
        audit.record(actor, person.about, "changed", now, fields=list(row.fills), imported=True)
    db.session.flush()


def sweep(now: datetime) -> None:
    """Forget lists a day after they came."""
    db.session.execute(
        delete(ClientImport)
        .where(ClientImport.begun_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )
