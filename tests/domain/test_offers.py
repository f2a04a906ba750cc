"""How long a freed place is offered to the first in line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.availability import MINUTE
from booking.domain.offers import LEAST, OfferTime, offer_time
from booking.domain.policies import Policy, is_quiet

ZONE = ZoneInfo("America/New_York")
POLICY = Policy()
FAR = datetime(2026, 12, 24, 17, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "closes", "tell", "expires"),
    [
        ("24T10:00", "26T10:00", "24T10:00", "24T10:30"),
        ("24T20:50", "26T10:00", "24T20:50", "25T08:20"),
        ("24T21:00", "26T10:00", "25T08:00", "25T08:30"),
        ("25T03:00", "26T10:00", "25T08:00", "25T08:30"),
        ("25T08:00", "26T10:00", "25T08:00", "25T08:30"),
        ("24T10:00", "24T11:00", "24T10:00", "24T10:15"),
        ("24T10:00", "24T10:16", "24T10:00", "24T10:05"),
    ],
    ids=["by day", "into the night", "as it begins", "at night", "as it ends", "soon", "very soon"],
)
def test_an_offer_stands_half_an_hour_of_waking_time_or_less(now, closes, tell, expires):
    found = offer_time(local(now), local(closes), 30, POLICY, ZONE)
    assert found == OfferTime(local(tell), local(expires))


@pytest.mark.parametrize(
    ("now", "closes"),
    [("24T10:00", "24T10:04"), ("24T10:00", "24T10:00"), ("24T10:00", "23T10:00"),
     ("24T22:00", "25T08:03")],
    ids=["nearly over", "over", "long over", "over before anybody is awake"],
)  # fmt: skip
def test_too_late_there_is_no_offer(now, closes):
    assert offer_time(local(now), local(closes), 30, POLICY, ZONE) is None


def test_the_quiet_hours_may_lie_within_a_day_or_not_be_at_all():
    siesta = Policy(quiet_from=13 * 60, quiet_until=15 * 60)
    assert offer_time(local("24T12:50"), FAR, 30, siesta, ZONE) == OfferTime(
        local("24T12:50"), local("24T15:20")
    )
    never = Policy(quiet_from=0, quiet_until=0)
    assert offer_time(local("24T23:50"), FAR, 30, never, ZONE) == OfferTime(
        local("24T23:50"), local("25T00:20")
    )


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda value: value.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(instants, st.integers(0, 7 * 1440), st.integers(5, 240))
def test_an_offer_ends_before_it_is_of_no_use_and_nobody_is_woken(now, minutes_left, length):
    closes = now + minutes_left * MINUTE
    found = offer_time(now, closes, length, POLICY, ZONE)
    if found is None:
        return
    assert now <= found.tell_at < found.expires_at <= closes
    assert not is_quiet(found.tell_at, POLICY, ZONE)
    awake = sum(
        not is_quiet(found.tell_at + step * MINUTE, POLICY, ZONE)
        for step in range(int((found.expires_at - found.tell_at) / MINUTE))
    )
    assert timedelta(minutes=awake) >= LEAST
    assert awake <= length
