"""Filling the demo, through the same operations that clients and staff use."""

import random
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.accounts import operations as accounts
from booking.accounts import passwords, people
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.bookings import absences, changes, desk, holds, operations
from booking.bookings.clients import Details
from booking.bookings.holds import Wish
from booking.bookings.models import Status
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.catalog.queries import terms_of
from booking.clients import record
from booking.clients.models import Colour
from booking.database import db, transact
from booking.demo import caller, cast, newcomers, offer, reading, timetable
from booking.domain.availability import DAY, Spell, day_interval, local_date
from booking.domain.hours_errors import InTheWay
from booking.domain.openings import next_openings
from booking.mail.reasons import Reason
from booking.payments import operations as payments
from booking.payments.models import Method
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.scheduling import breaks, holidays
from booking.scheduling.absences import Absence
from booking.scheduling.breaks import Pause
from booking.scheduling.models import OpeningHours
from booking.scheduling.queries import load_diary

# A fixed seed: the demo looks the same wherever it is filled on a given day.
SEED = 17
# What was done in the sessions that are over.
DONE = (
    "Hips and low back, slowly. The left side was tighter; showed the half-kneeling stretch.",
    "Neck and shoulders. Turning to the right is easier than last month.",
    "Mostly legs after the race. Light pressure on the calves, as agreed.",
)
BOOKINGS = 16


def is_empty() -> bool:
    """Tell whether nobody and nothing is in the database yet."""
    return not any(
        db.session.scalar(select(model.id).limit(1)) for model in (Practice, Account, Service)
    )


def fill(now: datetime) -> None:
    """Make a believable practice with a fortnight of bookings around `now`."""
    hashed = passwords.hash_password(cast.PASSWORD, ("Heron Lane Studio",))
    transact(_fill_studio, hashed, now)
    transact(lambda: timetable.fill(practice.current(), now - timedelta(days=1)))
    transact(reading.fill, now)
    # Booked as of a week ago, so that today has a list and yesterday has a past.
    chance = random.Random(SEED)  # noqa: S311 - a demo, no secret
    for number in range(BOOKINGS):
        transact(_book_something, chance, number, now - timedelta(days=7))
    transact(_settle_past, now)
    transact(_fill_records, now)
    transact(lambda: caller.fill(practice.current(), now))


def _fill_studio(hashed: str, now: datetime) -> None:
    db.session.add(
        Practice(
            id=1,
            name="Heron Lane Studio",
            headline="Get moving again.",
            introduction="Massage, training, yoga, Pilates, Tai Chi and Qi Gong, one to one "
            "and in small groups, with people who have worked with bodies for many years.",
            about="We are three practitioners under one roof. What we share is a habit: we look "
            "at how you move before we do anything about it.\n\nPreventing the next injury matters "
            "to us as much as easing this one.",
            address="12 Heron Lane\nMelbourne, FL 32901",
            directions="Two minutes from the river. Park in the yard behind the house; the second "
            "door is ours. The bus stops at the corner of Heron Lane.",
            phone="+1 321 555 0142",
            email="hello@heronlane.example",
            second_factor_days=None,
        )
    )
    rooms = _fill_rooms()
    givers = _fill_givers(hashed, now)
    _fill_breaks(givers, now)
    _fill_services(rooms, givers)
    accounts.make_staff(cast.MARA.email, hashed, Role.MANAGER, now)
    ada = accounts.make_staff(cast.ADA.email, hashed, Role.CLIENT, now)
    holder = Person(
        account_id=ada.id, is_holder=True, name=cast.ADA.name, email=cast.ADA.email, created_at=now
    )
    db.session.add(holder)
    db.session.flush()
    people.add(ada, "Noah Bishop", "", is_minor=True, now=now)
    people.add(ada, "Ellen Bishop", "+13215550177", is_minor=False, now=now)


def _fill_rooms() -> dict[str, Room]:
    rooms = {
        slug: Room(slug=slug, name=name, about=about, position=number)
        for number, (slug, name, about) in enumerate(offer.ROOMS)
    }
    db.session.add_all(rooms.values())
    return rooms


def _fill_givers(hashed: str, now: datetime) -> dict[str, Practitioner]:
    givers = {}
    for number, plan in enumerate(offer.GIVERS):
        account = accounts.make_staff(plan.member.email, hashed, Role.PRACTITIONER, now)
        giver = Practitioner(
            slug=plan.slug, name=plan.member.name, title=plan.title, about=plan.about,
            licence=plan.licence, email=plan.member.email, account_id=account.id, position=number,
            has_sheet=True,
        )  # fmt: skip
        db.session.add(giver)
        db.session.flush()
        db.session.add_all(
            OpeningHours(
                practitioner_id=giver.id, weekday=weekday, opens_minute=opens, closes_minute=closes
            )
            for weekday, spells in plan.hours.items()
            for opens, closes in spells
        )
        givers[plan.member.email] = giver
    return givers


def _fill_breaks(givers: dict[str, Practitioner], now: datetime) -> None:
    """Marco's long Monday has a break, and the studio is closed on the next big holiday."""
    studio, staff = practice.current(), Actor("staff")
    lunch = Pause([0], Spell(15 * 60 + 30, 16 * 60), note="Something to eat")
    breaks.add(givers[cast.MARCO.email].id, lunch, staff, now)
    today = local_date(now, studio.zone)
    coming = [
        (day, name)
        for year in (today.year, today.year + 1)
        for day, name in holidays.public(holidays.guess(studio), year, studio.locale).items()
        if day > today + 2 * DAY
    ]
    holidays.close(*coming[0], staff, now)


def _fill_services(rooms: dict[str, Room], givers: dict[str, Practitioner]) -> None:
    categories = {
        plan.slug: Category(
            slug=plan.slug, name=plan.name, summary=plan.summary, about=plan.about,
            drawing=plan.slug, position=number,
        )
        for number, plan in enumerate(offer.CATEGORIES)
    }  # fmt: skip
    for number, plan in enumerate(offer.SERVICES):
        db.session.add(
            Service(
                category=categories[plan.category], slug=plan.slug, name=plan.name,
                summary=plan.summary, about=plan.about, preparation=plan.preparation,
                drawing=plan.category, after_minutes=plan.after_minutes, position=number,
                is_hidden=plan.is_hidden,
                options=[
                    ServiceOption(minutes=minutes, price_cents=cents, position=place)
                    for place, (minutes, cents) in enumerate(plan.options)
                ],
                practitioners=[givers[member.email] for member in plan.givers],
                rooms=[rooms[slug] for slug in plan.rooms],
            )
        )  # fmt: skip
    db.session.flush()


def _book_something(chance: random.Random, number: int, now: datetime) -> None:
    """Book one of the next openings as a client would: hold first, then the details."""
    studio = practice.current()
    options = list(
        db.session.scalars(
            select(ServiceOption).join(ServiceOption.service).where(Service.is_hidden.is_(False))
            .order_by(ServiceOption.id)
        )
    )  # fmt: skip
    option = chance.choice(options)
    terms = terms_of([option])[option.id]
    # The first is Ada's and surely over, so that she has something to book again.
    ahead = chance.randrange(5, 15) if number else 2
    first = local_date(now, studio.zone) + ahead * DAY
    diary = load_diary([terms], first, first + 3 * DAY, studio.zone, now)
    openings = next_openings(terms, diary, studio.policy, now, count=12)
    if not openings:
        return
    wish = Wish(terms, chance.choice(openings).starts_at)
    visitor = f"demo-{number}"
    held = holds.hold(wish, visitor, studio, now)
    account = accounts.find_account(cast.ADA.email) if number % 5 == 0 else None
    member = cast.ADA if account else cast.GUESTS[number % len(cast.GUESTS)]
    note = "The left hip again, since the long drive." if number == 2 else ""
    operations.book_slot(
        held.token,
        visitor,
        option,
        Details(member.name, member.email, note=note),
        account,
        studio,
        now,
    )


FLAGS = (("Prefers mornings", Colour.BLUE), ("Deposit first", Colour.GOLD))


def _fill_records(now: datetime) -> None:
    """Flags and a private note, so that the clients' list shows what it can hold."""
    staff = Actor("staff")
    flags = [record.add_flag(name, colour, staff, now) for name, colour in FLAGS]
    account = accounts.find_account(cast.ADA.email)
    ada = people.own_person(account) if account else None
    if ada is not None:
        record.give_flags(ada, {flags[0].id}, staff, now)
        note = "Likes it quiet. Light pressure at the neck since the accident."
        record.write_note(ada, note, staff, now)


def _settle_past(now: datetime) -> None:
    """Mark what is over, so that the demo has arrived clients behind it."""
    from booking.bookings.models import Booking, Enrolment
    from booking.bookings.waiting_models import WaitlistEntry
    from booking.mail import outbox

    studio = practice.current()
    lena = db.session.scalars(
        select(Practitioner).where(Practitioner.slug == "lena-hartmann")
    ).one()
    for booking in db.session.scalars(select(Booking).where(Booking.status == Status.BOOKED)):
        if booking.ends_at < now:
            changes.mark(booking.id, Status.ARRIVED, Actor("staff"), studio, now)
            if not booking.is_class:
                words = DONE[booking.id % len(DONE)]
                desk.note_done(booking, words, Actor("staff"), now)
    newcomers.ask(lena, now)
    _pay_past(studio)
    # Nobody gets mail about how the demo came to be.
    for model in (Booking, Enrolment, WaitlistEntry):
        for row in db.session.scalars(select(model)).all():
            outbox.void(row.about, Reason.DEMO, now)
    _take_a_day_off(lena, now, studio)


def _pay_past(studio: Practice) -> None:
    """Let most of who was here have paid, some in part and some not at all."""
    from booking.bookings.models import Booking

    arrived = select(Booking).where(Booking.status == Status.ARRIVED).order_by(Booking.ends_at)
    for number, booking in enumerate(db.session.scalars(arrived).all()):
        part = (1, 0.5, 0, 1, 1)[number % 5]
        amount = int(booking.price_cents * part)
        if amount:
            method = (Method.CARD, Method.CASH, Method.TRANSFER)[number % 3]
            actor = Actor("staff", booking.practitioner.account_id)
            taking = payments.Taking(amount, method, 0)
            payments.take(booking.id, taking, actor, studio, booking.ends_at)


def _take_a_day_off(lena: Practitioner, now: datetime, studio: Practice) -> None:
    day = day_interval(local_date(now, studio.zone) + 20 * DAY, studio.zone)
    absence = Absence(lena.id, day, "A day by the sea")
    with suppress(InTheWay):
        absences.take_off(absence, {}, Actor("staff"), studio, now)
