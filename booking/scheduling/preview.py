"""What clients would be offered if the hours were others; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.domain.availability import DAY, WeeklyHours, local_date, open_between
from booking.domain.openings import Diary, Terms, openings_on
from booking.practice.models import Practice
from booking.scheduling.hours import load_hours
from booking.scheduling.queries import load_diary

DAYS = 7


@dataclass(frozen=True, slots=True)
class DayChange:
    """The starts of one date as they are offered now, and as they would be."""

    day: date
    before: tuple[datetime, ...]
    after: tuple[datetime, ...]

    @property
    def all(self) -> list[datetime]:
        return sorted({*self.before, *self.after})


def preview(
    terms: Terms,
    practitioner_id: int,
    weekly: Sequence[WeeklyHours],
    practice: Practice,
    now: datetime,
) -> list[DayChange]:
    """Return the coming seven days of one practitioner's openings, today first."""
    first = local_date(now, practice.zone)
    last = first + (DAYS - 1) * DAY
    terms = terms.only(practitioner_id)
    diary = load_diary([terms], first, last, practice.zone, now)
    hours = load_hours([practitioner_id], first, last, practice.zone)[practitioner_id]
    changed = open_between(first - DAY, last + DAY, hours._replace(weekly=weekly), practice.zone)
    then = replace(diary, open_time={practitioner_id: changed})
    days = [first + number * DAY for number in range(DAYS)]
    return [
        DayChange(day, _starts(day, terms, diary, practice, now),
                  _starts(day, terms, then, practice, now))
        for day in days
    ]  # fmt: skip


def _starts(
    day: date, terms: Terms, diary: Diary, practice: Practice, now: datetime
) -> tuple[datetime, ...]:
    return tuple(one.starts_at for one in openings_on(day, terms, diary, practice.policy, now))
