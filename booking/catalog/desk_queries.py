"""Reading the catalog for those who change it: all of it, the archived too."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.catalog.models import Category, Practitioner, Room, Service
from booking.database import db


def kinds() -> Sequence[Category]:
    """Return all kinds of work with all their services, in order, in a fixed number of selects."""
    of_services = selectinload(Category.services)
    return db.session.scalars(
        select(Category)
        .order_by(Category.position, Category.id)
        .options(
            of_services.selectinload(Service.options),
            of_services.selectinload(Service.practitioners),
            of_services.selectinload(Service.rooms),
        )
    ).all()


def kinds_alone() -> Sequence[Category]:
    """Return all kinds of work without their services, in order."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.id)).all()


def practitioners() -> Sequence[Practitioner]:
    """Return everybody who gives sessions or did, with their services, in order."""
    return db.session.scalars(
        select(Practitioner)
        .order_by(Practitioner.position, Practitioner.id)
        .options(selectinload(Practitioner.services))
    ).all()


def rooms() -> Sequence[Room]:
    """Return all rooms there are or were, with what is given in them, in order."""
    return db.session.scalars(
        select(Room).order_by(Room.position, Room.id).options(selectinload(Room.services))
    ).all()


def service(service_id: int) -> Service | None:
    """Return a service, archived or not, with all that its form shows."""
    return db.session.scalar(
        select(Service)
        .where(Service.id == service_id)
        .options(
            joinedload(Service.category),
            selectinload(Service.options),
            selectinload(Service.practitioners),
            selectinload(Service.rooms),
        )
    )


def live_services() -> Sequence[Service]:
    """Return the services that are not archived, by kind of work and in order."""
    return db.session.scalars(
        select(Service)
        .join(Service.category)
        .where(Service.is_archived.is_(False))
        .options(
            joinedload(Service.category),
            selectinload(Service.practitioners),
            selectinload(Service.rooms),
        )
        .order_by(Category.position, Service.position, Service.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Lacks:
    """What keeps a service from being offered for times of one's own."""

    length: bool = False
    practitioner: bool = False
    room: bool = False

    def __bool__(self) -> bool:
        return self.length or self.practitioner or self.room


def lacks(service: Service) -> Lacks:
    """Tell what a service lacks. One that has rooms needs one of them; one without needs none."""
    return Lacks(
        length=all(one.is_archived for one in service.options),
        practitioner=all(one.is_archived for one in service.practitioners),
        room=bool(service.rooms) and all(one.is_archived for one in service.rooms),
    )


def only_one(row: Practitioner | Room) -> list[Service]:
    """Return the live services that nobody else gives, or that no other room is there for."""
    found = []
    for one in live_services():
        others = one.practitioners if isinstance(row, Practitioner) else one.rooms
        if {other.id for other in others if not other.is_archived} == {row.id}:
            found.append(one)
    return found
