"""The slow, obvious answer to what availability computes: ask the clock minute by minute."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.availability import Hours, Spell, WeeklyHours
from booking.domain.intervals import Interval
from booking.domain.slots import Demand

MINUTE = timedelta(minutes=1)


def minutes_around(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield every minute from well before to well after `day`, with what the clock shows."""
    instant = datetime.combine(day, time(), UTC) - timedelta(hours=18)
    for _number in range(60 * 60):
        yield instant, instant.astimezone(zone)
        instant += MINUTE


def open_minutes(day: date, spells: Sequence[Spell], zone: ZoneInfo) -> set[datetime]:
    """Return the minutes at which the clock shows `day` and a time in a spell."""
    return {
        instant
        for instant, wall in minutes_around(day, zone)
        if wall.date() == day
        and any(spell.opens <= wall.hour * 60 + wall.minute < spell.closes for spell in spells)
    }


def open_in_all(days: Sequence[date], hours: Hours, zone: ZoneInfo) -> set[datetime]:
    """Return the open minutes of some days, each asked on its own about every rule there is."""
    return {
        instant
        for day in days
        for instant, wall in minutes_around(day, zone)
        if wall.date() == day
        and _is_open(day, wall.hour * 60 + wall.minute, hours)
        and not any(one.start <= instant < one.end for one in hours.away)
    }


def _is_open(day: date, minute: int, hours: Hours) -> bool:
    if day in hours.exceptions:
        return any(one.opens <= minute < one.closes for one in hours.exceptions[day])
    return (
        day not in hours.closed
        and any(_counts(one, day, minute) for one in hours.weekly)
        and not any(_counts(one, day, minute) for one in hours.breaks)
    )


def _counts(one: WeeklyHours, day: date, minute: int) -> bool:
    has_begun = one.valid_from is None or one.valid_from <= day
    is_not_over = one.valid_until is None or day <= one.valid_until
    is_now = one.spell.opens <= minute < one.spell.closes
    return one.weekday == day.weekday() and has_begun and is_not_over and is_now


def starts(
    day: date,
    open_at: set[datetime],
    busy: Sequence[Interval],
    demand: Demand,
    grid: int,
    zone: ZoneInfo,
) -> list[datetime]:
    """Return the starts on `day`: each minute of the session open, each minute of all free."""
    taken = {
        one.start + number * MINUTE
        for one in busy
        for number in range(int((one.end - one.start) / MINUTE))
    }
    return [
        instant
        for instant, wall in minutes_around(day, zone)
        if wall.date() == day
        and (wall.hour * 60 + wall.minute) % grid == 0
        and all(instant + n * MINUTE in open_at for n in range(demand.minutes))
        and not any(
            instant + n * MINUTE in taken
            for n in range(-demand.before, demand.minutes + demand.after)
        )
    ]


def stretch_of(start: datetime, end: datetime, free: set[datetime]) -> tuple[datetime, datetime]:
    """Return the free time around `[start, end)`, found by walking minute by minute."""
    while start - MINUTE in free:
        start -= MINUTE
    while end in free:
        end += MINUTE
    return start, end
