"""Presses that belong together: what people do one after the other, where the rules matter most.

Each is made of presses that the machine knows anyway, with random parts, and is compared after
every one of them. What they lead to would else be seldom: a form that lies open until its hold has
run out, a line for a day without a free time, a session that is called off within time off.
"""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.life.pressing import MINUTE
from tests.life.session_calendar import ZONE, wall
from tests.life.session_machine import (
    CLIENTS,
    GIVER,
    MOSTLY,
    NUMBERS,
    OPTION,
    SELDOM,
    STARTS,
    SessionMachine,
)
from tests.life.session_rows import Held

AHEAD = timedelta(days=3)


class LedMachine(SessionMachine):
    """The same few days, on which people mean something by what they press."""

    @rule(
        visitor=CLIENTS, option=OPTION, start=STARTS, giver=GIVER,
        after=st.sampled_from([-1, 0, 1, 20]), works=MOSTLY,
        other=CLIENTS, beside=st.sampled_from([-120, -90, 90, 120]),
        meanwhile=st.sampled_from(["client", "client", "staff", "away", ""]),
    )  # fmt: skip
    def send_late(
        self, visitor: str, option: str, start: datetime, giver: str | None, after: int,
        works: bool, other: str, beside: int, meanwhile: str,
    ) -> None:  # fmt: skip
        """Send a form about when its hold runs out; meanwhile somebody takes of the same day."""
        count, start = len(self.life.holds), self.coming(start)
        self.both("hold", visitor, option, start, giver)
        if len(self.life.holds) == count:
            return
        held: Held = self.life.holds[count]
        self.go_on(held.expires_at + after * MINUTE, works)
        where, near = held.where, start + beside * MINUTE
        if meanwhile == "client":
            self.choose(other, "hour", near, where.giver, books=True)
        elif meanwhile == "staff":
            self.both("book_for", other, "hour", near, where.giver, True, False)
        elif meanwhile == "away":
            self.both("go_away", where.giver, start, where.end, "keep")
        self.both("book", count)

    @rule(
        visitor=CLIENTS, option=OPTION, starts=st.lists(STARTS, min_size=2, max_size=3),
        returns=st.booleans(),
    )  # fmt: skip
    def hesitate(self, visitor: str, option: str, starts: list[datetime], returns: bool) -> None:
        """Press one time after the other, and book the last that was free, or the first."""
        count = len(self.life.holds)
        for start in starts:
            self.both("hold", visitor, option, self.coming(start), None)
        if len(self.life.holds) > count:
            self.both("book", count if returns else len(self.life.holds) - 1)

    @rule(
        clients=st.lists(CLIENTS, min_size=1, max_size=2), option=OPTION, days=st.integers(0, 2),
        stays=SELDOM, answer=st.sampled_from(["accept", "decline"]),
    )  # fmt: skip
    def line_up(self, clients: list[str], option: str, days: int, stays: bool, answer: str) -> None:
        """Wait for a time of a day on which nobody is there, until somebody is."""
        until = wall(self.now).date() + timedelta(days=days)
        night = datetime(until.year, until.month, until.day, tzinfo=ZONE) + timedelta(days=1)
        count, first = len(self.life.offers), len(self.life.aways)
        for giver in ("lena", "marco"):
            self.both("go_away", giver, self.now, night, "keep")
        for client in clients:
            self.both("join", client, option, until)
        while len(self.life.aways) > first + stays:
            self.both("come_back", first)
        self.both("look_around")
        if len(self.life.offers) > count:
            self.both(answer, count)

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, is_away=st.booleans(), by_staff=SELDOM, visitor=CLIENTS, books=MOSTLY)
    def press_what_frees(
        self, number: int, is_away: bool, by_staff: bool, visitor: str, books: bool
    ) -> None:
        """Press the time of a session that is called off, perhaps within time off."""
        place = self.index(self.life.sessions, number)
        one = self.life.sessions[place]
        where = one.where
        if is_away:
            self.both("go_away", where.giver, where.start, where.end, "keep")
        self.both("cancel", place, by_staff)
        self.choose(visitor, one.option, where.start, where.giver, books=books)

    @precondition(lambda self: self.life.sessions)
    @rule(
        number=NUMBERS, start=STARTS, by_staff=st.booleans(), back_by_staff=st.booleans(),
        minutes=st.sampled_from([0, 1, 2, 3, 3, 4]), works=MOSTLY,
    )  # fmt: skip
    def move_and_undo(
        self, number: int, start: datetime, by_staff: bool, back_by_staff: bool, minutes: int,
        works: bool,
    ) -> None:  # fmt: skip
        """Move a session, and take that back; or try to take back what another has moved."""
        place = self.index(self.life.sessions, number)
        where, start = self.life.sessions[place].where, self.coming(start)
        if by_staff:
            self.both("put", place, where._replace(start=start), True)
        else:
            self.both("move", place, start, None)
        self.go_on(self.now + minutes * MINUTE, works)
        self.both("undo", place, False, back_by_staff)

    # What comes after days on which nobody worked is little.
    @precondition(lambda self: self.count > 25)
    @rule(client=CLIENTS, start=STARTS, minutes=st.sampled_from([181, 180, 60, 0]))
    def sleep(self, client: str, start: datetime, minutes: int) -> None:
        """Let nobody work from a booking until shortly before its session, days ahead."""
        start = self.coming(start, AHEAD)
        self.choose(client, "hour", start, None, books=True)
        self.go_on(max(start - minutes * MINUTE, self.now), works=False)
        self.both("work")
