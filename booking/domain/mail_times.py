"""When mails go that are not reminders: the day after, the next visit, the morning's sheet."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, instant_of, local_date
from booking.domain.policies import Policy, after_quiet, before_quiet

# So many visits have a rhythm; two of them are one gap, which may be chance.
FEWEST_VISITS = 3


def wall_at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the clock in `zone` shows `minute` of a local date."""
    wall = datetime(day.year, day.month, day.day) + minute * MINUTE  # noqa: DTZ001 - a wall time
    return instant_of(wall, zone)


def day_after(ended: datetime, minute: int, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return when a mail goes on the day after a session, at `minute` of the local day."""
    return _by_day(local_date(ended, zone) + DAY, minute, ended, policy, zone)


def rhythm(days: Iterable[date]) -> timedelta | None:
    """Return how long it usually is from visit to visit: the median; None for too few visits.

    Two sessions on one day are one visit.
    """
    visits = sorted(set(days))
    if len(visits) < FEWEST_VISITS:
        return None
    return round(median((after - before).days for before, after in pairwise(visits))) * DAY


def next_visit(
    days: Iterable[date], ended: datetime, minute: int, policy: Policy, zone: ZoneInfo
) -> datetime | None:
    """Return when somebody would come again by their own rhythm, at `minute` of the local day.

    `ended` is the end of the last of these visits. None without a rhythm.
    """
    usual = rhythm(days)
    if usual is None:
        return None
    return _by_day(local_date(ended, zone) + usual, minute, ended, policy, zone)


def _by_day(day: date, minute: int, ended: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    """A quiet moment is pulled earlier, though never before the session is over."""
    wanted = wall_at(day, minute, zone)
    pulled = before_quiet(wanted, policy, zone)
    return pulled if pulled > ended else after_quiet(wanted, policy, zone)


def next_at(instant: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """Return the first moment from `instant` on at which a day's clock shows `minute`."""
    today = local_date(instant, zone)
    at = wall_at(today, minute, zone)
    return at if at >= instant else wall_at(today + DAY, minute, zone)
