"""What is left of a day between sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.domain.availability import MINUTE
from booking.domain.intervals import Interval, subtract

# Less than this is a breath between two sessions, not free time.
LEAST = 15 * MINUTE


def gaps(
    open_time: Iterable[Interval],
    taken: Iterable[Interval],
    whole: Interval,
    since: datetime,
    least: timedelta = LEAST,
) -> list[Interval]:
    """Return the free stretches of `whole` within open time, from `since` on, in order."""
    taken = list(taken)
    start = max(whole.start, since)
    stretches = (Interval(max(one.start, start), min(one.end, whole.end)) for one in open_time)
    free = [left for one in stretches for left in subtract(one, taken)]
    return [one for one in free if one.end - one.start >= least]
