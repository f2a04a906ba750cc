"""How fast mails may leave: never more in any minute than the provider allows, few at a time."""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
# A worker looks every few seconds: so many of a minute's mails may leave at once.
AT_ONCE = 6


def next_free(free_at: datetime | None, per_minute: int, now: datetime) -> datetime | None:
    """Return what `free_at` becomes when a mail leaves at `now`; None when it has to wait.

    `free_at` is when the last mail's share of time ends, None before the first. In any 60 seconds
    at most `per_minute` mails leave, which must be 1 or more. No share ends more than a minute
    ahead; one that does, by more than clocks differ, was written down by a clock that ran ahead
    and is as good as none.
    """
    if free_at is None or free_at > now + 2 * MINUTE:
        free_at = now
    burst = per_minute // AT_ONCE + 1
    share = MINUTE / (per_minute - burst + 1)
    begins = max(free_at, now)
    return None if begins - now > share * (burst - 1) else begins + share
