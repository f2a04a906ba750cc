"""The real studio of the machine: the same presses as the model's, through the booking code."""

from datetime import date, datetime

from sqlalchemy import select, update

from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Account, Audit, Person
from booking.bookings import (
    absences,
    approvals,
    changes,
    holds,
    moves,
    operations,
    staff_moves,
    times,
    waiting,
)
from booking.bookings import staff_bookings as desk
from booking.bookings.absences import Choice
from booking.bookings.clients import Party
from booking.bookings.holds import Wish
from booking.bookings.line import Wish as Waited
from booking.bookings.models import Booking, Hold, Reminder, Status
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.catalog.models import Practitioner, Service, ServiceOption
from booking.catalog.queries import find_option, terms_of
from booking.database import db
from booking.domain.intervals import Interval
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from booking.scheduling import absences as time_off
from booking.scheduling.absences import Absence
from booking.scheduling.models import Claim, ClaimKind, OpeningHours, TimeClaim
from booking.worker import turn
from tests import cast
from tests.life.session_calendar import CLOSES, OPENS
from tests.life.session_following import MOST_OPEN
from tests.life.session_rows import Where

KINDS = (
    "requested", "declined", "confirmed", "changed", "cancelled", "cancelled_by_studio",
    "late_cancelled", "reminder", "reminder_soon",
    "studio_new", "studio_moved", "studio_request", "studio_cancelled",
)  # fmt: skip


def prepare(made: cast.Studio, most: int | None, *, asks: bool) -> None:
    """Make the studio small, so that people meet: three hours a day, two rooms for all."""
    massage = db.session.get_one(Service, made.massage)
    massage.rooms.append(db.session.get_one(cast.Room, made.hall))
    lena = db.session.get_one(Practitioner, made.lena)
    lena.day_sessions = most
    db.session.execute(update(OpeningHours).values(opens_minute=OPENS, closes_minute=CLOSES))
    studio = practice.current()
    studio.open_bookings, studio.new_approval, studio.aftercare = MOST_OPEN, asks, False


class Studio:
    """What the presses do, by the number that the model gives each row."""

    def __init__(self, made: cast.Studio):
        self.ids: dict[str, list] = {}
        self.aways: list[int] = []
        self.accounts = made.accounts
        self.options = {"hour": made.hour, "long": made.long, "training": made.training}
        self.resources = {
            "lena": made.lena, "marco": made.marco, "room": made.room, "hall": made.hall,
        }  # fmt: skip
        self.names = {number: name for name, number in self.resources.items()}
        self.staff = Actor("staff", made.accounts["mara"])
        self.count = 0

    # What clients do.

    def hold(
        self, visitor: str, option: str, start: datetime, giver: str | None, now: datetime
    ) -> None:
        chosen = find_option(self.options[option])
        assert chosen is not None
        terms = terms_of([chosen])[chosen.id].only(self._giver(giver))
        holds.hold(Wish(terms, start), visitor, practice.current(), now)

    def book(self, number: int, now: datetime) -> None:
        token, visitor, option_id = self.ids["holds"][number]
        option = find_option(option_id)
        assert option is not None
        operations.book_slot(
            token, visitor, option, cast.GUEST, self._account(visitor), practice.current(), now
        )

    def move(self, number: int, start: datetime, giver: str | None, now: datetime) -> None:
        booking = self._booking(number)
        terms = staff_moves.terms_for(booking).only(self._giver(giver))
        moves.move(booking.id, terms, start, GUEST, practice.current(), now)

    def cancel(self, number: int, by_staff: bool, now: datetime) -> None:
        changes.cancel(self._id(number), self._actor(by_staff), practice.current(), now)

    def undo(self, number: int, is_stale: bool, by_staff: bool, now: datetime) -> None:
        booking = self._booking(number)
        revision = booking.revision - is_stale
        changes.undo(booking.id, revision, self._actor(by_staff), practice.current(), now)

    def acknowledge(self, number: int, is_stale: bool, now: datetime) -> None:
        booking = self._booking(number)
        changes.acknowledge(booking.id, booking.revision - is_stale, GUEST, now)

    # What clients do who wait.

    def join(self, client: str, option: str, until: date, now: datetime) -> None:
        self.count += 1
        wanted = db.session.get_one(ServiceOption, self.options[option])
        wish = Waited(wanted, None, 127, (), until)
        party = Party(cast.GUEST)
        waiting.join_times(
            wish, f"wait-{self.count}", party, self._account(client), practice.current(), now
        )

    def leave(self, number: int, now: datetime) -> None:
        waiting.leave(self.ids["line"][number], GUEST, practice.current(), now)

    def accept(self, number: int, now: datetime) -> None:
        offer = db.session.get_one(Offer, self.ids["offers"][number])
        waiting.accept(offer.id, offer.entry.joined_by, practice.current(), now)

    def decline(self, number: int, now: datetime) -> None:
        waiting.decline(self.ids["offers"][number], GUEST, practice.current(), now)

    # What the studio does.

    def book_for(
        self, client: str, option: str, start: datetime, giver: str, all_the_same: bool,
        is_silent: bool, now: datetime,
    ) -> None:  # fmt: skip
        self.count += 1
        mara = db.session.get_one(Account, self.accounts["mara"])
        order = desk.Order(
            f"form-{self.count}",
            db.session.get_one(ServiceOption, self.options[option]),
            self.resources[giver],
            lambda: self._person(client, now),
            mara,
            is_silent=is_silent,
        )
        desk.book(order, start, practice.current(), now, all_the_same=all_the_same)

    def put(self, number: int, where: Where, tell: bool, now: datetime) -> None:
        giver, room = self.resources[where.giver], self.resources[where.room]
        wanted = staff_moves.Where(where.start, where.minutes, giver, room)
        staff_moves.move(self._id(number), wanted, tell, self.staff, practice.current(), now)

    def late_cancel(self, number: int, now: datetime) -> None:
        changes.late_cancel(self._id(number), self.staff, practice.current(), now)

    def restore(self, number: int, is_stale: bool, now: datetime) -> None:
        booking = self._booking(number)
        revision = booking.revision - is_stale
        changes.restore(booking.id, revision, self.staff, practice.current(), now)

    def mark(self, number: int, status: str, now: datetime) -> None:
        changes.mark(self._id(number), Status(status), self.staff, practice.current(), now)

    def answer(self, number: int, yes: bool, now: datetime) -> None:
        if yes:
            approvals.accept(self._id(number), self.staff, practice.current(), now)
        else:
            approvals.decline(self._id(number), "", self.staff, practice.current(), now)

    def go_away(
        self, resource: str, start: datetime, end: datetime, choice: str, now: datetime
    ) -> None:
        absence = Absence(self.resources[resource], Interval(start, end))
        found = absences.in_the_way(absence, now) if choice else []
        choices = {one.key: Choice(choice) for one in found}
        taken = absences.take_off(absence, choices, self.staff, practice.current(), now)
        # The number of a row that is gone may be given again.
        self.aways.append(taken.id)

    def come_back(self, number: int, now: datetime) -> None:
        time_off.remove(self.aways.pop(number), self.staff, now)

    def reprice(self, option: str, cents: int, now: datetime) -> None:
        db.session.get_one(ServiceOption, self.options[option]).price_cents = cents

    # What happens by itself.

    def work(self, now: datetime) -> None:
        turn()

    def look_around(self, now: datetime) -> None:
        times.offer_any(practice.current(), now)

    # What is there now.

    def seen(self, now: datetime) -> dict[str, list]:
        """Read everything afresh, and note the id of each row by its number."""
        db.session.remove()
        held = db.session.execute(select(Hold).order_by(Hold.id)).scalars().all()
        self.ids["holds"] = [(one.token, one.visitor, one.option_id) for one in held]
        rows = db.session.scalars(select(Booking).order_by(Booking.id)).all()
        self.ids["bookings"] = [one.id for one in rows]
        number = {one.id: place for place, one in enumerate(rows)}
        waiters = db.session.scalars(select(WaitlistEntry).order_by(WaitlistEntry.id)).all()
        self.ids["line"] = [one.id for one in waiters]
        offers = db.session.scalars(select(Offer).order_by(Offer.id)).all()
        self.ids["offers"] = [one.id for one in offers]
        names = self.names
        trail: dict[int, list[str]] = {}
        for about, action in db.session.execute(
            select(Audit.subject, Audit.action)
            .where(Audit.subject.startswith("booking:"))
            .order_by(Audit.id)
        ):
            trail.setdefault(int(about.partition(":")[2]), []).append(action)
        claims = db.session.execute(
            select(Claim.kind, TimeClaim.resource_id, TimeClaim.starts_at, TimeClaim.ends_at)
            .join(TimeClaim, TimeClaim.claim_id == Claim.id)
            .where((Claim.kind != ClaimKind.HOLD) | (Claim.expires_at > now))
        )
        reminders = db.session.execute(
            select(Reminder.booking_id, Reminder.lead_minutes, Reminder.due_at).where(
                Reminder.done_at.is_(None)
            )
        )
        mails = db.session.execute(
            select(
                OutgoingMail.about, OutgoingMail.kind, OutgoingMail.about_revision,
                OutgoingMail.state, OutgoingMail.due_at,
            ).where(OutgoingMail.kind.in_(KINDS), OutgoingMail.state != "void")
        )  # fmt: skip
        return {
            "sessions": [
                (
                    one.starts_at, one.minutes, names[one.practitioner_id],
                    names[one.room_id or 0], one.status.value, one.revision, one.price_cents,
                    one.cancel_until, one.move_until, one.undo_until, one.answer_by,
                    one.restorable_until, one.acknowledged_at is not None,
                )
                for one in rows
            ],
            "holds": [one.expires_at for one in held],
            "trail": [trail.get(one.id, []) for one in rows],
            "claims": sorted((kind.value, names[who], a, b) for kind, who, a, b in claims),
            "reminders": sorted((number[who], lead, due) for who, lead, due in reminders),
            "mails": sorted(
                (number[int(about.partition(":")[2])], kind, revision, state.value,
                 due if state.value == "waiting" else None)
                for about, kind, revision, state, due in mails
            ),
            "line": [one.state.value for one in waiters],
            "offers": [
                (
                    one.starts_at, names[one.practitioner_id], names[one.room_id or 0],
                    one.state.value, one.tell_at, one.expires_at,
                )
                for one in offers
            ],
        }  # fmt: skip

    # How.

    def _id(self, number: int) -> int:
        return self.ids["bookings"][number]

    def _booking(self, number: int) -> Booking:
        return db.session.get_one(Booking, self._id(number))

    def _giver(self, name: str | None) -> int | None:
        return self.resources[name] if name else None

    def _actor(self, by_staff: bool) -> Actor:
        return self.staff if by_staff else GUEST

    def _account(self, client: str) -> Account | None:
        known = self.accounts.get(client)
        return db.session.get_one(Account, known) if known else None

    def _person(self, client: str, now: datetime) -> Person:
        known = self.accounts.get(client)
        if known:
            return db.session.scalars(select(Person).where(Person.account_id == known)).one()
        person = Person(name="Grace Hill", email=cast.GUEST.email, created_at=now)
        db.session.add(person)
        db.session.flush()
        return person
