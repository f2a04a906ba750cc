"""Who and what examples of mails are about: never added to the database, so never kept."""

from datetime import datetime, time, timedelta
from functools import cached_property

from sqlalchemy import select

from booking.accounts.models import Account, Person, Role
from booking.bookings.models import Booking, BookingRepeat, Enrolment, PlaceKind, Status
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.models import Practitioner, Room, Service
from booking.classes.models import ClassSeries, ClassSession, WaitlistMode
from booking.database import db
from booking.domain.availability import instant_of, local_date
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
TEN = time(10)


def newest_booking(kind: str) -> Booking | None:
    """Return the booking of the newest mail of a kind, else the newest; of who can be written to.

    None when there is none that is to hear anything.
    """
    about = db.session.scalar(
        select(OutgoingMail.about)
        .where(OutgoingMail.kind == kind, OutgoingMail.about.startswith("booking:"))
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
    found = db.session.get(Booking, int(about.partition(":")[2])) if about else None
    newest = select(Booking).where(Booking.class_session_id.is_(None))
    found = found or db.session.scalar(newest.order_by(Booking.id.desc()).limit(1))
    if found is None or not found.person.address or found.is_silent:
        return None
    return found if found.practitioner.email else None


class Example:
    """A session in a week, with the names of the practice's own first service and practitioner."""

    def __init__(self, now: datetime):
        self.now = now
        self.person = Person(id=0, name="Ada Bishop", email="ada@example.com")
        self.account = Account(id=0, email="ada@example.com", role=Role.CLIENT)
        # The practice's own names in rows that belong to nothing: a real one would be tied to them.
        first = db.session.scalar(
            select(Practitioner).where(Practitioner.is_archived.is_(False)).limit(1)
        )
        self.practitioner = Practitioner(
            id=0, name=first.name if first else "Lena Hartmann", email="lena@example.com"
        )
        known = db.session.scalar(select(Service).where(Service.is_archived.is_(False)).limit(1))
        self.service = Service(
            id=0,
            slug=known.slug if known else "massage",
            name=known.name if known else "Massage",
            preparation=known.preparation if known else "",
        )
        self.room = Room(id=0, name="Quiet room")
        studio = practice.current()
        day = local_date(now + WEEK, studio.zone)
        self.starts_at = instant_of(datetime.combine(day, TEN), studio.zone)
        self.booking = self._booking(self.starts_at)

    def _booking(self, starts_at: datetime, **more: object) -> Booking:
        studio = practice.current()
        return Booking(
            id=0, revision=1, created_at=self.now, person=self.person, person_id=0,
            service=self.service, service_name=self.service.name,
            practitioner=self.practitioner, practitioner_id=0, room=self.room,
            starts_at=starts_at, ends_at=starts_at + HOUR, zone_name=studio.zone_name,
            local_start=starts_at.astimezone(studio.zone).replace(tzinfo=None),
            status=Status.BOOKED, price_cents=9500, currency=studio.currency,
            cancel_until=starts_at - 24 * HOUR, undo_until=self.now,
            move_until=starts_at - 12 * HOUR, answer_by=self.now + 24 * HOUR, note="",
            is_silent=False, moves=[], **more,
        )  # fmt: skip

    @property
    def late(self) -> Booking:
        """One that begins so soon that it is no longer free to cancel."""
        late = self._booking(self.starts_at)
        late.cancel_until = self.now - HOUR
        return late

    @property
    def series(self) -> tuple[BookingRepeat, list[Booking]]:
        several = [self._booking(self.starts_at + number * 2 * WEEK) for number in range(3)]
        repeat = BookingRepeat(
            id=0, person=self.person, weeks=2, times=3, revision=1, undo_until=self.now
        )
        return repeat, several

    @cached_property
    def class_session(self) -> ClassSession:
        series = ClassSeries(
            id=0, name=self.service.name, service=self.service, waitlist_mode=WaitlistMode.OFFER
        )
        return ClassSession(
            id=0, series=series, practitioner=self.practitioner, room=self.room,
            starts_at=self.starts_at, ends_at=self.starts_at + HOUR,
            zone_name=practice.current().zone_name,
        )  # fmt: skip

    @property
    def enrolment(self) -> Enrolment:
        place = self._booking(self.starts_at, class_session=self.class_session, class_session_id=0)
        return Enrolment(
            id=0, person=self.person, person_id=0, series=self.class_session.series, revision=1,
            kind=PlaceKind.DROP_IN, undo_until=self.now, places=[place],
        )  # fmt: skip

    @property
    def entry(self) -> WaitlistEntry:
        return WaitlistEntry(
            id=0, person=self.person, class_session=self.class_session, class_session_id=0,
            state=Waits.WAITING, until_on=local_date(self.starts_at, practice.current().zone),
        )  # fmt: skip

    @property
    def offer(self) -> Offer:
        return Offer(
            id=0, entry=self.entry, practitioner=self.practitioner, room=self.room, is_time=False,
            starts_at=self.starts_at, state=OfferState.OPEN, made_at=self.now, tell_at=self.now,
            expires_at=self.starts_at - 24 * HOUR,
        )  # fmt: skip
