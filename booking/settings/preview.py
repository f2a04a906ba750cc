"""What rules of time mean for one session: the sentences that its client would read."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, instant_of, local_date
from booking.domain.policies import Due, Policy, earlier, plan_reminders

THURSDAY = 3
AT = time(10)


@dataclass(frozen=True, slots=True)
class Preview:
    """An example session, booked now, and what follows for it; instants in UTC."""

    start: datetime
    cancel_until: datetime
    move_until: datetime
    reminders: tuple[Due, ...]
    earliest: datetime
    furthest: date


def preview(policy: Policy, zone: ZoneInfo, now: datetime) -> Preview:
    """Take a Thursday morning a week or more ahead as the example."""
    day = local_date(now, zone) + 7 * DAY
    day += (THURSDAY - day.weekday()) % 7 * DAY
    start = instant_of(datetime.combine(day, AT), zone)
    return Preview(
        start=start,
        cancel_until=earlier(start, policy.cancel_minutes, zone),
        move_until=earlier(start, policy.move_minutes, zone),
        reminders=tuple(plan_reminders(start, now, policy.reminder_leads, policy, zone)),
        earliest=policy.earliest(now),
        furthest=policy.furthest(now, zone),
    )
