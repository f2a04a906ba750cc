"""Offers to those who wait: how long one stands, and when there is no point in another.

Time counts only while people are awake: the quiet hours stop the clock of an offer. What frees
at night is kept for the first in line, who hears of it in the morning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.availability import MINUTE
from booking.domain.policies import Policy, after_quiet, is_quiet, next_quiet

# As the start comes near an offer gets this share of what is left, so that several who wait can
# still be asked one after the other, but never less than anybody needs to read a mail.
SHARE = 4
LEAST = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class OfferTime:
    """From when the person may be told, and until when the place or time is theirs to take."""

    tell_at: datetime
    expires_at: datetime


def offer_time(
    now: datetime, closes_at: datetime, minutes: int, policy: Policy, zone: ZoneInfo
) -> OfferTime | None:
    """Return how long an offer made `now` stands; None when it is too late to make one.

    `closes_at` is the last instant at which the freed place is of use: for a class the end of its
    cancel window, for a private time the start less the notice. `minutes` is the usual length.
    """
    tell_at = after_quiet(now, policy, zone)
    left = _awake_between(tell_at, closes_at, policy, zone)
    if left < LEAST:
        return None
    length = max(min(minutes * MINUTE, left / SHARE), LEAST)
    whole = timedelta(minutes=length // MINUTE)
    return OfferTime(tell_at, _awake_later(tell_at, whole, policy, zone))


def _awake_later(start: datetime, length: timedelta, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return the instant at which `length` has passed, the quiet hours not counted."""
    while True:
        start = after_quiet(start, policy, zone)
        quiet = next_quiet(start, policy, zone)
        if start + length <= quiet:
            return start + length
        length -= quiet - start
        start = quiet


def _awake_between(start: datetime, end: datetime, policy: Policy, zone: ZoneInfo) -> timedelta:
    """Return how much of `[start, end)` lies outside the quiet hours."""
    awake = timedelta()
    while start < end:
        if is_quiet(start, policy, zone):
            start = after_quiet(start, policy, zone)
            continue
        quiet = min(next_quiet(start, policy, zone), end)
        awake += quiet - start
        start = quiet
    return awake
