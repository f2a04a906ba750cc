"""The domain never asks the machine for its zone: here it is one in which nobody is."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="package")
def _far_away() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        yield
    time.tzset()
