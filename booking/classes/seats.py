"""The only writer of `taken`: how places of a class are taken and given back.

Whether there is a place is decided by the UPDATE that takes it, and held by a CHECK.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import CursorResult, case, select, update

from booking.classes.models import ClassSession, SessionState
from booking.database import db
from booking.domain.errors import ClassFull, TooFewPlaces


def lock(session_ids: Iterable[int]) -> Sequence[ClassSession]:
    """Wait for one's turn at these classes, until the transaction ends; in one order for all.

    The UPDATE alone never sells a place twice. The line is for what must be decided together:
    who waits, who is offered what, and whether a whole term has room.
    """
    return db.session.scalars(
        select(ClassSession)
        .where(ClassSession.id.in_(set(session_ids)))
        .order_by(ClassSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def take(session: ClassSession, places: int) -> None:
    """Take `places` at once, all or none. Raises ClassFull."""
    result = db.session.execute(
        update(ClassSession)
        .where(
            ClassSession.id == session.id,
            ClassSession.state == SessionState.PLANNED,
            ClassSession.taken + places <= ClassSession.capacity,
        )
        .values(taken=ClassSession.taken + places)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise ClassFull
    db.session.refresh(session)


def squeeze_in(session: ClassSession) -> None:
    """Take one place more than there are, when there is none: somebody on the spot decided so."""
    over = ClassSession.taken + 1 - ClassSession.capacity
    _write(session, taken=ClassSession.taken + 1, overbooked=case((over > 0, over), else_=0))


def give_back(session: ClassSession, places: int = 1) -> None:
    """Give places back; what was overbooked shrinks first."""
    over = ClassSession.taken - places - ClassSession.capacity
    _write(session, taken=ClassSession.taken - places, overbooked=case((over > 0, over), else_=0))


def resize(session: ClassSession, capacity: int, *, may_overbook: bool) -> None:
    """Change how many places there are.

    Fewer than are taken only as an overbooking that somebody means. Raises TooFewPlaces.
    """
    if session.taken > capacity and not may_overbook:
        raise TooFewPlaces(taken=session.taken)
    over = ClassSession.taken - capacity
    _write(session, capacity=capacity, overbooked=case((over > 0, over), else_=0))


def clear(session: ClassSession) -> None:
    """Give all places back: the class does not take place."""
    _write(session, taken=0, overbooked=0)


def _write(session: ClassSession, **values: object) -> None:
    db.session.execute(
        update(ClassSession)
        .where(ClassSession.id == session.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(session)
