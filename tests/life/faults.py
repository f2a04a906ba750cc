"""All faults that the machines must find, and the command that shows that they do.

    python -m tests.life.faults [word of a fault]

plants one after the other, lives until a life goes otherwise than its model, and writes how many
lives that took into docs/proof-machines.md. It takes some minutes. With a number instead of a
word it plants nothing and lives so many new lives in each way.
"""

import logging
import os
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import Process, Queue
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
MOST = 60
# Nobody waits longer for the next fault, in seconds.
LONGEST = 1800
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
    # What a fault breaks in the worker is meant to break.
    logging.disable(logging.CRITICAL)
    now = Clock(NOW)
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place)
        (folder / "template").mkdir()
        patch.setattr(clock, "utcnow", now)
        template = Sqlite(folder / "template")
        with ground_of(template, {**USUAL, "INSTANCE_PATH": place}, folder) as ground:
            yield ground, now


def find(names: list[str], found: Queue) -> None:
    """Plant these faults one after the other, in a process of its own."""
    with somewhere() as (ground, now):
        for name in names:
            found.put((name, lives_until_found(PLANTED[name], ground, now)))


def main(word: str = "") -> int:
    """Plant every fault, print and write the table; 1 when one was not found."""
    if word.isdigit():
        return _live_on(int(word))
    begun, names = time.monotonic(), [name for name in PLANTED if word in name]
    queue, count = Queue(), os.cpu_count() or 1
    for number in range(count):
        Process(target=find, args=(names[number::count], queue)).start()
    found: dict[str, int | None] = {}
    while len(found) < len(names):
        name, lives = queue.get(timeout=LONGEST)
        found[name] = lives
        _say(f"{lives or 'not found':>4}  {name} ({PLANTED[name].way})")
    if not word:
        _write({name: found[name] for name in names}, time.monotonic() - begun)
    return int(None in found.values())


def _live_on(lives: int) -> int:
    first = secrets.randbelow(2**32)
    with somewhere() as (ground, now):
        for number in range(first, first + lives):
            for way, machine in WAYS.items():
                _say(f"{way} {number}")
                live(machine, ground, now, 1, number)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(found: dict[str, int | None], seconds: float) -> None:
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    machine = f"{platform.system()}, {platform.machine()}, Python {platform.python_version()}"
    table = [
        f"{when}, {machine}, SQLite: {len(found)} faults in {seconds / 60:.0f} minutes.\n\n",
        "| fault | machine | found in life |\n|---|---|---:|\n",
        *(
            f"| {name} | {PLANTED[name].way} | {lives or f'not in {MOST}'} |\n"
            for name, lives in found.items()
        ),
        "\n",
    ]
    text = PAGE.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:start]}\n{''.join(table)}{text[end:]}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
