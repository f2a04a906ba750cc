"""The model's calendar: what is taken, what is offered, and by whom; plain lists and loops.

It knows the studio's rules as its owner would say them, and asks nothing of the booking code.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain import errors
from tests.life.session_rows import (
    MINUTE,
    Away,
    Held,
    Offered,
    Option,
    Session,
    Taken,
    Waiter,
    Where,
)

ZONE = ZoneInfo("America/New_York")
OPENS, CLOSES, GRID = 9 * 60, 12 * 60, 30
NOTICE, HOLD = 120 * MINUTE, 10 * MINUTE
FURTHEST = timedelta(days=60)
BOTH = ("lena", "marco")
OPTIONS = {
    "hour": Option(60, 15, BOTH, ("room", "hall"), 9500),
    "long": Option(90, 15, BOTH, ("room", "hall"), 13550),
    "training": Option(60, 0, ("lena",), ("hall",), 8000),
}


def wall(instant: datetime) -> datetime:
    return instant.astimezone(ZONE)


class Calendar:
    """Everything that takes time; `most` is how many sessions Lena gives a day, None is any."""

    def __init__(self, most: int | None):
        self.most = most
        self.sessions: list[Session] = []
        self.holds: list[Held] = []
        self.line: list[Waiter] = []
        self.offers: list[Offered] = []
        self.aways: list[Away] = []

    def taken(self, now: datetime, without: object = None) -> list[Taken]:
        """Return all time that is taken, that of `without` left out."""
        found: list[Taken] = []
        for session in self.sessions:
            if session is without or not session.is_live:
                continue
            found += session.where.taken("booking")
            for move in session.moves:
                if move.kept_until and now < move.kept_until:
                    found += move.kept
        for held in self.holds:
            if held is not without and held.is_alive(now):
                found += held.where.taken("hold")
        for offer in self.offers:
            if offer is not without and offer.is_open:
                found += offer.where.taken("offer")
        for away in self.aways:
            found += away.pieces
        return found

    def is_free(self, where: Where, now: datetime, without: object = None) -> bool:
        """Tell whether nothing stands there: what the database is asked."""
        wanted = where.taken("")
        return not any(
            one.resource == mine.resource and one.meets(mine.start, mine.end)
            for one in self.taken(now, without)
            for mine in wanted
        )

    def is_away(self, resource: str, start: datetime, end: datetime) -> bool:
        return any(
            one.resource == resource and one.start < end and start < one.end for one in self.aways
        )

    def is_clear(self, resource: str, where: Where, now: datetime, without: object = None) -> bool:
        """Tell whether a time would be shown as free: nothing taken, nobody away."""
        (mine, _) = where._replace(giver=resource).taken("")
        return not self.is_away(resource, mine.start, mine.end) and not any(
            one.resource == resource and one.meets(mine.start, mine.end)
            for one in self.taken(now, without)
        )

    def is_within_hours(self, giver: str, where: Where) -> bool:
        local = wall(where.start)
        minute = local.hour * 60 + local.minute
        return (
            local.weekday() < 5
            and minute >= OPENS
            and minute + where.minutes <= CLOSES
            and not self.is_away(giver, where.start, where.end)
        )

    def has_room(self, giver: str, start: datetime, now: datetime, without: object) -> bool:
        """Tell whether a day holds one more session of somebody who gives only so many."""
        if giver != "lena" or self.most is None:
            return True
        given = [
            *(one.where for one in self.sessions if one.is_live and one is not without),
            *(one.where for one in self.holds if one.is_alive(now) and one is not without),
            *(one.where for one in self.offers if one.is_open and one is not without),
        ]
        day = wall(start).date()
        same = [one for one in given if one.giver == giver and wall(one.start).date() == day]
        return len(same) < self.most

    def places(
        self,
        start: datetime,
        option: Option,
        now: datetime,
        giver: str | None = None,
        without: object = None,
    ) -> list[Where]:
        """Return who and where could give a session, best first. Raises NotOffered."""
        local = wall(start)
        givers = [one for one in option.givers if giver in (None, one)]
        wanted = {one: Where(start, option.minutes, one, "", option.after) for one in givers}
        if (
            start < now + NOTICE
            or local.date() > (wall(now) + FURTHEST).date()
            or (local.hour * 60 + local.minute) % GRID
            or not any(self.is_within_hours(one, where) for one, where in wanted.items())
        ):
            raise errors.NotOffered
        ranked = sorted(givers, key=lambda one: self._minutes(one, local.date(), now, without))
        return [
            where._replace(room=room)
            for one in ranked
            for where in [wanted[one]]
            if self.is_within_hours(one, where)
            and self.has_room(one, start, now, without)
            and self.is_clear(one, where, now, without)
            for room in option.rooms
            if self.is_clear(room, where, now, without)
        ]

    def _minutes(self, giver: str, day: date, now: datetime, without: object) -> float:
        """How much of somebody's day is taken: who has least is asked first."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        return sum(
            (min(one.end, midnight + timedelta(days=1)) - max(one.start, midnight)) / MINUTE
            for one in self.taken(now, without)
            if one.resource == giver and one.meets(midnight, midnight + timedelta(days=1))
        )

    def openings(
        self, option: Option, first: date, last: date, now: datetime
    ) -> Iterator[list[Where]]:
        """Yield the places of each start that is offered, in order of time."""
        day = first
        while day <= last:
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
            for minute in range(OPENS, CLOSES, GRID):
                try:
                    found = self.places(midnight + minute * MINUTE, option, now)
                except errors.NotOffered:
                    continue
                if found:
                    yield found
            day += timedelta(days=1)
