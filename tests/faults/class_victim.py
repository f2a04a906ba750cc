"""A process that books terms and passes offers on for as long as it lives; it ends by being killed.

Run as `python -m tests.faults.class_victim URL FOLDER FIRST`: it says the number of each step, from
FIRST on, as the step begins.
"""

import sys
from datetime import datetime, timedelta
from itertools import count

from booking import create_app
from booking.bookings import places, waiting
from booking.bookings.enrolments import Attempt
from booking.database import transact
from booking.practice import queries as practice
from tests.cast import at
from tests.cast_classes import guests

# The series whose term is booked: the first that is planned.
TERM = 1
# An offer stands half an hour: in each step the one of the step before has run out.
STEP = timedelta(minutes=40)


def moment(step: int) -> datetime:
    """When a step takes place; the clock of a victim goes on where that of the last one stopped."""
    return at(9, day=23) + step * STEP


def main(url: str, folder: str, first: str) -> None:
    settings = {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": folder, "SECRET_KEY": "k" * 40}
    with create_app(settings).app_context():
        for step in count(int(first)):
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            if step % 2:
                transact(waiting.expire_next, practice.current(), moment(step))
            else:
                book_term(step)


def book_term(step: int) -> None:
    attempt = Attempt("victim", f"step-{step}")
    party = guests(f"victim{step} first", f"victim{step} second")
    transact(places.book_term, TERM, attempt, party, None, practice.current(), moment(step))


if __name__ == "__main__":
    main(*sys.argv[1:])
