"""The week strip: seven days with their counts, and the times of one of them."""

from dataclasses import dataclass
from datetime import date, datetime

from booking.domain.availability import DAY, local_date
from booking.domain.openings import Diary, Opening, Terms, openings_on
from booking.domain.policies import Policy
from booking.domain.series import WEEK
from booking.practice.models import Practice
from booking.scheduling.queries import load_diary

# Without a day in the address, the first day with openings is looked for this far.
LOOK_AHEAD = 3 * WEEK


@dataclass(frozen=True, slots=True)
class DayOffer:
    """One date of the strip."""

    day: date
    openings: tuple[Opening, ...]

    @property
    def others(self) -> list[Opening]:
        """What is offered as well, but would leave a stretch that is of no use."""
        return [one for one in self.openings if not one.is_best]

    @property
    def count(self) -> int:
        return len(self.openings)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven dates from today's weekday on, one of them chosen."""

    days: tuple[DayOffer, ...]
    chosen: DayOffer
    previous: date | None
    following: date | None

    @property
    def is_empty(self) -> bool:
        return not any(offer.openings for offer in self.days)


def week_for(
    terms: Terms,
    wanted: date | None,
    practice: Practice,
    policy: Policy,
    now: datetime,
    without: tuple[int, ...] = (),
) -> Week:
    """Return the strip that holds `wanted`, or the first day with openings when it is None.

    `policy` are the rules as they are for whoever looks. The number of selects does not depend
    on the range. Dates outside what may be booked lead to the nearest that may.
    """
    today = local_date(now, practice.zone)
    furthest = policy.furthest(now, practice.zone)
    if wanted is not None:
        wanted = min(max(wanted, today), furthest)
    first = today if wanted is None else _block(wanted, today)
    last = first + (LOOK_AHEAD if wanted is None else WEEK) - DAY
    diary = load_diary([terms], first, last, practice.zone, now, without)
    if wanted is None:
        wanted = _first_open_day(terms, diary, policy, now) or today
        first = _block(wanted, today)
    days = tuple(_offer(first + DAY * n, terms, diary, policy, now) for n in range(7))
    return Week(
        days=days,
        chosen=days[(wanted - first).days],
        previous=first - WEEK if first > today else None,
        following=first + WEEK if first + WEEK <= furthest else None,
    )


def _block(day: date, today: date) -> date:
    """The strips begin today and every seventh day from there: no past days take up room."""
    return today + (day - today) // WEEK * WEEK


def _offer(day: date, terms: Terms, diary: Diary, policy: Policy, now: datetime) -> DayOffer:
    return DayOffer(day, tuple(openings_on(day, terms, diary, policy, now)))


def _first_open_day(terms: Terms, diary: Diary, policy: Policy, now: datetime) -> date | None:
    day = diary.first
    while day <= diary.last:
        if openings_on(day, terms, diary, policy, now):
            return day
        day += DAY
    return None


def parts_of_day(offer: DayOffer, practice: Practice) -> dict[str, list[Opening]]:
    """Group a day's best openings into morning, afternoon and evening, without empty parts.

    `DayOffer.others` are what is left of them.
    """
    parts: dict[str, list[Opening]] = {"morning": [], "afternoon": [], "evening": []}
    for opening in offer.openings:
        if not opening.is_best:
            continue
        hour = opening.starts_at.astimezone(practice.zone).hour
        parts["morning" if hour < 12 else "afternoon" if hour < 17 else "evening"].append(opening)
    return {name: openings for name, openings in parts.items() if openings}
