"""Lives under random presses, held to a model: sessions on both engines, classes in both modes.

They are few here, and always the same. `python -m tests.life.faults` lives many, and plants all
faults; some that are soon found are planted here, so that the machines are seen to be able to fail.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.life.faults import PLANTED, lives_until_found
from tests.life.ground import Ground
from tests.life.living import ground_of, live
from tests.life.ways import WAYS

LIVES = {"sqlite": 2, "postgresql": 1}
# The beginning of a life each: enough that every way is lived on both engines.
STEPS = 12
# One of each kind: a guard, a length, an order, and two of classes.
SOON_FOUND = (
    "the database guards no time",
    "turnover takes no time",
    "who has most to do is asked first",
    "what should be offered is given",
    "what is cancelled is offered to nobody",
)
ENOUGH = 10


@pytest.fixture(params=ENGINES)
def ground(request: pytest.FixtureRequest, settings: dict, tmp_path: Path) -> Iterator[Ground]:
    name = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    with ground_of(request.getfixturevalue(name), settings, tmp_path) as made:
        yield made


def test_lives_go_as_the_models_say(ground, now):
    for machine in WAYS.values():
        live(machine, ground, now, LIVES[ground.engine_name], steps=STEPS)


def test_what_each_fault_takes_the_place_of_is_there():
    missing = [name for name, one in PLANTED.items() if one.name not in vars(one.module)]
    assert missing == []


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_planted_faults_are_found(ground, now):
    for name in SOON_FOUND:
        assert lives_until_found(PLANTED[name], ground, now, ENOUGH), name
