"""Work that failed: its row waits a while, and all the others have their turn before.

A step of the worker says which row it has in hand (`take`). When it fails, the worker writes that
down here (`put_off`), and the step's own select leaves the row out (`is_free`) until it is to be
tried again: after 15 minutes, then 30, 60 and so on, at most a day. Nothing is given up for ever,
for what fails today may succeed with the next version; `flask check` names what keeps failing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText, UTCDateTime
from booking.database import Model, db

FIRST, LONGEST = timedelta(minutes=15), timedelta(days=1)
# So many tries are no passing trouble.
MANY = 5
# After so long without another failure a row is done, or gone.
FORGOTTEN = timedelta(days=7)
# What was given up is told of for so long; what still fails, for as long as it does.
TOLD = timedelta(days=3)

_IN_HAND = "in_hand"
_ADD = text("""
    INSERT INTO setback (step, row_id, tries, again_at) VALUES (:step, :row_id, 0, :now)
    ON CONFLICT (step, row_id) DO NOTHING
""").bindparams(bindparam("now", type_=UTCDateTime()))


class Setback(Model):
    """A row that a step of the worker has failed on, and when it is to be tried again."""

    __tablename__ = "setback"

    step: Mapped[str] = mapped_column(CleanText(20), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tries: Mapped[int]
    again_at: Mapped[datetime] = mapped_column(UTCDateTime())


def is_free(step: str, row_id: Any, now: datetime) -> ColumnElement[bool]:
    """Of the rows of a step (`row_id` is their column): those that need not wait."""
    return ~exists(
        select(Setback.row_id).where(
            Setback.step == step, Setback.row_id == row_id, Setback.again_at > now
        )
    )


def waits(step: str, row_id: int, now: datetime) -> bool:
    """Tell whether a step has failed on this row and is to try it again later."""
    found = db.session.get(Setback, (step, row_id))
    return found is not None and found.again_at > now


def has_failed(step: str, row_id: Any) -> ColumnElement[bool]:
    """Of the rows of a step: those that it has failed on, and has not done since."""
    return exists(select(Setback.row_id).where(Setback.step == step, Setback.row_id == row_id))


def are_told(now: datetime) -> ColumnElement[bool]:
    """Of all setbacks: those that somebody should hear of."""
    return Setback.again_at > now - TOLD


def start() -> None:
    """Have nothing in hand: the next step has not chosen its row yet."""
    db.session.info.pop(_IN_HAND, None)


def take(step: str, row_id: int) -> None:
    """Say which row a step has in hand from now on."""
    db.session.info[_IN_HAND] = (step, row_id)


def succeed() -> None:
    """What was in hand is done: earlier failures of it no longer count."""
    if in_hand := db.session.info.pop(_IN_HAND, None):
        step, row_id = in_hand
        db.session.execute(
            delete(Setback)
            .where(and_(Setback.step == step, Setback.row_id == row_id))
            .execution_options(synchronize_session=False)
        )


def forget(step: str, row_ids: Select[int]) -> None:
    """These rows are nothing to do any more: no failure of theirs counts."""
    db.session.execute(
        delete(Setback)
        .where(Setback.step == step, Setback.row_id.in_(row_ids))
        .execution_options(synchronize_session=False)
    )


def give_up(now: datetime) -> None:
    """What was in hand is too late by now: if it has failed before, that stays known."""
    step, row_id = db.session.info[_IN_HAND]
    if found := db.session.get(Setback, (step, row_id)):
        found.again_at = now
        start()


def put_off(now: datetime) -> bool:
    """Let what was in hand wait, the longer the more often it failed; tell whether it was known."""
    in_hand = db.session.info.get(_IN_HAND)
    if in_hand is None:
        return False
    step, row_id = in_hand
    db.session.execute(_ADD, {"step": step, "row_id": row_id, "now": now})
    found = db.session.get_one(
        Setback, (step, row_id), with_for_update=True, populate_existing=True
    )
    found.again_at = now + min(FIRST * 2 ** min(found.tries, 10), LONGEST)
    found.tries += 1
    return True


def sweep(now: datetime) -> None:
    """Forget failures that have not come back for long."""
    db.session.execute(
        delete(Setback)
        .where(Setback.again_at < now - FORGOTTEN)
        .execution_options(synchronize_session=False)
    )
