"""All faults that the machines must find, and the command that shows that they do.

    python -m tests.life.faults [word of a fault]

plants one after the other, lives until a life goes otherwise than its model, and writes how many
lives that took into docs/proof-machines.md. It takes some minutes.
"""

import logging
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from booking import clock
from tests.conftest import NOW, USUAL, Clock
from tests.databases import Sqlite
from tests.life import class_faults, session_faults
from tests.life.ground import Ground
from tests.life.living import STEPS, ground_of, live
from tests.life.planting import Fault
from tests.life.ways import WAYS

PLANTED: dict[str, Fault] = {**session_faults.PLANTED, **class_faults.PLANTED}
# A fault that shows seldom needs more lives; one that is found ends them.
MOST = 150
# What tells that something is wrong: a difference, or a database that does not stand for it.
FOUND = (AssertionError, DBAPIError)
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


def main(word: str = "") -> int:
    """Plant every fault, print and write the table; 1 when one was not found."""
    # What a fault breaks in the worker is meant to break.
    logging.disable(logging.CRITICAL)
    chosen = {name: one for name, one in PLANTED.items() if word in name}
    begun, rows = time.monotonic(), []
    now = Clock(NOW)
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place)
        (folder / "template").mkdir()
        patch.setattr(clock, "utcnow", now)
        template = Sqlite(folder / "template")
        with ground_of(template, {**USUAL, "INSTANCE_PATH": place}, folder) as ground:
            for name, fault in chosen.items():
                found = lives_until_found(fault, ground, now)
                rows.append((name, fault.way, str(found or f"not found in {MOST}")))
                sys.stdout.write(f"{rows[-1][2]:>4}  {name} ({fault.way})\n")
                sys.stdout.flush()
    if not word:
        _write(rows, time.monotonic() - begun)
    return int(any(found.startswith("not") for *_, found in rows))


def _write(rows: list[tuple[str, str, str]], seconds: float) -> None:
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    machine = f"{platform.system()}, {platform.machine()}, Python {platform.python_version()}"
    table = [
        f"{when}, {machine}, SQLite; {len(rows)} faults in {seconds / 60:.0f} minutes; a life has "
        f"{STEPS} steps.\n\n",
        "| fault | machine | found in life |\n|---|---|---:|\n",
        *(f"| {name} | {way} | {found} |\n" for name, way, found in rows),
        "\n",
    ]
    text = PAGE.read_text()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:start]}\n{''.join(table)}{text[end:]}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
