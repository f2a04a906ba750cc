"""Booking by staff for somebody who calls: any time that is free, whatever is offered.

What speaks against a time is a warning to staff; an overlap is refused by the database, whoever
asks. The caller gives `now`, owns the transaction and commits; nothing here does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.accounts import audit
from booking.accounts.models import Account, Person
from booking.bookings import agreement, messages, operations, reminders, told
from booking.bookings.models import Booking, Status
from booking.bookings.operations import Agreed
from booking.catalog.models import ServiceOption
from booking.catalog.queries import names_of, terms_of
from booking.domain.availability import local_date
from booking.domain.desk_errors import NoRoomFree, NotGivenBy, SpokenAgainst, TimeOccupied
from booking.domain.errors import SlotTaken
from booking.domain.objections import Objection, objections
from booking.domain.openings import Diary, Terms
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind
from booking.scheduling.queries import load_diary

# Finds the client, or writes somebody new down, once it is sure that this is no second press.
Whose = Callable[[], Person]


@dataclass(frozen=True, slots=True)
class Order:
    """What a member of staff books, and for whom; the token is the form's."""

    token: str
    option: ServiceOption
    practitioner_id: int
    whose: Whose
    account: Account
    note: str = ""
    is_silent: bool = False

    def key(self, number: int = 0) -> str:
        """Name the attempt at one session; nobody else's tokens are like it."""
        return f"staff-{self.account.id}-{self.token}-{number}"[:64]

    @property
    def terms(self) -> Terms:
        """The option's terms with this practitioner. Raises NotGivenBy."""
        terms = terms_of([self.option])[self.option.id].only(self.practitioner_id)
        if not terms.practitioner_ids:
            raise NotGivenBy(name=name_of(self.practitioner_id))
        return terms


def name_of(resource_id: int) -> str:
    return names_of({resource_id}).get(resource_id, "")


def find(order: Order) -> Booking | None:
    """Return what this form has become, if it was booked."""
    return operations.find_by_token(order.key())


def book(
    order: Order, start: datetime, practice: Practice, now: datetime, *, all_the_same: bool = False
) -> Booking:
    """Book one session; the same form again gives the same booking.

    Raises NotGivenBy, SpokenAgainst (unless `all_the_same`), TimeOccupied, NoRoomFree.
    """
    terms = order.terms
    line_up(terms)
    if booked := find(order):
        return booked
    day = local_date(start, practice.zone)
    diary = load_diary([terms], day, day, practice.zone, now)
    require_free(order, start, terms, diary)
    against = objections(start, order.practitioner_id, terms, diary, practice.policy, now)
    if against and not all_the_same:
        raise SpokenAgainst(objections=against)
    claim, room = take(order, start, terms, diary, now)
    agreed = Agreed(order.key(), order.option, start, order.practitioner_id, room, claim)
    booking = write(agreed, order, order.whose(), practice, now, against)
    tell(booking, now)
    return booking


def line_up(terms: Terms) -> None:
    """Stand in line for the practitioner and all rooms, so that what is read then stays so."""
    calendar.line_up([*terms.practitioner_ids, *terms.room_ids])


def require_free(order: Order, start: datetime, terms: Terms, diary: Diary) -> None:
    """Raise TimeOccupied when the practitioner has something else then."""
    if not diary.is_free(order.practitioner_id, terms.demand.whole(start)):
        raise TimeOccupied(name=name_of(order.practitioner_id))


def free_rooms(start: datetime, terms: Terms, diary: Diary) -> Sequence[int | None]:
    """Return the rooms that are free for a session, in the studio's order."""
    if not terms.needs_room:
        return [None]
    whole = terms.demand.whole(start)
    return [room for room in terms.room_ids if diary.is_free(room, whole)]


def take(
    order: Order, start: datetime, terms: Terms, diary: Diary, now: datetime
) -> tuple[Claim, int | None]:
    """Take the practitioner's time and a room's. Raises TimeOccupied, NoRoomFree."""
    name = name_of(order.practitioner_id)
    require_free(order, start, terms, diary)
    rooms = free_rooms(start, terms, diary)
    if not rooms:
        raise NoRoomFree(name=name)
    for room in rooms:
        wanted = calendar.times_for(terms.demand, start, order.practitioner_id, room)
        try:
            work = terms.demand.work(start)
            return calendar.claim(ClaimKind.BOOKING, wanted, now, work=work), room
        except SlotTaken:
            continue
    raise TimeOccupied(name=name)


def write(
    agreed: Agreed,
    order: Order,
    person: Person,
    practice: Practice,
    now: datetime,
    against: Sequence[Objection],
    series: Mapping[str, int] | None = None,
) -> Booking:
    """Write the booking with its reminders and the trail; its mails are for whoever calls."""
    booking = operations.write(agreed, person, order.account, practice, now)
    booking.note, booking.is_silent = order.note, order.is_silent
    for name, value in (series or {}).items():
        setattr(booking, name, value)
    actor = audit.actor_of(order.account)
    agreement.note_time(booking, actor)
    reminders.plan(booking, practice, now)
    details = {"despite": [one.value for one in against]} if against else {}
    audit.record(actor, booking.about, "booked", now, to=Status.BOOKED, **details)
    return booking


def tell(booking: Booking, now: datetime) -> None:
    """Tell client and practitioner; neither what is over, nor who has booked it themselves."""
    if booking.starts_at > now:
        messages.confirmed(booking, now)
    if not told.is_own_doing(booking):
        messages.studio_new(booking, now)
