"""What the races are about: one time that everybody wants, or times that overlap at random."""

import random
from dataclasses import dataclass
from datetime import timedelta

from tests.cast import at
from tests.faults.attempts import Attempt
from tests.faults.bookings_seen import Need, Taken

GRID_MINUTES = 15
OPENS, CLOSES = 9 * 60, 17 * 60
DAYS_OF_A_ROUND = 4
# Days on which the studio opens and that may be booked: each round of a race has its own.
OPEN_DAYS = [
    day for number in range(59) if (day := at(0) + timedelta(days=number)).weekday() not in (5, 6)
]


@dataclass(frozen=True)
class Offer:
    """Lena's massages and Marco's training, all in one room: what each option asks for, by id."""

    hour: int
    needs: dict[int, Need]

    def taken_by(self, attempt: Attempt) -> Taken:
        """What an attempt would take if it were booked."""
        return self.needs[attempt.option_id].at(attempt.starts_at)


def crowd(offer: Offer, count: int, round_number: int = 0) -> list[Attempt]:
    """Everybody wants the same hour with the same practitioner."""
    start = OPEN_DAYS[round_number] + timedelta(hours=10)
    return [Attempt(f"visitor-{round_number}-{n}", offer.hour, start) for n in range(count)]


def scattered(
    offer: Offer, count: int, round_number: int = 0, day_count: int = DAYS_OF_A_ROUND
) -> list[Attempt]:
    """Starts and lengths at random, the same in every run; far more than fit into the days."""
    dice = random.Random(round_number)
    first = round_number * DAYS_OF_A_ROUND
    days = OPEN_DAYS[first : first + day_count]
    attempts = []
    for n in range(count):
        option_id = dice.choice(sorted(offer.needs))
        latest = CLOSES - offer.needs[option_id].minutes
        minute = dice.randrange(OPENS, latest + 1, GRID_MINUTES)
        start = dice.choice(days) + timedelta(minutes=minute)
        attempts.append(Attempt(f"visitor-{round_number}-{n}", option_id, start))
    return attempts
