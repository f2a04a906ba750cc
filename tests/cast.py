"""The studio of the tests and who is in it. No random data: the same people, the same hours."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from flask.testing import FlaskClient

from booking.accounts import sessions
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.articles import operations as articles
from booking.articles.models import TopicKind
from booking.articles.operations import Draft
from booking.bookings import absences, holds, operations
from booking.bookings.absences import Choice
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.bookings.models import Booking, Hold
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.catalog.queries import find_option, terms_of
from booking.database import db, transact
from booking.domain.availability import Spell
from booking.domain.intervals import Interval
from booking.payments import operations as payments
from booking.payments.models import Method, Payment
from booking.payments.operations import Taking
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import breaks
from booking.scheduling.absences import Absence
from booking.scheduling.breaks import Pause
from booking.scheduling.models import OpeningHours

NEW_YORK_IN_WINTER = timezone(timedelta(hours=-5))
STAFF = Actor("staff", 5)
NINE, FIVE = 9 * 60, 17 * 60
ADA = Details("Ada Bishop", "ada@example.com")
GUEST = Details("Grace Hill", "grace@example.com", "+13215550101", "Mind the left knee.")


@dataclass
class Studio:
    """Ids of what is in the database; rows are read where they are needed."""

    lena: int = 0
    marco: int = 0
    room: int = 0
    hall: int = 0
    massage: int = 0
    hour: int = 0
    long: int = 0
    training: int = 0
    accounts: dict[str, int] = field(default_factory=dict)


def make_studio(now: datetime) -> Studio:
    """Make the studio in one transaction and return its ids."""
    return transact(_make_studio, now)


def _make_studio(now: datetime) -> Studio:
    studio = Studio()
    db.session.add(
        Practice(
            id=1,
            name="Heron Lane Studio",
            address="12 Heron Lane\nMelbourne, FL 32901",
            directions="The second door.",
            phone="+1 321 555 0142",
            email="hello@heronlane.example",
            second_factor_days=None,
        )
    )
    for name, role in (
        ("ada", Role.CLIENT),
        ("bob", Role.CLIENT),
        ("lena", Role.PRACTITIONER),
        ("marco", Role.PRACTITIONER),
        ("mara", Role.MANAGER),
    ):
        host = "example.com" if role is Role.CLIENT else "heronlane.example"
        account = Account(email=f"{name}@{host}", role=role, created_at=now)
        db.session.add(account)
        db.session.flush()
        studio.accounts[name] = account.id
        if role is Role.CLIENT:
            person = Person(
                account_id=account.id,
                is_holder=True,
                name=name.title(),
                email=account.email,
                created_at=now,
            )
            db.session.add(person)
    room = Room(slug="room", name="Quiet room", position=1)
    hall = Room(slug="hall", name="Hall", position=2)
    lena = _practitioner("lena", "Lena Hartmann", 1, studio)
    marco = _practitioner("marco", "Marco Reyes", 2, studio)
    category = Category(slug="massage", name="Massage", drawing="massage")
    massage = Service(
        category=category,
        slug="massage",
        name="Massage",
        summary="Slow and exact.",
        about="About massage.",
        preparation="Eat lightly.",
        drawing="massage",
        after_minutes=15,
        options=[
            ServiceOption(minutes=60, price_cents=9500, position=1),
            ServiceOption(minutes=90, price_cents=13550, position=2),
        ],
        practitioners=[lena, marco],
        rooms=[room],
    )
    training = Service(
        category=Category(slug="personal-training", name="Personal training", position=1),
        slug="training",
        name="Training",
        position=2,
        options=[ServiceOption(minutes=60, price_cents=8000)],
        practitioners=[lena],
        rooms=[hall],
    )
    db.session.add_all([room, hall, lena, marco, massage, training])
    db.session.flush()
    for practitioner in (lena, marco):
        db.session.add_all(
            OpeningHours(
                practitioner_id=practitioner.id,
                weekday=weekday,
                opens_minute=NINE,
                closes_minute=FIVE,
            )
            for weekday in range(5)
        )
    articles.ensure_topic("massage", "Massage", TopicKind.WORK)
    articles.ensure_topic("hip", "Hip", TopicKind.BODY)
    articles.save(
        Draft(
            "Level hips",
            "level-hips",
            "Text.",
            "Lena",
            "On hips.",
            False,
            "",
            ("massage", "hip"),
            now,
        ),
        now,
    )
    studio.lena, studio.marco, studio.room, studio.hall = lena.id, marco.id, room.id, hall.id
    studio.massage, studio.training = massage.id, training.options[0].id
    studio.hour, studio.long = massage.options[0].id, massage.options[1].id
    return studio


def _practitioner(slug: str, name: str, position: int, studio: Studio) -> Practitioner:
    return Practitioner(
        slug=slug,
        name=name,
        position=position,
        email=f"{slug}@heronlane.example",
        account_id=studio.accounts[slug],
    )


def at(hour: int, minute: int = 0, day: int = 24, month: int = 11) -> datetime:
    """An instant by New York's winter clock in 2026 (UTC-5); the 24th is a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK_IN_WINTER).astimezone(UTC)


def pay(
    booking_id: int,
    amount_cents: int,
    now: datetime,
    method: Method = Method.CASH,
    seen: int = 0,
    paid_on: date | None = None,
) -> Payment:
    """Take a payment at the desk."""
    taking = Taking(amount_cents, method, seen, paid_on)
    return transact(payments.take, booking_id, taking, Actor("staff"), practice.current(), now)


def hold(
    option_id: int, start: datetime, visitor: str, now: datetime, practitioner: int | None = None
) -> Hold:
    """Hold a time as the page does."""
    return transact(_hold, option_id, start, visitor, now, practitioner)


def _hold(
    option_id: int, start: datetime, visitor: str, now: datetime, practitioner: int | None
) -> Hold:
    option = find_option(option_id)
    assert option is not None
    wish = Wish(terms_of([option])[option_id].only(practitioner), start)
    return holds.hold(wish, visitor, practice.current(), now)


def book(
    option_id: int,
    start: datetime,
    now: datetime,
    *,
    details: Details = GUEST,
    account: str | None = None,
    studio: Studio | None = None,
    practitioner: int | None = None,
    visitor: str = "visitor",
) -> Booking:
    """Hold and book a time as the pages do."""
    held = hold(option_id, start, visitor, now, practitioner)
    account_id = studio.accounts[account] if studio and account else None
    return transact(_book, held.token, visitor, option_id, details, account_id, now)


def book_held(
    token: str, option_id: int, now: datetime, visitor: str = "visitor", details: Details = GUEST
) -> Booking:
    """Book a time that is held, as a guest."""
    return transact(_book, token, visitor, option_id, details, None, now)


def _book(
    token: str, visitor: str, option_id: int, details: Details, account_id: int | None, now: Any
) -> Booking:
    option = find_option(option_id)
    account = db.session.get(Account, account_id) if account_id else None
    assert option is not None
    return operations.book_slot(token, visitor, option, details, account, practice.current(), now)


def sign_in(client: FlaskClient, account_id: int, now: datetime) -> None:
    """Sign a browser in without a form: a session row and its key in the cookie."""
    account = db.session.get_one(Account, account_id)
    key = transact(lambda: sessions.begin(db.session.merge(account), "test", now))
    db.session.remove()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
        cookie["_fresh"] = True


def add_break(studio: Studio, now: datetime, **changes: Any) -> int:
    """Give Lena a break on Wednesdays from 12:00 to 13:00; return its number."""
    pause = Pause(**{"weekdays": [2], "spell": Spell(720, 780), "note": "Lunch", **changes})
    transact(breaks.add, studio.lena, pause, STAFF, now)
    return max(one.id for one in breaks.of(studio.lena))


def take_time_off(
    studio: Studio,
    now: datetime,
    start: datetime | None = None,
    end: datetime | None = None,
    choices: dict[str, Choice] | None = None,
    who: int | None = None,
) -> int:
    """Take time off, Lena's of Friday afternoon if nothing else is said; return its number."""
    interval = Interval(start or at(13, day=27), end or at(17, day=27))
    absence = Absence(who or studio.lena, interval, "The dentist")
    return transact(absences.take_off, absence, choices or {}, STAFF, practice.current(), now).id
