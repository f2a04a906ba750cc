"""How long a proof is, and what it came to: a line that `pytest -s` shows, a row for the table.

`python3 run.py prove` sets PROVE to the part of the full sizes that is wanted and PROOF to a file
for the rows; without them everything has its short form.
"""

import json
import os
import sys
from pathlib import Path

PART = float(os.environ.get("PROVE") or 0)
FULL = PART > 0


def size(short: int, full: int) -> int:
    """Return how much of something is done: never less than the short form does."""
    return max(short, round(full * PART)) if FULL else short


def tell(what: str, engine_name: str, **figures: object) -> None:
    """Say what was seen; `control` names what was taken out, when it was a control."""
    words = ", ".join(f"{name} {value}" for name, value in figures.items())
    sys.stdout.write(f"\n{what} on {engine_name}: {words}\n")
    if rows := os.environ.get("PROOF"):
        row = {"what": what, "engine": engine_name, "figures": figures, "test": _test()}
        with Path(rows).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, default=str) + "\n")


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
