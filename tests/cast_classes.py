"""Classes of the studio, and who comes to them or waits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from booking.accounts.audit import Actor
from booking.accounts.models import Account
from booking.bookings import places, waiting
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt
from booking.bookings.models import Enrolment, PlaceKind
from booking.bookings.waiting_models import WaitlistEntry
from booking.catalog.models import Category, Service
from booking.classes import planning
from booking.classes import queries as classes
from booking.classes.planning import Plan
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import Studio


def plan_class(studio: Studio, now: datetime, **changes: Any) -> list[int]:
    """Plan a yoga class on Tuesdays at 18:00 with Lena in the hall; return its sessions' ids."""
    return transact(_plan_class, studio, now, changes)


def _plan_class(studio: Studio, now: datetime, changes: dict[str, Any]) -> list[int]:
    plan = Plan(**{
        "name": "Gentle yoga",
        "service_id": _yoga().id,
        "practitioner_id": studio.lena,
        "room_id": studio.hall,
        "weekday": 1,
        "start_minute": 18 * 60,
        "minutes": 60,
        "capacity": 2,
        "price_cents": 1800,
        "first_on": date(2026, 11, 24),
        **changes,
    })  # fmt: skip
    series = planning.plan_series(plan, Actor("staff", 1), practice.current(), now)
    return [session.id for session in classes.all_ahead_of(series.id, now)]


def _yoga() -> Service:
    """The service of the classes, made when the first is planned."""
    known = db.session.scalar(select(Service).where(Service.slug == "group-yoga"))
    if known is not None:
        return known
    yoga = Service(
        category=Category(slug="yoga", name="Yoga", drawing="yoga", position=2),
        slug="group-yoga",
        name="Group yoga",
        summary="Together.",
        preparation="Bring a towel.",
        position=3,
    )
    db.session.add(yoga)
    db.session.flush()
    return yoga


def guests(*names: str, note: str = "") -> Party:
    """A guest and who comes along."""
    first, *others = names
    details = Details(first, f"{first.split()[0].lower()}@example.com", note=note)
    return Party(details, companions=tuple(others))


def take(
    session_id: int,
    now: datetime,
    *names: str,
    kind: PlaceKind = PlaceKind.DROP_IN,
    visitor: str = "",
    party: Party | None = None,
    account: str | None = None,
    studio: Studio | None = None,
) -> Enrolment:
    """Book places in a class as the page does; a guest of each name, or people of an account."""
    who = studio.accounts[account] if studio and account else None
    attempt = Attempt(visitor or f"visitor-{names}", f"token-{session_id}-{names}-{kind}"[:60])
    return transact(_take, session_id, attempt, party or guests(*names), kind, who, now)


def _take(
    session_id: int, attempt: Attempt, party: Party, kind: PlaceKind, who: int | None, now: datetime
) -> Enrolment:
    account = db.session.get(Account, who) if who else None
    return places.book_class(session_id, attempt, party, kind, account, practice.current(), now)


def wait(session_id: int, now: datetime, name: str) -> WaitlistEntry:
    """Let a guest wait for a place in a class."""
    return transact(
        lambda: waiting.join_class(
            session_id, f"wait-{session_id}-{name}", guests(name), None, practice.current(), now
        )[0]
    )
