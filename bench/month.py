"""What a month of openings costs, as a multiple of one day's page: ``python bench/month.py``.

Fills a demo of its own in a folder that is removed afterwards, and asks for both pages in turns,
so that whatever else the machine does falls on both alike.
"""

import itertools
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient

from bench.sites import SLUG, demo
from bench.statements import counting
from booking import clock
from booking.database import db

ROUNDS = 40
_numbers = itertools.count()


def seconds(client: FlaskClient, path: str) -> float:
    """Return how long a page takes, rendered anew: nobody has asked for this address before."""
    path += f"{'&' if '?' in path else '?'}n={next(_numbers)}"
    began = time.perf_counter()
    answer = client.get(path)
    spent = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return spent


def main() -> None:
    with demo() as app:
        day = clock.utcnow().date() + timedelta(days=20)
        paths = {
            "day": f"/services/{SLUG}?day={day}",
            "month": f"/services/{SLUG}/month/{day:%Y-%m}",
        }
        measure(app.test_client(), paths)


def measure(client: FlaskClient, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        seconds(client, path)
        with counting(db.engine) as statements:
            seconds(client, path)
        print(f"{name:6} {len(statements):3} statements")
    spent: dict[str, list[float]] = {name: [] for name in paths}
    for _round in range(ROUNDS):
        for name, path in paths.items():
            spent[name].append(seconds(client, path))
    median = {name: statistics.median(times) for name, times in spent.items()}
    for name, value in median.items():
        print(f"{name:6} {value * 1000:6.1f} ms")
    print(f"month : day = {median['month'] / median['day']:.2f}")


if __name__ == "__main__":
    main()
