"""Who is new here, and what holds for them: their notice and hours, approval, what they may book.

Somebody is known once a session of theirs, or of anybody in their account, has taken place. A
guest is always new: an address that nobody has proved tells nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import ColumnElement, select

from booking.accounts.models import Account, Person
from booking.bookings.models import Booking, Status
from booking.catalog.models import Audience, Service, ServiceInvitation
from booking.database import db
from booking.domain.errors import NotForYou
from booking.domain.policies import Policy
from booking.practice.models import Practice

# A session that is over and was never marked took place, as far as anybody knows.
TOOK_PLACE = (Status.BOOKED, Status.ARRIVED)


@dataclass
class Visitor:
    """Somebody who looks for a time, as the rules see them; the database is asked when needed."""

    account_id: int | None
    practice: Practice
    now: datetime

    @cached_property
    def is_new(self) -> bool:
        if self.account_id is None:
            return True
        return not _has_been_here(Person.account_id == self.account_id, self.now)

    @property
    def policy(self) -> Policy:
        """The rules about time as they are for this visitor."""
        policy = self.practice.policy
        return policy.for_newcomer() if policy.differs_for_newcomers and self.is_new else policy

    @property
    def needs_approval(self) -> bool:
        """Whether the practitioner is asked before a session is agreed."""
        return self.practice.policy.newcomer.needs_approval and self.is_new

    @cached_property
    def _invited_to(self) -> set[int]:
        if self.account_id is None:
            return set()
        return set(
            db.session.scalars(
                select(ServiceInvitation.service_id)
                .join(Person, Person.id == ServiceInvitation.person_id)
                .where(Person.account_id == self.account_id)
            )
        )

    def may_book(self, service: Service) -> bool:
        """Tell whether a service is offered to this visitor."""
        if service.audience is Audience.EVERYONE:
            return True
        if service.audience is Audience.RETURNING:
            return not self.is_new
        return service.id in self._invited_to

    def require(self, service: Service) -> None:
        """Raise NotForYou for a service that is not offered to this visitor."""
        if not self.may_book(service):
            raise NotForYou


def visitor_of(account: Account | None, practice: Practice, now: datetime) -> Visitor:
    return Visitor(account.id if account else None, practice, now)


def needs_approval(person: Person, practice: Practice, now: datetime) -> bool:
    """Tell whether the practitioner is asked before a session of somebody who waited is agreed."""
    return practice.new_approval and not is_known(person, now)


def is_known(person: Person, now: datetime) -> bool:
    """Tell whether somebody, or anybody in their account, has been here."""
    return _has_been_here(
        Person.id == person.id
        if person.account_id is None
        else Person.account_id == person.account_id,
        now,
    )


def policy_of(person: Person, practice: Practice, now: datetime) -> Policy:
    """Return the rules about time that hold for somebody who has a booking or waits for one."""
    policy = practice.policy
    if not policy.differs_for_newcomers or is_known(person, now):
        return policy
    return policy.for_newcomer()


def _has_been_here(whose: ColumnElement[bool], now: datetime) -> bool:
    found = (
        select(Booking.id)
        .join(Person, Person.id == Booking.person_id)
        .where(whose, Booking.status.in_(TOOK_PLACE), Booking.ends_at <= now)
    )
    return bool(db.session.scalar(select(found.exists())))
