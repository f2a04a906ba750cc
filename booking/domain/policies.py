"""The practice's rules about time: notice, deadlines, reminders, undo."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.domain.availability import DAY, MINUTE, WeeklyHours, instant_of, local_date

DAY_MINUTES = 24 * 60
# A reminder that would fall into the quiet hours goes out this long before they begin.
BEFORE_QUIET = 30 * MINUTE


class GapMode(StrEnum):
    """What becomes of starts that would leave a stretch too short to be of use."""

    OFF = "off"  # They are offered like all others.
    PREFER = "prefer"  # They are offered, after those that leave less.
    ONLY = "only"  # They are not offered while another start leaves less.


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What holds for somebody who has not been here yet; `hours` none means any hours."""

    notice_minutes: int = 0
    hours: tuple[WeeklyHours, ...] = ()
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a practice, all lengths in minutes unless the name says days."""

    notice_minutes: int = 120
    furthest_days: int = 60
    grid_minutes: int = 15
    hold_minutes: int = 10
    undo_minutes: int = 3
    cancel_minutes: int = DAY_MINUTES
    move_minutes: int = 12 * 60
    open_bookings: int = 5
    reminder_leads: tuple[int, ...] = (48 * 60, 3 * 60)
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60
    class_reminder_leads: tuple[int, ...] = (12 * 60,)
    gap_mode: GapMode = GapMode.OFF
    gap_minutes: int = 30
    newcomer: Newcomer = Newcomer()
    # When sessions are offered at all, within everybody's own hours; none means no such limit.
    hours: tuple[WeeklyHours, ...] = ()

    @property
    def differs_for_newcomers(self) -> bool:
        return bool(self.newcomer.notice_minutes or self.newcomer.hours)

    def for_newcomer(self) -> "Policy":
        """The rules as they are for somebody who has not been here yet."""
        notice = max(self.notice_minutes, self.newcomer.notice_minutes)
        return replace(self, notice_minutes=notice, hours=self.newcomer.hours)

    def earliest(self, now: datetime) -> datetime:
        """The first instant that may still be booked."""
        return now + self.notice_minutes * MINUTE

    def furthest(self, now: datetime, zone: ZoneInfo) -> date:
        """The last date that may be booked."""
        return local_date(now, zone) + self.furthest_days * DAY

    def is_bookable(self, start: datetime, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether notice and furthest day allow `start`."""
        return start >= self.earliest(now) and local_date(start, zone) <= self.furthest(now, zone)


class Due(NamedTuple):
    """When to look at a reminder, and which lead (minutes before the start) it belongs to."""

    lead: int
    at: datetime


def earlier(start: datetime, lead: int, zone: ZoneInfo) -> datetime:
    """Return the instant `lead` minutes before `start`.

    Whole days mean the same time on the wall that many days earlier, whatever the clocks did in
    between; anything else is elapsed time.
    """
    if lead % DAY_MINUTES:
        return start - lead * MINUTE
    wall = start.astimezone(zone).replace(tzinfo=None)
    return instant_of(wall - (lead // DAY_MINUTES) * DAY, zone)


def deadline_after_move(agreed: datetime, renewed: datetime, now: datetime) -> datetime:
    """Return the deadline of a moved booking: one that has passed is never renewed."""
    return agreed if agreed <= now else renewed


def is_quiet(instant: datetime, policy: Policy, zone: ZoneInfo) -> bool:
    """Tell whether the local clock is within the quiet hours, which may run over midnight."""
    wall = instant.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    if policy.quiet_from <= policy.quiet_until:
        return policy.quiet_from <= minute < policy.quiet_until
    return minute >= policy.quiet_from or minute < policy.quiet_until


def before_quiet(instant: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return `instant`, or half an hour before the quiet hours it falls into."""
    if not is_quiet(instant, policy, zone):
        return instant
    wall = instant.astimezone(zone)
    day = wall.date()
    if wall.hour * 60 + wall.minute < policy.quiet_from:
        day -= DAY
    return _at(day, policy.quiet_from, zone) - BEFORE_QUIET


def after_quiet(instant: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return `instant`, or the end of the quiet hours it falls into."""
    if not is_quiet(instant, policy, zone):
        return instant
    wall = instant.astimezone(zone)
    day = wall.date()
    if wall.hour * 60 + wall.minute >= policy.quiet_until:
        day += DAY
    return _at(day, policy.quiet_until, zone)


def next_quiet(instant: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return when the quiet hours begin next; the far future when there are none."""
    if policy.quiet_from == policy.quiet_until:
        return instant + 365 * DAY
    wall = instant.astimezone(zone)
    day = wall.date()
    if wall.hour * 60 + wall.minute >= policy.quiet_from:
        day += DAY
    return _at(day, policy.quiet_from, zone)


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime(day.year, day.month, day.day) + minute * MINUTE  # noqa: DTZ001 - a wall time
    return instant_of(wall, zone)


def plan_reminders(
    start: datetime, booked_at: datetime, leads: Iterable[int], policy: Policy, zone: ZoneInfo
) -> list[Due]:
    """Return when each reminder of a session is due, the longest lead first.

    One whose moment has passed when the booking is made is left out; quiet hours pull a moment
    earlier, never later; two that would fall on one instant become the shorter.
    """
    by_moment: dict[datetime, int] = {}
    for lead in sorted(set(leads), reverse=True):
        moment = reminder_at(start, lead, policy, zone)
        if moment > booked_at:
            by_moment[moment] = lead
    return [Due(lead, moment) for moment, lead in by_moment.items()]


def reminder_at(start: datetime, lead: int, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return the instant at which to remind `lead` minutes ahead, pulled out of the quiet hours."""
    return before_quiet(earlier(start, lead, zone), policy, zone)


def undo_until(now: datetime, policy: Policy) -> datetime:
    """Return until when what is done `now` may be undone without a trace in anybody's mail."""
    return now + timedelta(minutes=policy.undo_minutes)
