"""How long the week takes to render: empty, empty with a full calendar around it, and full.

Run with ``python bench/week.py``. The week of one practitioner is asked for through the whole
application, on SQLite; what counts is the ratio, which should stay at or under 1.5 however many
bookings lie elsewhere.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient
from flask_migrate import upgrade

from bench.rows import Kind, add_bookings
from booking import clock, create_app
from tests import cast
from tests.cast import Studio

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
EMPTY = "/studio/week/2026-11-25?practitioner={}"
FULL = "/studio/week/2027-02-03?practitioner={}"
ROUNDS = 40
MOST = 1.5


def seconds(client: FlaskClient, path: str) -> float:
    """Return the median time of a page."""
    taken = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    return statistics.median(taken)


def main() -> None:
    """Print the times and their ratios."""
    clock.utcnow = lambda: NOW
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({
            "SECRET_KEY": "bench-" + "k" * 40, "TESTING": True, "INSTANCE_PATH": folder,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{Path(folder) / 'bench.sqlite3'}",
            "PUBLIC_URL": "http://localhost", "RATELIMIT_ENABLED": False,
        })  # fmt: skip
        with app.app_context():
            upgrade()
            studio = cast.make_studio(NOW)
            client = app.test_client()
            cast.sign_in(client, studio.accounts["mara"], NOW)
        measure(client, app, studio)


def measure(client: FlaskClient, app, studio: Studio) -> None:  # noqa: ANN001 - a Flask
    what = Kind(studio.massage, studio.hour, (studio.lena,))

    def add(count: int, first: datetime) -> None:
        with app.app_context():
            add_bookings(what, count, first, NOW)

    add(10, datetime(2027, 1, 4, tzinfo=UTC))
    few = seconds(client, EMPTY.format(studio.lena))
    add(9_990, datetime(2027, 3, 1, tzinfo=UTC))
    many = seconds(client, EMPTY.format(studio.lena))
    add(48, datetime(2027, 2, 1, tzinfo=UTC))
    full = seconds(client, FULL.format(studio.lena))
    print(f"empty week, 10 bookings elsewhere:      {few * 1000:6.1f} ms")
    print(f"empty week, 10,000 bookings elsewhere:  {many * 1000:6.1f} ms, {many / few:.2f} times")
    print(f"week with 48 bookings:                  {full * 1000:6.1f} ms, {full / few:.2f} times, "
          f"{(full - few) / 48 * 1000:.2f} ms for each of its blocks")  # fmt: skip
    print("fine" if many / few <= MOST else "TOO SLOW")
    raise SystemExit(0 if many / few <= MOST else 1)


if __name__ == "__main__":
    main()
