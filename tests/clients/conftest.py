"""What the tests of the clients' list share: clients to look at."""

from collections.abc import Callable

import pytest

from booking.accounts.models import Person
from booking.database import db, transact


@pytest.fixture
def written(studio, now) -> Callable[..., int]:
    """Write somebody down and return their number."""

    def write(name: str, **values: object) -> int:
        def add() -> int:
            person = Person(name=name, created_at=now(), **values)
            db.session.add(person)
            db.session.flush()
            return person.id

        return transact(add)

    return write


@pytest.fixture
def person(app) -> Callable[[int], Person]:
    """Read a person as they are now."""

    def read(person_id: int) -> Person:
        db.session.rollback()
        return db.session.get_one(Person, person_id)

    return read
