"""Filling the studio, and counting what a page asks of the database."""

from datetime import timedelta

from booking.bookings.clients import Details
from booking.catalog.models import Category, Practitioner, Room, Service, ServiceOption
from booking.database import db
from tests.cast import at, book

# No page asks the database for more, however much there is.
MOST = 14


def count(client, statements, path: str) -> int:
    """Tell how many statements a page runs, what begins and ends transactions left out."""
    statements.clear()
    assert client.get(path).status_code == 200
    return len([one for one in statements if not one.startswith(("BEGIN", "SAVEPOINT"))])


def fill_calendar(studio, now) -> None:
    """Book nearly everything for three weeks."""
    start, number = at(9, day=25), 0
    while start < at(9, day=25) + timedelta(days=21):
        if start.weekday() < 5:
            for hour in (0, 2, 4, 6):
                number += 1
                guest = Details(f"Guest {number}", f"guest{number}@example.com")
                book(
                    studio.training, start + timedelta(hours=hour), now(), details=guest,
                    visitor=f"v{number}",
                )  # fmt: skip
        start += timedelta(days=1)


def book_days(studio, now, *days: int) -> None:
    """Book Marco for Ada on these days of November, at ten."""
    for day in days:
        book(studio.hour, at(10, day=day), now(), account="ada", studio=studio, visitor=f"{day}",
             practitioner=studio.marco)  # fmt: skip


def enlarge(studio) -> None:
    """Add a dozen each of practitioners, rooms, kinds and services."""
    for number in range(12):
        name = f"more-{number}"
        db.session.add_all([
            Practitioner(slug=name, name=name, is_archived=number > 9),
            Room(slug=name, name=name, is_archived=number > 9),
        ])  # fmt: skip
        lengths = [ServiceOption(minutes=30 + 5 * one, price_cents=100) for one in range(4)]
        db.session.add(
            Service(
                category=Category(slug=name, name=name), slug=name, name=name, options=lengths,
                practitioners=[db.session.get_one(Practitioner, studio.lena)],
                rooms=[db.session.get_one(Room, studio.hall)], is_archived=number > 9,
            )
        )  # fmt: skip
