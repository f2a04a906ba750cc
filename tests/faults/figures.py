"""How long a race is, and what it came to in one line that `pytest -s` shows."""

import os
import sys

# With FULL=1 in the environment the races of classes run at their whole length.
FULL = os.environ.get("FULL") == "1"


def tell(what: str, engine_name: str, **figures: object) -> None:
    words = ", ".join(f"{name} {value}" for name, value in figures.items())
    sys.stdout.write(f"\n{what} on {engine_name}: {words}\n")
