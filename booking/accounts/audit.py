"""The audit trail: one row for each change of state, never changed, never deleted."""

from dataclasses import dataclass
from datetime import datetime

from booking.accounts.models import Audit
from booking.database import db


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


def record(actor: Actor, subject: str, action: str, now: datetime, **details: object) -> None:
    """Add the row in the caller's transaction.

    `subject` is for example ``booking:17``; `details` say what was and what is now. Personal
    fields are named there, their values never written, so that erasing a person stays whole.
    """
    db.session.add(Audit(actor=str(actor), subject=subject, action=action, at=now, details=details))
