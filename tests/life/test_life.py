import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.life.class_machine import ClassMachine
from tests.life.ground import Ground
from tests.life.living import ground_of, live
from tests.life.session_machine import SessionMachine

FULL = int(os.environ.get("FULL", "0"))
FIRST = int(os.environ.get("FIRST", "0"))


@pytest.fixture(params=ENGINES)
def ground(request: pytest.FixtureRequest, settings: dict, tmp_path: Path) -> Iterator[Ground]:
    name = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    with ground_of(request.getfixturevalue(name), settings, tmp_path) as made:
        yield made


WAYS = {
    "sessions": (SessionMachine, {}),
    "limits": (SessionMachine, {"most": 2}),
    "asked": (SessionMachine, {"asks": True}),
    "offer": (ClassMachine, {"automatic": False}),
    "automatic": (ClassMachine, {"automatic": True}),
}


@pytest.mark.parametrize("way", WAYS)
def test_lives(ground, now, way):
    machine, what = WAYS[way]
    live(type("M", (machine,), what), ground, now, FULL or 5, FIRST)
