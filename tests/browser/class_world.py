"""Classes in the states that their pages show: full, waited for, offered, under way."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from booking import clock
from booking.accounts.audit import Actor
from booking.bookings import places
from booking.bookings.clients import Details, Party
from booking.bookings.enrolments import Attempt
from booking.bookings.models import PlaceKind
from booking.catalog.models import Practitioner, Service
from booking.classes import planning, queries
from booking.classes.planning import Plan
from booking.database import db, transact
from booking.demo.cast import GUESTS, MEI
from booking.domain.errors import SlotTaken
from booking.practice import queries as practice
from tests.browser import class_steps
from tests.browser.class_steps import LARGE, SMALL

DAY = timedelta(days=1)
SERVICE = "qi-gong-in-a-group"


def stay_awake(site: Flask) -> None:
    """Let no mail wait for the morning and no offer end, whenever and however long tests run."""

    def change() -> None:
        studio = practice.current()
        studio.quiet_from = studio.quiet_until = 0
        studio.offer_minutes = 720

    with site.app_context():
        transact(change)


def fill_classes(page: Page, made: dict[str, str]) -> None:
    """Book, fill and wait for classes as guests; note the addresses."""
    class_steps.open_class(page, "Mat Pilates", weeks=2)
    made["next_to_another"] = number_in(page.url)
    class_steps.open_class(page, LARGE, weeks=1)
    made["class"] = number_in(page.url)
    class_steps.book_places(page, "Tom Wexler")
    made["places"] = path_of(page.url)
    class_steps.crowd(page, weeks=2)
    class_steps.join_line(page, weeks=2)
    made["in_line"] = path_of(page.url)
    class_steps.join_line(page, weeks=2)
    class_steps.leave_line(page)
    made["left"] = path_of(page.url)
    class_steps.open_class(page, SMALL, weeks=2)
    made["full"] = number_in(page.url)
    offer_a_place(page, made)
    class_steps.wish_for_a_time(page, "private-tai-chi", "Sunday")
    made["wish_in_line"] = path_of(page.url)


def offer_a_place(page: Page, made: dict[str, str]) -> None:
    booked = class_steps.crowd(page, weeks=3)
    class_steps.join_line(page, weeks=3)
    made["offered"] = path_of(page.url)
    class_steps.cancel_one(page, booked)


def path_of(address: str) -> str:
    return urlsplit(address).path


def number_in(address: str) -> str:
    """The number of a class, with which the address of its page ends."""
    return path_of(address).rpartition("/")[2]


def begun_class(site: Flask) -> int:
    """Plan a class of Mei's as of last week, so that it has just begun; people come to it."""
    starts_at = clock.utcnow().replace(second=0, microsecond=0) - timedelta(minutes=15)
    with site.app_context():
        while True:
            try:
                return transact(_plan_begun, starts_at)
            except SlotTaken:
                starts_at -= timedelta(minutes=15)


def _plan_begun(starts_at: datetime) -> int:
    studio, then = practice.current(), starts_at - 8 * DAY
    series = planning.plan_series(_plan(starts_at, studio.zone), Actor("staff"), studio, then)
    last_week, today = queries.all_ahead_of(series.id, then)
    for session, members in ((last_week, GUESTS[:2]), (today, GUESTS[1:5])):
        if not session.is_on:
            raise SlotTaken
        for member in members:
            attempt = Attempt("door", f"door-{session.id}-{member.email}"[:60])
            party = Party(Details(member.name, f"{session.id}.{member.email}"))
            places.book_class(session.id, attempt, party, PlaceKind.TRIAL, None, studio, then)
    return today.id


def _plan(starts_at: datetime, zone: ZoneInfo) -> Plan:
    wall = starts_at.astimezone(zone)
    mei = db.session.scalars(select(Practitioner).where(Practitioner.email == MEI.email)).one()
    return Plan(
        name="Qi Gong at the door",
        service_id=db.session.scalars(select(Service.id).where(Service.slug == SERVICE)).one(),
        practitioner_id=mei.id,
        room_id=None,
        weekday=wall.weekday(),
        start_minute=wall.hour * 60 + wall.minute,
        minutes=10,
        capacity=4,
        price_cents=1200,
        first_on=wall.date() - 7 * DAY,
        last_on=wall.date(),
        trial_cents=0,
    )
