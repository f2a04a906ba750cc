"""What a month of openings costs, as a multiple of one day's page: ``python bench/month.py``.

Fills a demo of its own in a folder that is removed afterwards, and asks for both pages in turns,
so that whatever else the machine does falls on both alike.
"""

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from booking import clock, create_app
from booking.database import db
from booking.demo import fill

ROUNDS = 40
SLUG = "therapeutic-massage"


def seconds(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    spent = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return spent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "SECRET_KEY": "k" * 40,
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.sqlite3",
                "INSTANCE_PATH": folder,
                "RATELIMIT_ENABLED": False,
                "PUBLIC_URL": "http://localhost",
            }
        )
        with app.app_context():
            upgrade()
            fill.fill(clock.utcnow())
            day = clock.utcnow().date() + timedelta(days=20)
            paths = {
                "day": f"/services/{SLUG}?day={day}",
                "month": f"/services/{SLUG}/month/{day:%Y-%m}",
            }
            measure(app.test_client(), paths)
            db.engine.dispose()


def measure(client: FlaskClient, paths: dict[str, str]) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    for name, path in paths.items():
        seconds(client, path)
        statements.clear()
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
