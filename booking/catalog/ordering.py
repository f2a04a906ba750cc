"""In which order things are shown, and which are archived: nothing of the catalog is deleted.

Archiving changes what is offered from now on. What is booked stays as it was agreed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.changes import Kept, live_kind, subject
from booking.catalog.models import Category, Service
from booking.database import db
from booking.domain.errors import KindInUse


def place(row: Kept, before_id: int, actor: Actor, now: datetime) -> tuple[int, int, int]:
    """Put a row before another of its list, at the end when that is none of it.

    Returns where it was and is, counted from 1, and of how many. Who looks at an older list says
    which row they want it before, so it comes to stand where they mean it.
    """
    shown = _shown_with(row)
    was = shown.index(row)
    rest = [one for one in shown if one is not row]
    wanted = next((place for place, one in enumerate(rest) if one.id == before_id), len(rest))
    if before_id == row.id:
        wanted = was
    for position, one in enumerate([*rest[:wanted], row, *rest[wanted:]], 1):
        if one.position != position:
            one.position = position
    if wanted != was:
        audit.record(actor, subject(row), "ordered", now, was=was + 1, to=wanted + 1)
    db.session.flush()
    return was + 1, wanted + 1, len(shown)


def _shown_with(row: Kept) -> Sequence[Any]:
    """Return the live rows of the list that a row stands in, locked, in their order."""
    model = type(row)
    query = select(model).where(model.is_archived.is_(False))
    if isinstance(row, Service):
        query = query.where(Service.category_id == row.category_id)
    query = query.order_by(model.id).with_for_update(key_share=True)
    found = db.session.scalars(query.execution_options(populate_existing=True)).all()
    live = found if row in found else [*found, row]
    return sorted(live, key=lambda one: (one.position, one.id))


def archive(row: Kept, actor: Actor, now: datetime) -> None:
    """Offer a locked row no longer. Raises KindInUse for a kind of work that has services."""
    if isinstance(row, Category):
        live = select(Service.name).where(
            Service.category_id == row.id, Service.is_archived.is_(False)
        )
        if names := db.session.scalars(live.order_by(Service.position)).all():
            raise KindInUse(names=", ".join(names))
    _turn(row, True, actor, now)


def bring_back(row: Kept, actor: Actor, now: datetime) -> None:
    """Offer a locked row again, at the end of its list. Raises KindArchived for a service."""
    if isinstance(row, Service):
        live_kind(row.category_id)
    if _turn(row, False, actor, now):
        place(row, 0, actor, now)


def _turn(row: Kept, is_archived: bool, actor: Actor, now: datetime) -> bool:
    """Archive it or bring it back; tell whether it was not so already, as after a second press."""
    if row.is_archived is is_archived:
        return False
    row.is_archived = is_archived
    db.session.flush()
    audit.record(actor, subject(row), "archived" if is_archived else "brought_back", now)
    return True
