"""Fixtures for classes."""

from datetime import date

import pytest

from tests.cast_classes import plan_class


@pytest.fixture
def first(studio, now) -> int:
    return plan_class(studio, now(), last_on=date(2026, 12, 15))[0]
