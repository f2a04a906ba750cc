"""How long the week takes to render: empty, empty with a full calendar around it, and full.

Run with ``python bench/week.py``. The week of one practitioner is asked for through the whole
application, on SQLite; what counts is the ratio, which should stay at or under 1.5 however many
bookings lie elsewhere.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert

from booking import clock, create_app
from booking.accounts.models import Person
from booking.bookings.models import Booking, Status
from booking.database import db, transact
from booking.scheduling.models import Claim, ClaimKind, TimeClaim
from tests import cast
from tests.cast import Studio

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
EMPTY = "/studio/week/2026-11-25?practitioner={}"
FULL = "/studio/week/2027-02-03?practitioner={}"
ROUNDS = 40
DAY = timedelta(days=1)
# Bookings of an hour begin so many hours after midnight in UTC: 9 to 16 in New York.
HOURS = range(14, 22)
MOST = 1.5


def add_bookings(studio: Studio, count: int, first: datetime) -> None:
    """Write so many bookings of Lena's, eight a day from a date on, straight into the tables."""
    person = db.session.scalars(db.select(Person.id).limit(1)).one()
    starts = (first + number // len(HOURS) * DAY + timedelta(hours=HOURS[number % len(HOURS)])
              for number in range(count))  # fmt: skip
    claimed = (db.session.scalar(db.select(db.func.max(Claim.id))) or 0) + 1
    claims, times, bookings = [], [], []
    for number, start in enumerate(starts, claimed):
        end = start + timedelta(hours=1)
        claims.append({"id": number, "kind": ClaimKind.BOOKING, "created_at": NOW})
        times.append({
            "claim_id": number, "resource_id": studio.lena, "starts_at": start, "ends_at": end,
        })  # fmt: skip
        bookings.append({
            "person_id": person, "claim_id": number, "service_id": studio.massage,
            "option_id": studio.hour, "practitioner_id": studio.lena, "service_name": "Massage",
            "starts_at": start, "ends_at": end, "local_start": start.replace(tzinfo=None),
            "zone_name": "America/New_York", "before_minutes": 0, "after_minutes": 0,
            "price_cents": 9500, "currency": "USD", "status": Status.BOOKED, "revision": 1,
            "cancel_until": start, "move_until": start, "undo_until": NOW, "policy_version": 1,
            "note": "", "created_at": NOW,
        })  # fmt: skip
    for model, rows in ((Claim, claims), (TimeClaim, times), (Booking, bookings)):
        db.session.execute(insert(model), rows)


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
    def add(count: int, first: datetime) -> None:
        with app.app_context():
            transact(add_bookings, studio, count, first)

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
