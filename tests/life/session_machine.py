"""The machine of sessions: presses drawn at random, made on model and studio, and compared."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from booking.database import transact
from tests import cast
from tests.cast import at
from tests.conftest import NOW
from tests.life.pressing import MINUTE, Pressing
from tests.life.session_calendar import NOTICE, wall
from tests.life.session_model import Life
from tests.life.session_studio import Studio, prepare

FRIDAY = 4
NUMBERS = st.integers(0, 31)
SELDOM = st.sampled_from([False, False, False, True])
MOSTLY = st.sampled_from([True, True, True, False])
CLIENTS = st.sampled_from(["ada", "bob", "guest", "guest"])
OPTION = st.sampled_from(["hour", "hour", "long", "training"])
GIVER = st.sampled_from([None, None, "lena", "marco"])
# Mostly one morning, so that people meet; then each edge of what is offered: the notice to the
# minute, the end of the day, off the grid, closed, and the furthest date and the one after it.
STARTS = st.sampled_from([
    at(9), at(9), at(9, 30), at(10), at(10), at(10, 30), at(11), at(11),
    at(10, day=23), at(10, day=23), at(9, 30, day=23), at(11, day=23),
    at(11, 30), at(8, 30), at(10, 15), at(9, day=27), at(10, 30, day=27), at(10, day=28),
    at(9, day=22, month=1).replace(year=2027), at(9, day=25, month=1).replace(year=2027),
])  # fmt: skip


class SessionMachine(Pressing):
    """A few days of a small studio; a subclass says on which ground, and how it is led."""

    most: ClassVar[int | None] = None
    asks: ClassVar[bool] = False

    @initialize(
        luck=st.integers(0, 99),
        first=st.lists(st.tuples(CLIENTS, OPTION, STARTS), min_size=2, max_size=5),
    )
    def open_up(self, luck: int, first: list[tuple[str, str, datetime]]) -> None:
        """Begin with a few who book: what happens in an empty studio is soon over."""
        # The first life that is drawn is all noughts, forty times the same press: nobody needs it.
        assume(luck)
        self.count = 0
        self.clock.set(NOW)
        self.life = Life(self.most, asks=self.asks)
        self.ground.begin()
        made = cast.make_studio(NOW)
        transact(prepare, made, self.most, asks=self.asks)
        self.studio = Studio(made)
        for client, option, start in first:
            self.choose(client, option, start, None, books=True)

    # Clients.

    @rule(visitor=CLIENTS, option=OPTION, start=STARTS, giver=GIVER, books=st.booleans())
    def choose(
        self, visitor: str, option: str, start: datetime, giver: str | None, books: bool
    ) -> None:
        """Press a time, and mostly go on to book it."""
        count = len(self.life.holds)
        self.both("hold", visitor, option, self.coming(start) if books else start, giver)
        if books and len(self.life.holds) > count:
            self.both("book", count)

    @precondition(lambda self: self.life.holds)
    @rule(visitor=st.sampled_from(["", "", "ada", "guest"]), number=NUMBERS, books=MOSTLY)
    def choose_the_same(self, visitor: str, number: int, books: bool) -> None:
        """Press a time that somebody holds or has held; often it is they themselves."""
        other = self.life.holds[-1 - number % len(self.life.holds)]
        self.choose(
            visitor or other.visitor,
            other.option,
            other.where.start,
            other.where.giver,
            books=books,
        )

    @precondition(lambda self: self.life.holds)
    @rule(number=NUMBERS)
    def book(self, number: int) -> None:
        """Send a form: one that lies open, one that was sent before, one that is too old."""
        self.both("book", self.index(self.life.holds, number))

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, start=STARTS, giver=GIVER)
    def move(self, number: int, start: datetime, giver: str | None) -> None:
        self.both("move", self.index(self.life.sessions, number), start, giver)

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, by_staff=SELDOM)
    def cancel(self, number: int, by_staff: bool) -> None:
        self.both("cancel", self.index(self.life.sessions, number), by_staff)

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, is_stale=SELDOM, by_staff=SELDOM)
    def undo(self, number: int, is_stale: bool, by_staff: bool) -> None:
        self.both("undo", self.index(self.life.sessions, number), is_stale, by_staff)

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, is_stale=SELDOM)
    def acknowledge(self, number: int, is_stale: bool) -> None:
        self.both("acknowledge", self.index(self.life.sessions, number), is_stale)

    @rule(client=CLIENTS, option=OPTION, day=st.integers(23, 24))
    def join(self, client: str, option: str, day: int) -> None:
        self.both("join", client, option, date(2026, 11, day))

    @precondition(lambda self: self.life.line)
    @rule(number=NUMBERS)
    def leave(self, number: int) -> None:
        self.both("leave", self.index(self.life.line, number))

    @precondition(lambda self: self.life.offers)
    @rule(number=NUMBERS, yes=st.booleans())
    def answer_offer(self, number: int, yes: bool) -> None:
        self.both("accept" if yes else "decline", self.index(self.life.offers, number))

    # The studio.

    @rule(
        client=CLIENTS, option=OPTION, start=STARTS, giver=st.sampled_from(["lena", "marco"]),
        all_the_same=MOSTLY, is_silent=SELDOM,
    )  # fmt: skip
    def book_for(
        self, client: str, option: str, start: datetime, giver: str, all_the_same: bool,
        is_silent: bool,
    ) -> None:  # fmt: skip
        self.both("book_for", client, option, start, giver, all_the_same, is_silent)

    @precondition(lambda self: self.life.sessions)
    @rule(
        number=NUMBERS, start=STARTS, minutes=st.sampled_from([60, 60, 90]),
        giver=st.sampled_from(["lena", "marco"]), room=st.sampled_from(["room", "hall"]),
        tell=MOSTLY,
    )  # fmt: skip
    def put(
        self, number: int, start: datetime, minutes: int, giver: str, room: str, tell: bool
    ) -> None:
        place = self.index(self.life.sessions, number)
        was = self.life.sessions[place].where
        where = was._replace(start=start, minutes=minutes, giver=giver, room=room)
        self.both("put", place, where, tell)

    @precondition(lambda self: self.life.sessions)
    @rule(number=NUMBERS, status=st.sampled_from(["late", "late", "arrived", "no_show", "booked"]))
    def note(self, number: int, status: str) -> None:
        place = self.index(self.life.sessions, number)
        if status == "late":
            self.both("late_cancel", place)
        else:
            self.both("mark", place, status)

    @precondition(lambda self: any(one.restorable_until for one in self.life.sessions))
    @rule(number=NUMBERS, is_stale=SELDOM)
    def restore(self, number: int, is_stale: bool) -> None:
        off = [one for one in self.life.sessions if one.restorable_until]
        one = off[-1 - number % len(off)]
        self.both("restore", self.life.sessions.index(one), is_stale)

    @precondition(lambda self: self.asks and self.life.sessions)
    @rule(number=NUMBERS, yes=MOSTLY)
    def answer(self, number: int, yes: bool) -> None:
        asked = [one for one in self.life.sessions if one.status == "requested"]
        among = asked if asked and number < 24 else self.life.sessions
        self.both("answer", self.life.sessions.index(among[-1 - number % len(among)]), yes)

    @rule(
        resource=st.sampled_from(["lena", "marco", "marco", "room", "hall"]), start=STARTS,
        minutes=st.sampled_from([30, 60, 180, 1200]),
        choice=st.sampled_from(["keep", "cancel", ""]),
    )  # fmt: skip
    def go_away(self, resource: str, start: datetime, minutes: int, choice: str) -> None:
        self.both("go_away", resource, start, start + minutes * MINUTE, choice)

    @precondition(lambda self: self.life.aways)
    @rule(number=NUMBERS)
    def come_back(self, number: int) -> None:
        self.both("come_back", self.index(self.life.aways, number))

    # Time.

    @rule(what=st.sampled_from(["work", "look_around", "reprice"]), number=NUMBERS)
    def look(self, what: str, number: int) -> None:
        """Let the worker do what is due or look for what is free; or change a price."""
        self.both(what, *(("hour", 9000 + number) if what == "reprice" else ()))

    @rule(minutes=st.sampled_from([1, 2, 3, 10, 30, 61, 180, 600]), works=MOSTLY)
    def wait(self, minutes: int, works: bool) -> None:
        self.go_on(self.now + minutes * MINUTE, works)

    @rule(number=NUMBERS, after=st.integers(-1, 1), works=MOSTLY)
    def wait_until_it_matters(self, number: int, after: int, works: bool) -> None:
        """Go on to a moment at which something ends or is due, or a minute beside it."""
        moments = self.life.moments(self.now)
        if moments:
            moment = moments[number % min(len(moments), 8)] + after * MINUTE
            self.go_on(max(moment, self.now), works)

    def go_on(self, moment: datetime, works: bool) -> None:
        self.clock.set(moment)
        if works:
            self.both("work")
        else:
            self.compare("nobody works")

    def coming(self, start: datetime, least: timedelta = NOTICE) -> datetime:
        """Return the same time of the next working day at least so far ahead: lives go on."""
        while start < self.now + least:
            start += timedelta(days=3 if wall(start).weekday() == FRIDAY else 1)
        return start
