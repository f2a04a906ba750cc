"""All faults that the machines must find, and the command that shows that they do.

    python -m tests.life.faults [word of a fault]

plants one after the other, lives until a life goes otherwise than its model, and writes how many
lives that took into docs/proof-machines.md. It takes some minutes. With a number instead of a
word it plants nothing and lives so many new lives in each way.
"""

import logging
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from booking import clock
from tests.conftest import NOW, USUAL, Clock
from tests.databases import Sqlite
from tests.life import class_faults, session_faults
from tests.life.ground import Ground
from tests.life.living import ground_of, live
from tests.life.planting import Fault
from tests.life.ways import WAYS

PLANTED: dict[str, Fault] = {**session_faults.PLANTED, **class_faults.PLANTED}
# A fault that shows seldom needs more lives; one that is found ends them.
MOST = 150
# What tells that something is wrong: a difference, or a database that does not stand for it.
FOUND = (AssertionError, IntegrityError)
PAGE = Path(__file__).parents[2] / "docs" / "proof-machines.md"
BEGIN, END = "<!-- faults -->\n", "<!-- /faults -->\n"


def lives_until_found(fault: Fault, ground: Ground, now: Clock, most: int = MOST) -> int | None:
    """Plant a fault and return in which life it was found; None when it was not."""
    with pytest.MonkeyPatch.context() as patch:
        fault.plant(patch)
        for number in range(most):
            try:
                live(WAYS[fault.way], ground, now, 1, number)
            except FOUND:
                return number + 1
    return None


@contextmanager
def somewhere() -> Iterator[tuple[Ground, Clock]]:
    """Yield a ground of its own and the clock that stands over it."""
    now = Clock(NOW)
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place)
        (folder / "template").mkdir()
        patch.setattr(clock, "utcnow", now)
        template = Sqlite(folder / "template")
        with ground_of(template, {**USUAL, "INSTANCE_PATH": place}, folder) as ground:
            yield ground, now


def main(word: str = "") -> int:
    """Plant every fault, print and write the table; 1 when one was not found."""
    # What a fault breaks in the worker is meant to break.
    logging.disable(logging.CRITICAL)
    with somewhere() as (ground, now):
        if word.isdigit():
            return _live_on(int(word), ground, now)
        begun, rows = time.monotonic(), []
        for name, fault in PLANTED.items():
            if word in name:
                found = lives_until_found(fault, ground, now)
                rows.append((name, fault.way, str(found or f"not found in {MOST}")))
                _say(f"{rows[-1][2]:>4}  {name} ({fault.way})")
    if not word:
        _write(rows, time.monotonic() - begun)
    return int(any(found.startswith("not") for *_, found in rows))


def _live_on(lives: int, ground: Ground, now: Clock) -> int:
    first = secrets.randbelow(2**32)
    for number in range(first, first + lives):
        for way, machine in WAYS.items():
            _say(f"{way} {number}")
            live(machine, ground, now, 1, number)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(rows: list[tuple[str, str, str]], seconds: float) -> None:
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    machine = f"{platform.system()}, {platform.machine()}, Python {platform.python_version()}"
    table = [
        f"{when}, {machine}, SQLite: {len(rows)} faults in {seconds / 60:.0f} minutes, "
        f"{STEPS} steps a life.\n\n",
        "| fault | machine | found in life |\n|---|---|---:|\n",
        *(f"| {name} | {way} | {found} |\n" for name, way, found in rows),
        "\n",
    ]
    text = PAGE.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:start]}\n{''.join(table)}{text[end:]}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
