"""The application with its pages kept, as installed; in most tests nothing is kept."""

from collections.abc import Iterator

import pytest
from flask import Flask

from booking.database import db
from tests.cast import make_studio


@pytest.fixture
def keeping(make_app, now) -> Iterator[Flask]:
    app = make_app(KEEP_PAGES=True)
    with app.app_context():
        yield app
        db.session.remove()
    app.extensions["kept_pages"].close()


@pytest.fixture
def lane(keeping, now):
    return make_studio(now())
