"""The audit trail: one row for each change of state, never changed, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.accounts.models import Account, Audit
from booking.database import db, write_rows


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, a guest with a link, or the system itself."""

    kind: str
    account_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.account_id}" if self.account_id else self.kind

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"


GUEST = Actor("guest")
SYSTEM = Actor("system")


def kind_of(account: Account) -> str:
    """How the trail speaks of an account that acts."""
    return "staff" if account.role.is_staff else "client"


def actor_of(account: Account | None) -> Actor:
    """Return who acts when `account` is signed in, a guest when nobody is."""
    return Actor(kind_of(account), account.id) if account else GUEST


def record(actor: Actor, subject: str, action: str, now: datetime, **details: object) -> None:
    """Add the row in the caller's transaction.

    `subject` is for example ``booking:17``; `details` say what was and what is now. Personal
    fields are named there, their values never written, so that erasing a person stays whole.
    """
    row = {"actor": str(actor), "subject": subject, "action": action, "at": now, "details": details}
    write_rows(Audit, row)


def of_subjects(subjects: Sequence[str], limit: int = 200) -> Sequence[Audit]:
    """Return what happened to these, the newest first."""
    return db.session.scalars(
        select(Audit).where(Audit.subject.in_(subjects)).order_by(Audit.id.desc()).limit(limit)
    ).all()


PAGE = 30


def page(before: int | None, subject: str | None) -> Sequence[Audit]:
    """Return a page of the whole trail, newest first, of rows older than number `before`."""
    query = select(Audit).order_by(Audit.id.desc()).limit(PAGE)
    if before:
        query = query.where(Audit.id < before)
    if subject:
        query = query.where(Audit.subject == subject)
    return db.session.scalars(query).all()
