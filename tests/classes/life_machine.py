"""The machine: presses drawn at random, made on the model and on the studio, and compared."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from booking.database import transact
from booking.domain.errors import Refusal
from booking.domain.policies import Policy, after_quiet, next_quiet
from tests.cast import at
from tests.classes.life_model import WINDOW, ZONE, Life
from tests.classes.life_studio import REGULARS, Ground
from tests.conftest import NOW, Clock

NUMBERS = st.integers(0, 30)
LENGTHS = st.sampled_from([1, 2, 3, 4, 10, 29, 31, 60, 180, 600, 1440])
LANDMARKS = ("expiry", "before expiry", "mail", "window", "start", "evening", "morning", "undo")
MINUTE = timedelta(minutes=1)
# Where the class is moved to: earlier and later, over its own cancel window, and into the past.
STARTS = [
    at(18), at(9), at(12, 30), at(20, 30), at(7, day=25), at(18, day=25), at(18, day=23),
    at(6), at(18, day=27), at(7, day=23),
]  # fmt: skip


class Machine(RuleBasedStateMachine):
    """One class from its planning on; a subclass says on which ground and in which mode."""

    ground: ClassVar[Ground]
    clock: ClassVar[Clock]
    automatic: ClassVar[bool]

    @initialize(capacity=st.integers(1, 3), waiters=st.integers(0, 3))
    def plan(self, capacity: int, waiters: int) -> None:
        """Begin with a full class: what happens before it is full is soon over."""
        self.count = 0
        self.clock.set(NOW)
        self.life = Life(at(18), capacity, automatic=self.automatic)
        self.studio = self.ground.begin(NOW, capacity, automatic=self.automatic)
        for _number in range(capacity):
            self.both("book", self.comers(9), self.token())
        for number in range(waiters):
            self.both("join", self.comers(number), self.token())

    def teardown(self) -> None:
        self.ground.leave()

    # Clients.

    @rule(who=NUMBERS, pair=st.booleans())
    def book(self, who: int, pair: bool) -> None:
        self.both("book", self.comers(who, pair=pair), self.token())

    @rule(who=NUMBERS, pair=st.booleans())
    def join(self, who: int, pair: bool) -> None:
        self.both("join", self.comers(who, pair=pair), self.token())

    @precondition(lambda self: self.life.parties)
    @rule(number=NUMBERS)
    def book_again(self, number: int) -> None:
        """Press the same button once more."""
        party = self.pick(self.life.parties, number)
        if party.token.startswith("press"):
            self.both("book", party.names, party.token)

    @precondition(lambda self: self.life.line)
    @rule(number=NUMBERS)
    def join_again(self, number: int) -> None:
        waiter = self.pick(self.life.line, number)
        self.both("join", (waiter.name,), waiter.token)

    @precondition(lambda self: self.life.line)
    @rule(number=NUMBERS)
    def leave(self, number: int) -> None:
        self.both("leave", self.index(self.life.line, number))

    @precondition(lambda self: self.life.offers)
    @rule(number=NUMBERS)
    def accept(self, number: int) -> None:
        self.both("accept", self.index(self.life.offers, number))

    @precondition(lambda self: self.life.offers)
    @rule(number=NUMBERS)
    def decline(self, number: int) -> None:
        self.both("decline", self.index(self.life.offers, number))

    @precondition(lambda self: self.life.places)
    @rule(number=NUMBERS, by_staff=st.booleans())
    def cancel(self, number: int, by_staff: bool) -> None:
        self.both("cancel", self.index(self.life.places, number), by_staff)

    @precondition(lambda self: self.life.parties)
    @rule(number=NUMBERS, is_stale=st.sampled_from([False, False, False, True]))
    def undo(self, number: int, is_stale: bool) -> None:
        self.both("undo", self.index(self.life.parties, number), is_stale)

    # The studio.

    @rule(who=NUMBERS, may_overbook=st.booleans())
    def walk_in(self, who: int, may_overbook: bool) -> None:
        self.both("walk_in", self.comers(who)[0], f"door-{self.count}", may_overbook)

    @rule(capacity=st.integers(1, 5), may_overbook=st.booleans())
    def resize(self, capacity: int, may_overbook: bool) -> None:
        self.both("resize", capacity, may_overbook)

    @rule(start=st.sampled_from(STARTS))
    def move(self, start: datetime) -> None:
        self.both("move", start)

    @rule(automatic=st.booleans())
    def switch(self, automatic: bool) -> None:
        """Change the series' mode; mostly it stays as this machine began."""
        self.both("switch", automatic and self.automatic)

    @precondition(lambda self: self.count > 12)
    @rule()
    def call_off(self) -> None:
        self.both("call_off")

    # Time.

    @rule(minutes=LENGTHS, works=st.sampled_from([True, True, False]))
    def wait(self, minutes: int, works: bool) -> None:
        self.go_on(self.now + minutes * MINUTE, works)

    @rule(name=st.sampled_from(LANDMARKS), works=st.sampled_from([True, True, False]))
    def jump(self, name: str, works: bool) -> None:
        """Go to an instant at which something changes; the worker may be late."""
        if (moment := self.landmark(name)) > self.now:
            self.go_on(moment, works)

    @rule()
    def work(self) -> None:
        self.both("work")

    @rule()
    def send(self) -> None:
        self.both("send")

    # How.

    @property
    def now(self) -> datetime:
        return self.clock()

    def go_on(self, moment: datetime, works: bool) -> None:
        self.clock.set(moment)
        if works:
            self.both("work")
        else:
            self.compare("nobody works")

    def landmark(self, name: str) -> datetime:
        times = [one.time for one in self.life.offers if one.state == "open"]
        expiry = min((one.expires_at for one in times), default=self.now)
        policy = Policy()
        evening = next_quiet(self.now, policy, ZONE)
        return {
            "expiry": expiry,
            "before expiry": expiry - MINUTE,
            "mail": min((one.tell_at for one in times), default=self.now),
            "window": self.life.starts_at - WINDOW,
            "start": self.life.starts_at,
            "evening": evening,
            "morning": after_quiet(evening, policy, ZONE),
            "undo": self.life.parties[-1].undo_until,
        }[name]

    def both(self, press: str, *what: Any) -> None:
        """Press on both, hold the answers to be the same, and then everything there is."""
        self.count += 1
        expected = _answer(getattr(self.life, press), *what, self.now)
        answer = _answer(transact, getattr(self.studio, press), *what, self.now)
        assert answer == expected, f"{press}{what}: {answer} instead of {expected}"
        self.compare(press)

    def compare(self, press: str) -> None:
        seen, expected = self.studio.seen(self.now), self.life.seen()
        for name in ("session", "places", "line", "offers"):
            assert getattr(seen, name) == getattr(expected, name), f"{name} after {press}"

    def token(self) -> str:
        return f"press-{self.count}"

    def comers(self, who: int, *, pair: bool = False) -> tuple[str, ...]:
        """Return one of the regulars, or a guest whom nobody knows, perhaps with another."""
        if who < len(REGULARS):
            return (REGULARS[who],)
        names = (f"Guest {self.count}", f"Friend {self.count}")
        return names if pair else names[:1]

    @staticmethod
    def index(rows: list, number: int) -> int:
        """Count from the newest: what was made last is what can still change most."""
        return len(rows) - 1 - number % len(rows)

    def pick(self, rows: list, number: int) -> Any:
        return rows[self.index(rows, number)]


def _answer(press: Any, *what: Any) -> str:
    try:
        press(*what)
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"
