"""Who is invited to services that are by invitation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.catalog.models import Audience, Service, ServiceInvitation
from booking.database import db


def services() -> Sequence[Service]:
    """Return the services that are by invitation, by name."""
    return db.session.scalars(
        select(Service)
        .where(Service.audience == Audience.INVITED, Service.is_archived.is_(False))
        .order_by(Service.name, Service.id)
    ).all()


def invited_to(person_id: int) -> set[int]:
    """Return the ids of the services that somebody is invited to."""
    return set(
        db.session.scalars(
            select(ServiceInvitation.service_id).where(ServiceInvitation.person_id == person_id)
        )
    )


def invite(person: Person, service_ids: set[int], actor: Actor, now: datetime) -> None:
    """Invite somebody to these services by invitation and to no other; the person is locked."""
    offered = {one.id for one in services()}
    wanted, has = service_ids & offered, invited_to(person.id)
    gone = (has & offered) - wanted
    db.session.execute(
        delete(ServiceInvitation).where(
            ServiceInvitation.person_id == person.id, ServiceInvitation.service_id.in_(gone)
        )
    )
    for service_id in sorted(wanted - has):
        db.session.add(ServiceInvitation(person_id=person.id, service_id=service_id))
    if gone or wanted - has:
        audit.record(actor, person.about, "invited_to", now, services=sorted(wanted))
    db.session.flush()
