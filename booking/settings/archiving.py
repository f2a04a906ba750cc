"""Archiving, with what the rooms above the catalog have to say to it."""

from datetime import date, datetime
from typing import Any

from booking.accounts.audit import Actor
from booking.catalog import ordering
from booking.catalog.changes import Kept, lock
from booking.catalog.models import Room
from booking.domain.errors import RoomInUse
from booking.settings.catalog_queries import classes_in


def archive(model: type[Any], row_id: int, today: date, actor: Actor, now: datetime) -> Kept:
    """Offer something no longer; what is booked stays. Raises KindInUse, RoomInUse.

    A service or a practitioner may be archived while their classes go on: somebody may give up
    private sessions and go on teaching. A room in which classes go on may not: new ones would be
    planned in it week after week, in a place that is no longer there.
    """
    row = lock(model, row_id)
    if isinstance(row, Room) and (names := classes_in(row.id, today)):
        raise RoomInUse(names=", ".join(names))
    ordering.archive(row, actor, now)
    return row


def bring_back(model: type[Any], row_id: int, actor: Actor, now: datetime) -> Kept:
    """Offer something again. Raises KindArchived for a service of an archived kind of work."""
    row = lock(model, row_id)
    ordering.bring_back(row, actor, now)
    return row
