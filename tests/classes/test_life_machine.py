"""The life of a class under random presses, held to a model, on both engines and in both modes.

FULL names how many lives are lived, new ones each time; without it they are few, and always the
same. A machine is worth what it finds: faults are planted, and each must be found. Those that
take many lives to show are planted only with FULL.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as how
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import DBAPIError

from booking import create_app
from tests.classes.life_faults import PLANTED, SOON_FOUND
from tests.classes.life_machine import Machine
from tests.classes.life_studio import Ground
from tests.conftest import ENGINES, Clock

FULL = int(os.environ.get("FULL", "0"))
FEW = {"sqlite": 15, "postgresql": 5}
# A fault that shows seldom needs more lives; one that is found ends them.
TO_FIND = 40


@pytest.fixture(params=ENGINES)
def ground(request: pytest.FixtureRequest, settings: dict, tmp_path: Path) -> Iterator[Ground]:
    """A database that begins anew for each life, under one application."""
    name = "sqlite_template" if request.param == "sqlite" else "postgres_template"
    made = Ground(request.getfixturevalue(name), tmp_path)
    app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": made.url})
    with app.app_context():
        made.hurry()
        yield made
        made.leave()


def live(ground: Ground, clock: Clock, lives: int, *, automatic: bool) -> None:
    """Let classes live on a ground, until one lives otherwise than its model.

    Each has a seed of its own: of many examples from one seed most are much like another.
    """
    where = {"ground": ground, "clock": clock, "automatic": automatic}
    first = secrets.randbelow(2**32) if FULL else 0
    chosen = how(
        deadline=None,
        database=None,
        max_examples=1,
        stateful_step_count=40,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        # Making a failure smaller takes minutes; the steps that led to it are told anyway.
        phases=[Phase.generate],
    )
    for number in range(lives):
        machine = seed(first + number)(type("Lived", (Machine,), where))
        run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.parametrize("automatic", [False, True], ids=["offer", "automatic"])
def test_a_class_lives_as_the_model_says(ground, now, automatic):
    live(ground, now, FULL or FEW[ground.engine_name], automatic=automatic)


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", PLANTED if FULL else sorted(SOON_FOUND))
def test_a_planted_fault_is_found(ground, now, monkeypatch, name):
    fault = PLANTED[name]
    fault.plant(monkeypatch)
    with pytest.raises((AssertionError, DBAPIError)):
        live(ground, now, max(FULL, TO_FIND), automatic=fault.automatic)
