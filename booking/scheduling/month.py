"""A month of openings to jump by: how many a day, from one diary for all its days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from booking.domain.availability import DAY, local_date
from booking.domain.openings import Terms, openings_on
from booking.domain.policies import Policy
from booking.domain.series import WEEK
from booking.practice.models import Practice
from booking.scheduling.queries import load_diary


@dataclass(frozen=True, slots=True)
class DayCount:
    """One date of the month; nothing is counted where nothing may be booked."""

    day: date
    count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks of seven, None for the days of its neighbours."""

    first: date
    weeks: tuple[tuple[DayCount | None, ...], ...]
    previous: date | None
    following: date | None

    @property
    def total(self) -> int:
        return sum(one.count for week in self.weeks for one in week if one)


def bookable_months(practice: Practice, now: datetime) -> tuple[date, date]:
    """Return the first days of the first and the last month in which anything may be booked."""
    today = local_date(now, practice.zone)
    return today.replace(day=1), practice.policy.furthest(now, practice.zone).replace(day=1)


def next_month(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def month_for(
    terms: Terms,
    first: date,
    practice: Practice,
    policy: Policy,
    now: datetime,
    first_weekday: int,
) -> Month:
    """Return the month that begins on `first`, its weeks on `first_weekday` (Monday is 0).

    `policy` are the rules as they are for whoever looks.
    The number of selects is a week's, whatever the month holds.
    """
    today = local_date(now, practice.zone)
    begins = max(first, today)
    ends = min(next_month(first) - DAY, practice.policy.furthest(now, practice.zone))
    counts = dict(_counts(terms, begins, ends, practice, policy, now)) if begins <= ends else {}
    earliest, latest = bookable_months(practice, now)
    return Month(
        first=first,
        weeks=tuple(_weeks(first, counts, first_weekday)),
        previous=(first - DAY).replace(day=1) if first > earliest else None,
        following=next_month(first) if first < latest else None,
    )


def _counts(
    terms: Terms, begins: date, ends: date, practice: Practice, policy: Policy, now: datetime
) -> Iterator[tuple[date, int]]:
    diary = load_diary([terms], begins, ends, practice.zone, now)
    for number in range((ends - begins).days + 1):
        day = begins + number * DAY
        yield day, len(openings_on(day, terms, diary, policy, now))


def _weeks(
    first: date, counts: dict[date, int], first_weekday: int
) -> Iterator[tuple[DayCount | None, ...]]:
    day = first - ((first.weekday() - first_weekday) % 7) * DAY
    while day < next_month(first):
        yield tuple(
            DayCount(one, counts.get(one, 0), one in counts) if one.month == first.month else None
            for one in (day + number * DAY for number in range(7))
        )
        day += WEEK
