"""The life of a class under random presses, held to a model, on both engines and in both modes.

FULL names how many lives are lived; without it there are few, and always the same ones.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.classes.life_machine import Machine
from tests.classes.life_studio import Ground

FULL = int(os.environ.get("FULL", "0"))
FEW = {"sqlite": 25, "postgresql": 8}


@pytest.fixture
def ground(request, make_app, database_url, tmp_path):
    is_sqlite = database_url.startswith("sqlite")
    template = request.getfixturevalue("sqlite_template" if is_sqlite else "postgres_template")
    app = make_app()
    with app.app_context():
        yield Ground(app, template, tmp_path, database_url)


def live(ground: Ground, clock, *, automatic: bool, **changes) -> None:
    """Run the machine on a ground."""
    where = {"ground": ground, "clock": clock, "automatic": automatic}
    chosen = settings(
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=not FULL,
        stateful_step_count=40,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        **changes,
    )
    run_state_machine_as_test(type("Lived", (Machine,), where), settings=chosen)


@pytest.mark.parametrize("automatic", [False, True], ids=["offer", "automatic"])
def test_a_class_lives_as_the_model_says(ground, now, automatic):
    few = FEW[ground.url.partition(":")[0].partition("+")[0]]
    live(ground, now, automatic=automatic, max_examples=FULL or few)
