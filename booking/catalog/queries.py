"""Reading the catalog: what is offered, and what a session asks of the calendar."""

from typing import NamedTuple

from sqlalchemy import Boolean, Column, Row, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from booking.catalog.models import (
    Category,
    Practitioner,
    Resource,
    ResourceKind,
    Room,
    Service,
    ServiceOption,
    service_practitioner,
    service_room,
)
from booking.database import db
from booking.domain.openings import Terms
from booking.domain.slots import Demand
from booking.domain.workload import NO_LIMITS, Limits

resources = Resource.__table__
givers = Practitioner.__table__
LIMITS = (
    givers.c.day_sessions,
    givers.c.day_minutes,
    givers.c.week_sessions,
    givers.c.week_minutes,
)

# What nearly every page asks is put together once: that takes longer than to run it.
_VISIBLE = (
    select(Service)
    .join(Service.category)
    .where(Service.is_hidden.is_(False), Service.is_archived.is_(False))
    .options(joinedload(Service.category), selectinload(Service.options))
    .order_by(Category.position, Service.position, Service.id)
)
_BY_SLUG = (
    select(Service)
    .where(Service.slug == bindparam("slug"), Service.is_archived.is_(False))
    .options(joinedload(Service.category), selectinload(Service.options))
)
_OPTION = (
    select(ServiceOption)
    .join(ServiceOption.service)
    .where(
        ServiceOption.id == bindparam("id"),
        ServiceOption.is_archived.is_(False),
        Service.is_archived.is_(False),
    )
    .options(joinedload(ServiceOption.service).joinedload(Service.category))
)
_NAMES = (
    select(Resource.id, Resource.name)
    .where(Resource.id.in_(bindparam("ids", expanding=True)))
    .order_by(Resource.position, Resource.id)
)


def _links(linked: Column[int], *, is_room: bool) -> Select:
    """Select what is linked to services, each with its place in the studio's order."""
    links = linked.table
    return (
        select(
            literal(is_room, Boolean).label("is_room"), links.c.service_id,
            resources.c.position, resources.c.id, resources.c.is_archived, *LIMITS,
        )
        .join(resources, resources.c.id == linked)
        .outerjoin(givers, givers.c.id == resources.c.id)
        .where(links.c.service_id.in_(bindparam("services", expanding=True)))
    )  # fmt: skip


_LINKED = union_all(
    _links(service_practitioner.c.practitioner_id, is_room=False),
    _links(service_room.c.room_id, is_room=True),
)


def visible_services() -> list[Service]:
    """Return the services a client may choose from, with category and options, in order."""
    return list(db.session.scalars(_VISIBLE))


def find_service(slug: str) -> Service | None:
    """Return a service by its address; a hidden one can be found by who knows it."""
    return db.session.scalar(_BY_SLUG, {"slug": slug})


def find_category(slug: str) -> Category | None:
    return db.session.scalar(
        select(Category).where(Category.slug == slug, Category.is_archived.is_(False))
    )


def find_option(option_id: int) -> ServiceOption | None:
    """Return an option that can be booked now, with its service."""
    return db.session.scalar(_OPTION, {"id": option_id})


def live_options(service: Service) -> list[ServiceOption]:
    return [option for option in service.options if not option.is_archived]


def terms_of(options: list[ServiceOption]) -> dict[int, Terms]:
    """Return the terms of options by their id, in one select however many there are."""
    practitioners, rooms = _linked_to({option.service_id for option in options})
    return {option.id: _terms(option, practitioners, rooms) for option in options}


def demand_of(option: ServiceOption) -> Demand:
    """Return the time that a session takes, turnover included."""
    service = option.service
    return Demand(
        option.minutes,
        service.before_minutes,
        service.after_minutes,
        is_hands_on=service.is_hands_on,
    )


class _Linked(NamedTuple):
    """A practitioner or a room that a service has."""

    id: int
    is_archived: bool
    limits: Limits


def _terms(
    option: ServiceOption,
    practitioners: dict[int, list[_Linked]],
    rooms: dict[int, list[_Linked]],
) -> Terms:
    given = practitioners.get(option.service_id, [])
    placed = rooms.get(option.service_id, [])
    return Terms(
        option_id=option.id,
        demand=demand_of(option),
        practitioner_ids=tuple(one.id for one in given if not one.is_archived),
        room_ids=tuple(one.id for one in placed if not one.is_archived),
        # A service whose rooms are all archived needs a room and has none: it is not offered.
        needs_room=bool(placed),
        limits={one.id: one.limits for one in given if one.limits != NO_LIMITS},
    )


def _linked_to(
    service_ids: set[int],
) -> tuple[dict[int, list[_Linked]], dict[int, list[_Linked]]]:
    """Return the practitioners and the rooms linked to each service, in the studio's order."""
    rows = db.session.execute(_LINKED, {"services": sorted(service_ids)}).all()
    given: dict[int, list[_Linked]] = {}
    placed: dict[int, list[_Linked]] = {}
    for row in sorted(rows, key=_in_order):
        is_room, service_id, _position, resource_id, is_archived, *limits = row
        found = placed if is_room else given
        found.setdefault(service_id, []).append(_Linked(resource_id, is_archived, Limits(*limits)))
    return given, placed


def _in_order(row: Row) -> tuple[int, int]:
    return row.position, row.id


def practitioners() -> list[Practitioner]:
    """Return the practitioners who give sessions now, in order."""
    return list(
        db.session.scalars(
            select(Practitioner)
            .where(Practitioner.is_archived.is_(False))
            .order_by(Practitioner.position, Practitioner.id)
        )
    )


def practitioner(practitioner_id: int) -> Practitioner | None:
    """Return a practitioner, archived or not."""
    return db.session.get(Practitioner, practitioner_id)


def names_of(resource_ids: set[int]) -> dict[int, str]:
    """Return the names of practitioners and rooms by id."""
    rows = db.session.execute(_NAMES, {"ids": sorted(resource_ids)})
    return {row.id: row.name for row in rows}


def find_practitioner(slug: str) -> Practitioner | None:
    return db.session.scalar(
        select(Practitioner)
        .where(
            Practitioner.slug == slug,
            Practitioner.kind == ResourceKind.PRACTITIONER,
            Practitioner.is_archived.is_(False),
        )
        .options(selectinload(Practitioner.services).joinedload(Service.category))
    )


def find_room(slug: str) -> Room | None:
    return db.session.scalar(
        select(Room)
        .where(Room.slug == slug, Room.is_archived.is_(False))
        .options(selectinload(Room.services).joinedload(Service.category))
    )


def rooms() -> list[Room]:
    """Return the rooms in use, in order."""
    return list(
        db.session.scalars(
            select(Room).where(Room.is_archived.is_(False)).order_by(Room.position, Room.id)
        )
    )


def practitioner_of(account_id: int) -> Practitioner | None:
    """Return the practitioner who signs in through this account."""
    return db.session.scalar(select(Practitioner).where(Practitioner.account_id == account_id))


def names_by_account() -> dict[int, str]:
    """Return the practitioners' names by the account that runs their calendar."""
    rows = db.session.execute(
        select(Practitioner.account_id, Practitioner.name).where(
            Practitioner.account_id.is_not(None)
        )
    )
    return {account_id: name for account_id, name in rows if account_id is not None}


def practitioners_without_account() -> list[Practitioner]:
    """Return the practitioners whose calendar nobody runs yet."""
    return list(
        db.session.scalars(
            select(Practitioner)
            .where(Practitioner.account_id.is_(None), Practitioner.is_archived.is_(False))
            .order_by(Practitioner.position)
        )
    )
