"""The demo's group classes: an evening and a Saturday of a small studio."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.accounts import operations as accounts
from booking.accounts.audit import Actor
from booking.bookings import places, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt
from booking.bookings.models import PlaceKind
from booking.catalog.models import Category, Practitioner, Room, Service
from booking.classes import planning, queries
from booking.classes.models import ClassSession, Level, WaitlistMode
from booking.classes.planning import Plan
from booking.database import db
from booking.demo import cast
from booking.demo.cast import MARCO, MEI, Member
from booking.domain.availability import DAY, local_date
from booking.domain.errors import Refusal
from booking.practice.models import Practice


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A service for groups, and the class of it that comes every week."""

    category: str
    service: str
    service_name: str
    summary: str
    about: str
    preparation: str
    name: str
    teacher: Member
    room: str
    weekday: int
    start_minute: int
    minutes: int
    capacity: int
    cents: int
    trial_cents: int | None = None
    term_cents: int | None = None
    term_weeks: int | None = None
    level: Level = Level.ALL
    mode: WaitlistMode = WaitlistMode.OFFER


GROUPS = (
    GroupPlan(
        "yoga", "yoga-in-a-group", "Yoga in a group", "Slow enough to feel what you do.",
        "We move with the breath, hold little, and use blocks without shame. There is always an "
        "easier way to do what the others do, and it is shown first.",
        "Mats are here. Leave two hours after a large meal.",
        "Evening yoga", MARCO, "studio-floor", 0, 18 * 60 + 30, 75, 10, 1900, 1000,
    ),
    GroupPlan(
        "yoga", "yoga-in-a-group", "", "", "", "",
        "Yoga for stiff backs", MARCO, "garden-room", 2, 19 * 60, 60, 3, 2200, 1000,
        level=Level.BEGINNERS,
    ),
    GroupPlan(
        "pilates", "mat-pilates", "Mat Pilates", "Small movements, done exactly.",
        "An hour on the mat for the middle of the body. Eight people at most, so that nobody's "
        "ribs go unnoticed.",
        "Wear socks and something close to the body.",
        "Mat Pilates", MARCO, "studio-floor", 2, 17 * 60 + 45, 55, 8, 2200, 1100, 1800, 10,
        level=Level.IMPROVERS,
    ),
    GroupPlan(
        "tai-chi", "tai-chi-in-a-group", "Tai Chi in a group", "The short form, a little a week.",
        "We learn one movement an evening and repeat those before it. After a term you have the "
        "first third of the short form.",
        "Flat shoes or thick socks.",
        "Tai Chi from the beginning", MEI, "garden-room", 3, 17 * 60 + 30, 60, 8, 1800, None, 1500,
        12, level=Level.BEGINNERS,
    ),
    GroupPlan(
        "qi-gong", "qi-gong-in-a-group", "Qi Gong in a group", "Standing, breathing, moving.",
        "Eight simple movements, repeated until they are quiet. In dry weather we go into the "
        "garden.",
        "Nothing to prepare. Chairs are there.",
        "Saturday Qi Gong", MEI, "garden-room", 5, 8 * 60 + 30, 45, 12, 1200, 0,
        mode=WaitlistMode.AUTOMATIC,
    ),
)  # fmt: skip

FULL = "Yoga for stiff backs"
# Booked places, by the name of the class: about as full as such evenings are.
COMING = {"Evening yoga": 6, "Mat Pilates": 5, "Tai Chi from the beginning": 3,
          "Saturday Qi Gong": 4}  # fmt: skip


def fill(studio: Practice, now: datetime) -> None:
    """Plan the classes, and let people come to the next of each."""
    for number, plan in enumerate(GROUPS):
        service = _service(plan, number)
        series = planning.plan_series(
            _plan(plan, service, studio, now), Actor("staff"), studio, now
        )
        ahead = queries.ahead_of(series.id, now, 2)
        if plan.name == FULL:
            _crowd(ahead[0], studio, now)
            continue
        for session in ahead:
            _let_come(session, COMING[plan.name], studio, now)


def _service(plan: GroupPlan, number: int) -> Service:
    known = db.session.scalar(select(Service).where(Service.slug == plan.service))
    if known is not None:
        return known
    category = db.session.scalars(select(Category).where(Category.slug == plan.category)).one()
    service = Service(
        category=category, slug=plan.service, name=plan.service_name, summary=plan.summary,
        about=plan.about, preparation=plan.preparation, drawing=plan.category,
        after_minutes=10, position=100 + number,
    )  # fmt: skip
    db.session.add(service)
    db.session.flush()
    return service


def _plan(plan: GroupPlan, service: Service, studio: Practice, now: datetime) -> Plan:
    teacher = db.session.scalars(
        select(Practitioner).where(Practitioner.email == plan.teacher.email)
    ).one()
    room = db.session.scalars(select(Room).where(Room.slug == plan.room)).one()
    today = local_date(now, studio.zone)
    first = today + (plan.weekday - today.weekday()) % 7 * DAY
    return Plan(
        name=plan.name, service_id=service.id, practitioner_id=teacher.id, room_id=room.id,
        weekday=plan.weekday, start_minute=plan.start_minute, minutes=plan.minutes,
        capacity=plan.capacity, price_cents=plan.cents, trial_cents=plan.trial_cents,
        term_cents=plan.term_cents, first_on=first,
        last_on=first + 7 * plan.term_weeks * DAY if plan.term_weeks else None,
        level=plan.level, waitlist_mode=plan.mode,
    )  # fmt: skip


def _let_come(session: ClassSession, count: int, studio: Practice, now: datetime) -> None:
    chance = random.Random(session.id)  # noqa: S311 - a demo, no secret
    for member in chance.sample(cast.GUESTS, min(count, len(cast.GUESTS))):
        _book(session, member, studio, now)


def _book(session: ClassSession, member: Member, studio: Practice, now: datetime) -> None:
    attempt = Attempt("demo", f"demo-{session.id}-{member.email}"[:60])
    # One address may have a few open bookings only; these people come often.
    name, _at, host = member.email.partition("@")
    party = Party(Details(member.name, f"{name}+{session.id}@{host}"))
    places.book_class(session.id, attempt, party, PlaceKind.DROP_IN, None, studio, now)


def _crowd(session: ClassSession, studio: Practice, now: datetime) -> None:
    """Fill a class, Ada among those who come, and let two people wait."""
    ada = accounts.find_account(cast.ADA.email)
    attempt = Attempt("demo", f"demo-{session.id}-ada")
    comes = Party(Details(cast.ADA.name, cast.ADA.email))
    try:
        places.book_class(session.id, attempt, comes, PlaceKind.DROP_IN, ada, studio, now)
    except Refusal:
        return
    for member in cast.GUESTS[:2]:
        _book(session, member, studio, now)
    for number, member in enumerate(cast.GUESTS[2:4]):
        party = Party(Details(member.name, member.email))
        waiting.join_class(session.id, f"demo-wait-{number}-{session.id}", party, None, studio, now)
