"""Lena with a second step, and a browser of hers that stopped half-way."""

import pytest

from tests.accounts.second_step import (
    LENA,
    set_up,
)
from tests.accounts.steps import by_password, set_password


@pytest.fixture
def lena(client, studio, now):
    """Lena's browser, signed in by her password."""
    set_password(studio.accounts["lena"])
    by_password(client, LENA)
    return client


@pytest.fixture
def phone(lena, now):
    """Lena's telephone, set up a minute ago."""
    made = set_up(lena, now)
    now.forward(minutes=1)
    return made


@pytest.fixture
def half_way(app, lena, phone):
    """Another browser of hers: the password is typed, the code is not."""
    browser = app.test_client()
    by_password(browser, LENA)
    return browser
