"""Changing what is offered. Nothing here touches a booking: those carry copies of their terms.

Callers give `now`, lock the row first with `lock`, own the transaction and commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.catalog.models import Audience, Category, Practitioner, Room, Service, ServiceOption
from booking.database import db
from booking.domain import names
from booking.domain.errors import KindArchived, NameTaken

Kept = Category | Service | Practitioner | Room
K = TypeVar("K", Category, Service, Practitioner, Room)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of a service as it was typed; without an id it is a new one. Money is cents."""

    id: int | None
    minutes: int
    price_cents: int
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A service as somebody wants it, its lengths in order."""

    category_id: int
    texts: dict[str, str]
    before_minutes: int
    after_minutes: int
    is_hidden: bool
    is_hands_on: bool
    audience: Audience
    practitioner_ids: frozenset[int]
    room_ids: frozenset[int]
    lengths: tuple[Length, ...]


def subject(row: Kept) -> str:
    """How audit rows name a row of the catalog."""
    return f"{row.__tablename__}:{row.id}"


def lock(model: type[K], row_id: int) -> K:
    """Wait for one's turn to change a row, and read it again.

    Whoever books what it offers need not wait for that: the key stays as it is.
    """
    return db.session.get_one(
        model, row_id, with_for_update={"key_share": True}, populate_existing=True
    )


def lock_services() -> None:
    """Wait for one's turn at all services: who changes who gives them from the other side."""
    db.session.execute(select(Service.id).order_by(Service.id).with_for_update(key_share=True))


def add_service(plan: Plan, actor: Actor, now: datetime) -> Service:
    """Add a service at the end of its kind of work. Raises NameTaken, KindArchived."""
    kind = live_kind(plan.category_id)
    service = Service(category_id=kind.id, position=_end_of(kind))
    _write(service, plan)
    _add(service, actor, now)
    _link(service, plan)
    return service


def change_service(service: Service, plan: Plan, actor: Actor, now: datetime) -> None:
    """Make a locked service what was planned; its address stays. Raises NameTaken, KindArchived."""
    _refuse_name(service, plan.texts["name"])
    if plan.category_id != service.category_id:
        kind = live_kind(plan.category_id)
        service.category_id, service.position = kind.id, _end_of(kind)
    was = _lengths_of(service), _ids(service.practitioners), _ids(service.rooms)
    _write(service, plan)
    fields = _changed(service)
    _link(service, plan)
    lengths, givers, rooms = _lengths_of(service), _ids(service.practitioners), _ids(service.rooms)
    fields += ["practitioners"] if givers != was[1] else []
    fields += ["rooms"] if rooms != was[2] else []
    details = {"was": was[0], "to": lengths} if lengths != was[0] else {}
    if fields or details:
        audit.record(actor, subject(service), "changed", now, fields=fields, **details)


def _write(service: Service, plan: Plan) -> None:
    for name, text in plan.texts.items():
        setattr(service, name, text)
    service.before_minutes, service.after_minutes = plan.before_minutes, plan.after_minutes
    service.is_hidden = plan.is_hidden
    service.is_hands_on, service.audience = plan.is_hands_on, plan.audience


def _link(service: Service, plan: Plan) -> None:
    """Write who gives it, where, and its lengths."""
    service.practitioners = _chosen(Practitioner, plan.practitioner_ids)
    service.rooms = _chosen(Room, plan.room_ids)
    known = {option.id: option for option in service.options}
    for position, length in enumerate(plan.lengths):
        option = known.get(length.id or 0) or ServiceOption(service_id=service.id)
        option.minutes, option.price_cents = length.minutes, length.price_cents
        option.is_archived, option.position = length.is_archived, position
        db.session.add(option)
    db.session.flush()
    db.session.expire(service, ["options", "category"])


def _chosen(model: type[K], ids: Iterable[int]) -> list[K]:
    return list(db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))


def _ids(rows: Iterable[Kept]) -> set[int]:
    return {row.id for row in rows}


def _lengths_of(service: Service) -> list[str]:
    """The lengths that are offered, for the trail: minutes and cents, as 60/9500."""
    return [f"{one.minutes}/{one.price_cents}" for one in service.options if not one.is_archived]


def live_kind(category_id: int) -> Category:
    """Return a kind of work, locked. Raises KindArchived when it is no longer offered."""
    kind = lock(Category, category_id)
    if kind.is_archived:
        raise KindArchived(name=kind.name)
    return kind


def add(row: K, values: dict[str, Any], actor: Actor, now: datetime) -> K:
    """Add a kind of work, a practitioner or a room at the end of its list. Raises NameTaken."""
    model = type(row)
    row.position = (db.session.scalar(select(func.max(model.position))) or 0) + 1
    for name, value in values.items():
        setattr(row, name, value)
    _add(row, actor, now)
    return row


def change(row: Kept, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Write what was typed into a locked row; its address stays. Raises NameTaken."""
    if "name" in values:
        _refuse_name(row, values["name"])
    for name, value in values.items():
        setattr(row, name, value)
    if fields := _changed(row):
        audit.record(actor, subject(row), "changed", now, fields=fields)
    db.session.flush()


def give(row: Practitioner | Room, service_ids: Iterable[int], actor: Actor, now: datetime) -> None:
    """Let these be the live services of somebody, or of a room; archived ones stay as they are.

    Call `lock_services` before the row is locked.
    """
    kept = [one for one in row.services if one.is_archived]
    wanted = [one for one in _chosen(Service, service_ids) if not one.is_archived]
    if _ids(row.services) == _ids([*kept, *wanted]):
        return
    row.services = [*kept, *wanted]
    db.session.flush()
    audit.record(actor, subject(row), "changed", now, fields=["services"])


def _add(row: Kept, actor: Actor, now: datetime) -> None:
    _refuse_name(row, row.name)
    row.slug = _free_slug(type(row), row.name)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:  # Somebody else was a moment faster with this name.
        raise NameTaken(name=row.name) from error
    audit.record(actor, subject(row), "created", now)


def _refuse_name(row: Kept, name: str) -> None:
    """Raise NameTaken when another of its kind is called so, whatever capitals and accents."""
    model, wanted = type(row), names.fold(name)
    with db.session.no_autoflush:
        others = db.session.execute(select(model.id, model.name)).all()
    if any(one.id != row.id and names.fold(one.name) == wanted for one in others):
        raise NameTaken(name=name)


def _free_slug(model: type[Kept], name: str) -> str:
    """Return the address of a new row, numbered when another has it; it never changes again."""
    wanted = names.slug(name, 50) or model.__tablename__
    with db.session.no_autoflush:
        known = db.session.scalars(select(model.slug).where(model.slug.startswith(wanted)))
        return names.free_slug(wanted, set(known))


def _end_of(kind: Category) -> int:
    """Return the position after all services of a kind of work."""
    last = select(func.max(Service.position)).where(Service.category_id == kind.id)
    return (db.session.scalar(last) or 0) + 1


def _changed(row: Kept) -> list[str]:
    """Return the names of the columns that are about to be written."""
    state = inspect(row)
    return sorted(
        column.key
        for column in state.mapper.column_attrs
        if state.attrs[column.key].history.has_changes()
    )
