"""Lives: how many of a machine are lived, with which luck, and on what ground."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as how
from hypothesis.stateful import run_state_machine_as_test

from booking import create_app, sending
from tests.conftest import Clock
from tests.databases import Postgres, Sqlite
from tests.life.ground import Ground
from tests.life.pressing import Pressing

STEPS = 40


class Nowhere:
    """An outlet that takes every mail, and looks at none."""

    is_open = True

    def make_ready(self) -> None: ...

    def send(self, message: Any, sender: str, address: str) -> None: ...

    def close(self) -> None: ...


@contextmanager
def ground_of(template: Sqlite | Postgres, settings: dict, folder: Path) -> Iterator[Ground]:
    """Yield a database that begins anew for each life, under one application."""
    made = Ground(template, folder)
    app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": made.url})
    before, sending.outlet = sending.outlet, lambda now: Nowhere()
    try:
        with app.app_context():
            made.hurry()
            yield made
            made.leave()
    finally:
        sending.outlet = before


def live(
    machine: type[Pressing],
    ground: Ground,
    clock: Clock,
    lives: int,
    first: int = 0,
    steps: int = STEPS,
) -> None:
    """Live until one life is another than its model's; each has a seed of its own, from `first`.

    Of many examples from one seed most are much like another.
    """
    chosen = how(
        deadline=None,
        database=None,
        max_examples=1,
        stateful_step_count=steps,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        # Making a failure smaller takes minutes; the steps that led to it are told anyway.
        phases=[Phase.generate],
    )
    for number in range(lives):
        lived = seed(first + number)(type("Lived", (machine,), {"ground": ground, "clock": clock}))
        run_state_machine_as_test(lived, settings=chosen)
