"""Moving by staff: any time, length, practitioner and room, but never over somebody else's time."""

from dataclasses import dataclass, replace
from datetime import datetime

from booking.accounts.audit import Actor
from booking.bookings import agreement, moves
from booking.bookings.messages import Tell
from booking.bookings.models import Booking
from booking.catalog.queries import terms_of
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.errors import PlaceStays
from booking.domain.objections import Objection, objections
from booking.domain.openings import Terms
from booking.domain.policies import Policy
from booking.domain.slots import Demand
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim
from booking.scheduling.queries import load_diary


@dataclass(frozen=True, slots=True)
class Where:
    """When, how long (in minutes), with whom and where a session is to be."""

    starts_at: datetime
    minutes: int
    practitioner_id: int
    room_id: int | None


def where(booking: Booking) -> Where:
    """Return when and where a booking is now."""
    return Where(booking.starts_at, booking.minutes, booking.practitioner_id, booking.room_id)


def terms_for(booking: Booking) -> Terms:
    """Return who gives its service and where, as the catalog says today. Raises PlaceStays."""
    if booking.option is None:
        raise PlaceStays
    return terms_of([booking.option])[booking.option.id]


def against(booking: Booking, wanted: Where, practice: Practice, now: datetime) -> list[Objection]:
    """Return what speaks against the place: reasons for a warning, none for a refusal.

    A time that stays as it is is not objected to.
    """
    if (wanted.starts_at, wanted.minutes, wanted.practitioner_id) == (
        booking.starts_at, booking.minutes, booking.practitioner_id,
    ):  # fmt: skip
        return []
    terms = replace(
        terms_for(booking),
        demand=_demand(booking, wanted),
        practitioner_ids=(wanted.practitioner_id,),
        room_ids=(),
    )
    day = local_date(wanted.starts_at, practice.zone)
    diary = load_diary([terms], day, day, practice.zone, now, moves.own_claims(booking))
    policy: Policy = practice.policy
    return list(objections(wanted.starts_at, wanted.practitioner_id, terms, diary, policy, now))


def move(
    booking_id: int, wanted: Where, tell: bool, actor: Actor, practice: Practice, now: datetime
) -> Booking:
    """Put a session where staff want it; the old time is kept until that can be undone no more.

    With `tell` the client hears of it by mail, unless they know nothing yet: then the
    confirmation that is to come says the new time. Hours and notice are not asked here: see
    `against`. Raises NotLive, PlaceStays, and SlotTaken when somebody else has the time.
    """
    booking = agreement.lock(booking_id)
    agreement.require_booked(booking)
    if booking.is_class:
        raise PlaceStays
    if wanted == where(booking):
        return booking
    claim = db.session.get_one(Claim, booking.claim_id)
    times = times_of(booking, wanted)
    # Both places at once: what is left of the old one is claimed again below.
    calendar.line_up(one.resource_id for one in [*times, *agreement.times(booking)])
    record = moves.remember_place(booking, actor, now)
    record.is_silent = not tell
    calendar.take_again(claim, times, now, _demand(booking, wanted).work(wanted.starts_at))
    booking.practitioner_id, booking.room_id = wanted.practitioner_id, wanted.room_id
    agreement.set_time(booking, wanted.starts_at, wanted.minutes, practice)
    db.session.flush()
    moves.follow_move(
        booking, record, actor, practice, now, Tell.ALWAYS if tell else Tell.NO
    )  # fmt: skip
    return booking


def _demand(booking: Booking, wanted: Where) -> Demand:
    return replace(agreement.demand(booking), minutes=wanted.minutes)


def times_of(booking: Booking, wanted: Where) -> list[calendar.Wanted]:
    """Return the time a booking would take there, with the turnover that was agreed."""
    return calendar.times_for(
        _demand(booking, wanted), wanted.starts_at, wanted.practitioner_id, wanted.room_id
    )
