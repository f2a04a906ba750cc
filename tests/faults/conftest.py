"""Fixtures for races: a crew of processes, and a studio in which two services share one room."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from booking import sending
from booking.catalog.models import Practitioner, Room, Service, ServiceOption
from booking.database import db, transact
from booking.mail.way import Patience, way_of
from booking.practice.models import Practice
from tests import cast
from tests.conftest import Clock
from tests.faults.bookings_seen import Need
from tests.faults.crew import Crew, Race, crew_of
from tests.faults.mail_server import RudeServer, serving
from tests.faults.wishes import GRID_MINUTES, Offer


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    with crew_of(4) as made:
        yield made


@pytest.fixture
def offer(studio: cast.Studio) -> Offer:
    return transact(_offer, studio)


def _offer(studio: cast.Studio) -> Offer:
    """Leave each service one practitioner and both the same room, with unequal turnovers."""
    room = db.session.get_one(Room, studio.room)
    massage = db.session.get_one(Service, studio.massage)
    massage.practitioners = [db.session.get_one(Practitioner, studio.lena)]
    massage.after_minutes = 15
    training = db.session.get_one(ServiceOption, studio.training).service
    training.practitioners = [db.session.get_one(Practitioner, studio.marco)]
    training.rooms = [room]
    training.before_minutes, training.after_minutes = 10, 5
    training.options += [ServiceOption(minutes=minutes, price_cents=5000) for minutes in (30, 45)]
    db.session.get_one(Practice, 1).grid_minutes = GRID_MINUTES
    db.session.flush()
    lenas, marcos = frozenset({studio.lena, studio.room}), frozenset({studio.marco, studio.room})
    needs = {one.id: Need(lenas, 0, one.minutes, 15) for one in massage.options}
    needs |= {one.id: Need(marcos, 10, one.minutes, 5) for one in training.options}
    return Offer(studio.hour, needs)


@pytest.fixture
def race(crew: Crew, settings: dict, database_url: str, now: Clock) -> Callable[..., Race]:
    """A race on this test's database; says which attempts, which way, how many at once."""
    connected = {**settings, "SQLALCHEMY_DATABASE_URI": database_url}
    return partial(crew.race, connected, now=now())


@pytest.fixture
def engine_name(database_url: str) -> str:
    return database_url.partition(":")[0].partition("+")[0]


@pytest.fixture
def in_the_middle(monkeypatch):
    """Stop a function at its beginning until `go_on` is set; `there` says that it has begun."""

    def stop(module, name: str) -> tuple[threading.Event, threading.Event]:
        there, go_on, real = threading.Event(), threading.Event(), getattr(module, name)

        def waiting(*args, **kwargs):
            there.set()
            go_on.wait(2)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, waiting)
        return there, go_on

    return stop


@pytest.fixture
def rude(app, studio) -> Iterator[RudeServer]:
    with serving(RudeServer()) as server:
        app.config["SMTP_URL"] = server.url
        yield server


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits long in these tests."""
    patience = Patience(answer=0.4, whole=0.6, taking=0.6)
    monkeypatch.setattr(sending, "way_of", partial(way_of, patience=patience))
