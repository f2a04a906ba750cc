"""The machine: presses drawn at random, made on the model and on the studio, and compared."""

from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from booking.domain.policies import Policy, after_quiet, next_quiet
from tests.cast import at
from tests.conftest import NOW
from tests.life.class_model import WINDOW, ZONE, Life
from tests.life.class_studio import REGULARS, begin
from tests.life.pressing import MINUTE, Pressing

NUMBERS = st.integers(0, 31)
# Most people are known: who comes twice is what most refusals are about.
COMERS = st.integers(0, 7)
LENGTHS = st.sampled_from([1, 3, 4, 10, 29, 31, 60, 180, 600])
LANDMARKS = [
    "expiry", "expiry", "expiry", "mail", "undo", "window", "window", "evening", "morning", "start",
]  # fmt: skip
DAY = timedelta(days=1)
# Until then a class neither begins nor is called off: what comes after that is little.
EARLY = 25
# How soon a class is, in minutes: about its cancel window, within it, and well before.
NOTICES = st.sampled_from([479, 480, 481, 60, 300, 1440])
MOSTLY = st.sampled_from([True, True, True, False])
SELDOM = st.sampled_from([False, False, False, True])
# Where the class is moved to: earlier and later, over its own cancel window, and into the past.
STARTS = [
    at(18), at(9), at(12, 30), at(20, 30), at(7, day=25), at(18, day=25), at(18, day=23),
    at(18, day=27), at(7, day=23),
]  # fmt: skip


class ClassMachine(Pressing):
    """One class from its planning on; a subclass says on which ground and in which mode."""

    automatic: ClassVar[bool]

    @initialize(luck=st.integers(0, 99), capacity=st.integers(1, 3), waiters=st.integers(1, 3))
    def plan(self, luck: int, capacity: int, waiters: int) -> None:
        """Begin with a full class: what happens before it is full is soon over."""
        # The first life that is drawn is all noughts, forty times the same press: nobody needs it.
        assume(luck)
        self.count = 0
        self.clock.set(NOW)
        self.life = Life(at(18), capacity, automatic=self.automatic)
        self.studio = begin(self.ground, NOW, capacity, automatic=self.automatic)
        for number in range(capacity):
            self.both("book", self.comers(7 - number), self.token())
        for number in range(waiters):
            self.both("join", self.comers(number), self.token())

    # Clients.

    @rule(who=COMERS, pair=SELDOM)
    def book(self, who: int, pair: bool) -> None:
        self.both("book", self.comers(who, pair=pair), self.token())

    @rule(who=COMERS, pair=SELDOM)
    def join(self, who: int, pair: bool) -> None:
        self.both("join", self.comers(who, pair=pair), self.token())

    @rule(number=NUMBERS, of_line=st.booleans())
    def press_again(self, number: int, of_line: bool) -> None:
        """Press the same button once more."""
        rows = self.life.line if of_line else self.life.parties
        if rows and (row := rows[self.index(rows, number)]).token.startswith("press"):
            names = (row.name,) if of_line else row.names
            self.both("join" if of_line else "book", names, row.token)

    @precondition(lambda self: self.life.line)
    @rule(number=NUMBERS)
    def leave(self, number: int) -> None:
        self.both("leave", self.index(self.life.line, number))

    @precondition(lambda self: self.life.offers)
    @rule(number=NUMBERS, yes=st.booleans())
    def answer(self, number: int, yes: bool) -> None:
        self.both("accept" if yes else "decline", self.index(self.life.offers, number))

    @precondition(lambda self: self.life.open_offers)
    @rule(yes=st.booleans(), too_late=st.booleans())
    def answer_at_the_end(self, yes: bool, too_late: bool) -> None:
        """Answer at the very end of an offer, or a minute earlier; the worker is late."""
        kept = min(self.life.open_offers, key=lambda one: one.time.expires_at)
        moment = kept.time.expires_at - (0 if too_late else 1) * MINUTE
        if moment >= self.now:
            self.clock.set(moment)
            self.both("accept" if yes else "decline", self.life.offers.index(kept))

    @precondition(lambda self: self.life.places)
    @rule(number=NUMBERS, by_staff=SELDOM)
    def cancel(self, number: int, by_staff: bool) -> None:
        self.both("cancel", self.index(self.life.places, number), by_staff)

    @precondition(lambda self: self.life.waiting)
    @rule(name=st.sampled_from(["now", "window", "evening"]), after=st.integers(0, 1))
    def cancel_when_it_matters(self, name: str, after: int) -> None:
        """Let a place become free that somebody waits for, or at the edge of a time to offer."""
        if name != "now" and (moment := self.landmark(name) + after * MINUTE) > self.now:
            self.go_on(moment, works=True)
        self.both("cancel", self.index(self.life.places, 0), False)

    @precondition(lambda self: self.life.waiting)
    @rule(
        joining=st.lists(COMERS, max_size=2), after=st.integers(-1, 1), works=st.booleans(),
        answer=st.sampled_from(["accept", "decline", "leave", "leave", ""]),
    )  # fmt: skip
    def let_one_be_offered(self, joining: list[int], after: int, works: bool, answer: str) -> None:
        """Let a place become free; who is asked answers about the end of the offer, or never."""
        self.put_off()
        count = len(self.life.offers)
        for who in joining:
            self.both("join", self.comers(who), self.token())
        self.both("cancel", self.index(self.life.places, 0), False)
        if len(self.life.offers) == count:
            return
        kept = self.life.offers[count]
        self.go_on(max(kept.time.expires_at + after * MINUTE, self.now), works)
        if answer == "leave":
            self.both("leave", self.life.line.index(kept.waiter))
        elif answer:
            self.both(answer, count)

    @rule(number=NUMBERS, is_stale=SELDOM)
    def undo(self, number: int, is_stale: bool) -> None:
        parties = self.life.parties
        recent = [one for one in parties if one.undo_until >= self.now]
        among = recent if recent and number < 24 else parties
        self.both("undo", parties.index(among[-1 - number % len(among)]), is_stale)

    # The studio.

    @rule(who=COMERS, may_overbook=st.booleans())
    def walk_in(self, who: int, may_overbook: bool) -> None:
        self.both("walk_in", self.comers(who)[0], f"door-{self.count}", may_overbook)

    @rule(capacity=st.integers(1, 5), may_overbook=st.booleans())
    def resize(self, capacity: int, may_overbook: bool) -> None:
        self.both("resize", capacity, may_overbook)

    @rule(waiters=st.lists(COMERS, max_size=3), more=st.integers(1, 3))
    def make_room(self, waiters: list[int], more: int) -> None:
        """Give a full class some places, of which those who wait are thought first."""
        self.put_off()
        for who in waiters:
            self.both("join", self.comers(who), self.token())
        self.both("resize", self.life.taken + more, False)

    @rule(start=st.sampled_from(STARTS))
    def move(self, start: datetime) -> None:
        self.both("move", start)

    @rule(is_late=st.booleans(), minutes=st.sampled_from([0, 1]), notice=NOTICES)
    def move_when_it_matters(self, is_late: bool, minutes: int, notice: int) -> None:
        """Move the class to soon, about where its new deadline is now; perhaps past the old one."""
        if is_late and (moment := self.landmark("window") + minutes * MINUTE) > self.now:
            self.go_on(moment, works=True)
        self.both("move", self.now + notice * MINUTE)

    @rule(automatic=st.booleans())
    def switch(self, automatic: bool) -> None:
        """Change the mode of the series; it goes back to how this machine began."""
        self.both("switch", automatic and self.automatic)

    @precondition(lambda self: self.count > EARLY)
    @rule()
    def call_off(self) -> None:
        self.both("call_off")

    # Time.

    @rule(minutes=LENGTHS, works=MOSTLY)
    def wait(self, minutes: int, works: bool) -> None:
        self.go_on(self.now + minutes * MINUTE, works)

    @rule(name=st.sampled_from(LANDMARKS), after=st.integers(0, 1), works=MOSTLY)
    def jump(self, name: str, after: int, works: bool) -> None:
        """Go to an instant at which something changes; the worker may be late."""
        if (moment := self.landmark(name) + after * MINUTE) > self.now:
            self.go_on(moment, works)

    @rule(what=st.sampled_from(["work", "look_around", "send", "send"]))
    def work(self, what: str) -> None:
        self.both(what)

    # How.

    def go_on(self, moment: datetime, works: bool) -> None:
        """Go on to a moment; a class that would have begun by then is put off, early in a life."""
        if self.count < EARLY and moment >= self.life.starts_at > self.now:
            self.both("move", self.life.starts_at + 2 * DAY)
        self.clock.set(moment)
        if works:
            self.both("work")
        else:
            self.compare("nobody works")

    def put_off(self) -> None:
        """Move a class whose places are offered no more to when they are."""
        if self.now > self.life.starts_at - WINDOW - DAY:
            self.both("move", self.now + 2 * DAY)

    def landmark(self, name: str) -> datetime:
        times = [one.time for one in self.life.open_offers]
        expiry = min((one.expires_at for one in times), default=self.now)
        policy = Policy()
        evening = next_quiet(self.now, policy, ZONE)
        return {
            "expiry": expiry,
            "mail": min((one.tell_at for one in times), default=self.now),
            "window": self.life.starts_at - WINDOW,
            "start": self.life.starts_at,
            "evening": evening,
            "morning": after_quiet(evening, policy, ZONE),
            "undo": self.life.parties[-1].undo_until,
        }[name]

    def token(self) -> str:
        return f"press-{self.count}"

    def comers(self, who: int, *, pair: bool = False) -> tuple[str, ...]:
        """Return one of the regulars, or a guest whom nobody knows, perhaps with another."""
        if who < len(REGULARS):
            return (REGULARS[who],)
        names = (f"Guest {self.count}", f"Friend {self.count}")
        return names if pair else names[:1]
