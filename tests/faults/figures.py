"""What a race came to, in one line that `pytest -s` shows."""

import sys


def tell(what: str, engine_name: str, **figures: object) -> None:
    words = ", ".join(f"{name} {value}" for name, value in figures.items())
    sys.stdout.write(f"\n{what} on {engine_name}: {words}\n")
