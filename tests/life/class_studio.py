"""The real class of the machine: the same presses as the model's, through the booking code."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking.accounts.audit import GUEST, SYSTEM, Actor
from booking.accounts.models import Account, Person, Role
from booking.bookings import changes, class_changes, class_endings, line, places, series_changes
from booking.bookings import waiting as lines
from booking.bookings.class_changes import Change
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt, Order
from booking.bookings.models import Booking, Enrolment, PlaceKind
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.classes.models import ClassSession, WaitlistMode
from booking.database import db, transact
from booking.mail import claims
from booking.mail.models import MailState, OutgoingMail
from booking.practice import queries as practice
from booking.worker import BATCH
from tests import cast
from tests.cast_classes import plan_class
from tests.life.class_model import ZONE
from tests.life.ground import Ground

STAFF = Actor("staff", 1)
REGULARS = ("Ada", "Bob", "Cyd", "Dot")


def begin(ground: Ground, now: datetime, capacity: int, *, automatic: bool) -> "Studio":
    """Make the studio anew and plan one class in it."""
    ground.begin()
    made = cast.make_studio(now)
    transact(_add_regulars, made, now)
    mode = WaitlistMode.AUTOMATIC if automatic else WaitlistMode.OFFER
    (session_id,) = plan_class(
        made, now, capacity=capacity, waitlist_mode=mode, last_on=date(2026, 11, 24)
    )
    return Studio(session_id, made.accounts)


def _add_regulars(studio: cast.Studio, now: datetime) -> None:
    for name in REGULARS[2:]:
        email = f"{name.lower()}@example.com"
        account = Account(email=email, role=Role.CLIENT, created_at=now)
        person = Person(account=account, is_holder=True, name=name, email=email, created_at=now)
        db.session.add_all([account, person])
        db.session.flush()
        studio.accounts[name.lower()] = account.id


class Studio:
    """What the presses do, by the number that the model gives each row."""

    def __init__(self, session_id: int, accounts: dict[str, int]):
        self.session_id, self.accounts = session_id, accounts
        self.ids: dict[type, list[int]] = {}

    def book(self, names: tuple[str, ...], token: str, now: datetime) -> None:
        places.book_class(
            self.session_id, Attempt("visitor", token), _party(names), PlaceKind.DROP_IN,
            self._account(names[0]), practice.current(), now,
        )  # fmt: skip

    def walk_in(self, name: str, token: str, may_overbook: bool, now: datetime) -> None:
        person = db.session.scalar(select(Person).where(Person.name == name))
        if person is None:
            person = Person(name=name, created_at=now)
            db.session.add(person)
            db.session.flush()
        order = Order(PlaceKind.DROP_IN, practice.current(), now, actor=STAFF)
        places.add_walk_in(self.session_id, person, order, token, may_overbook=may_overbook)

    def join(self, names: tuple[str, ...], token: str, now: datetime) -> None:
        account = self._account(names[0])
        lines.join_class(self.session_id, token, _party(names), account, practice.current(), now)

    def leave(self, number: int, now: datetime) -> None:
        lines.leave(self.ids[WaitlistEntry][number], GUEST, practice.current(), now)

    def accept(self, number: int, now: datetime) -> None:
        offer = db.session.get_one(Offer, self.ids[Offer][number])
        account = self._account(offer.entry.person.name)
        lines.accept(offer.id, account, practice.current(), now)

    def decline(self, number: int, now: datetime) -> None:
        lines.decline(self.ids[Offer][number], GUEST, practice.current(), now)

    def cancel(self, number: int, by_staff: bool, now: datetime) -> None:
        actor = STAFF if by_staff else GUEST
        changes.cancel(self.ids[Booking][number], actor, practice.current(), now)

    def undo(self, number: int, is_stale: bool, now: datetime) -> None:
        enrolment = db.session.get_one(Enrolment, self.ids[Enrolment][number])
        places.undo(enrolment.id, enrolment.revision - is_stale, GUEST, practice.current(), now)

    def resize(self, capacity: int, may_overbook: bool, now: datetime) -> None:
        self._change(Change(capacity=capacity, may_overbook=may_overbook), now)

    def move(self, starts_at: datetime, now: datetime) -> None:
        wall = starts_at.astimezone(ZONE)
        self._change(Change(wall.date(), wall.hour * 60 + wall.minute), now)

    def call_off(self, now: datetime) -> None:
        class_endings.cancel_one(self.session_id, STAFF, practice.current(), now)

    def switch(self, automatic: bool, now: datetime) -> None:
        series = db.session.get_one(ClassSession, self.session_id).series
        mode = WaitlistMode.AUTOMATIC if automatic else WaitlistMode.OFFER
        series_changes.change_series(
            series.id, {"waitlist_mode": mode}, series.last_on, SYSTEM, practice.current(), now
        )

    def work(self, now: datetime) -> None:
        """Do what the worker does for lines, each step to its end."""
        for step in (lines.expire_next, lines.end_next):
            count = 0
            while count < BATCH and step(practice.current(), now):
                count += 1

    def look_around(self, now: datetime) -> None:
        lines.fill_idle(practice.current(), now)

    def send(self, now: datetime) -> None:
        """Let every mail leave that is due, as the worker does, but into the void."""
        while mail := claims.claim_next(now):
            claims.mark_sent(mail.id, mail.lease or "", now)

    def seen(self, now: datetime) -> dict[str, Any]:
        """Read everything afresh, and note the id of each row by its number."""
        db.session.remove()
        session = db.session.get_one(ClassSession, self.session_id)
        booked = self._all(Booking, joinedload(Booking.person))
        entries = self._all(WaitlistEntry, joinedload(WaitlistEntry.person))
        offers = self._all(Offer)
        self._all(Enrolment)
        positions = line.positions(entries)
        told = _offers_told(offers)
        return {
            "session": (
                session.state.value, session.starts_at, session.capacity, session.taken,
                session.overbooked,
            ),
            "places": [
                (one.person.name, one.status.value, one.cancel_until, one.undo_until)
                for one in booked
            ],
            "line": [
                (one.person.name, one.state.value, positions.get(one.id, 0)) for one in entries
            ],
            "offers": [
                (
                    one.entry.person.name, one.state.value, one.tell_at, one.expires_at,
                    one.starts_at, one.id in told,
                )
                for one in offers
            ],
        }  # fmt: skip

    def _all(self, rows: type, *shown: Any) -> list:
        found = list(db.session.scalars(select(rows).order_by(rows.id).options(*shown)))
        self.ids[rows] = [one.id for one in found]
        return found

    def _change(self, change: Change, now: datetime) -> None:
        class_changes.change_one(self.session_id, change, STAFF, practice.current(), now)

    def _account(self, name: str) -> Account | None:
        known = self.accounts.get(name.lower()) if name in REGULARS else None
        return db.session.get_one(Account, known) if known else None


def _party(names: tuple[str, ...]) -> Party:
    if names[0] in REGULARS:
        return Party(Details("", ""))
    details = Details(names[0], f"{names[0].lower().replace(' ', '.')}@example.com")
    return Party(details, companions=names[1:])


def _offers_told(offers: list[Offer]) -> set[int]:
    """Return the offers whose mail has left, or waits for the moment at which it may."""
    mails = dict[str, OutgoingMail]()
    if offers:
        found = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "offer"))
        mails = {one.dedupe_key: one for one in found}
    told = set()
    for offer in offers:
        mail = mails[f"waiting-{offer.entry_id}-offer-{offer.id}"]
        is_planned = mail.void_reason is None and mail.due_at == offer.tell_at
        if mail.state is MailState.SENT or (mail.state is MailState.WAITING and is_planned):
            told.add(offer.id)
    return told
