"""What both machines do with a press: make it on the model and on the studio, and compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.upkeep.check import findings
from tests.conftest import Clock
from tests.life.ground import Ground

MINUTE = timedelta(minutes=1)


class Pressing(RuleBasedStateMachine):
    """A life and its model; what differs after a press is a fault, of the one or of the other."""

    ground: ClassVar[Ground]
    clock: ClassVar[Clock]
    life: Any
    studio: Any = None
    count = 0

    def __init__(self) -> None:
        super().__init__()
        # Left alone, hypothesis lets many a life have three or four kinds of presses only, and
        # such a life soon stands still. A few that are left out are enough to make them differ.
        names = [one.function.__name__ for one in self._rules_strategy.rules]
        left_out = st.sets(st.sampled_from(names), max_size=len(names) // 2)
        enabled = st.shared(left_out.map(AllBut), key=("presses", self))
        self._rules_strategy.enabled_rules_strategy = enabled

    def teardown(self) -> None:
        try:
            db.session.remove()
            if self.studio is not None:
                assert findings(self.now) == []
        finally:
            self.ground.leave()

    @property
    def now(self) -> datetime:
        return self.clock()

    def both(self, press: str, *what: Any) -> None:
        """Press on both, hold the answers to be the same, and then everything there is."""
        self.count += 1
        expected = _answer(getattr(self.life, press), *what, self.now)
        answer = _answer(transact, getattr(self.studio, press), *what, self.now)
        assert answer == expected, f"{press}{what}: {answer} instead of {expected}"
        self.compare(press)

    def compare(self, press: str) -> None:
        seen, expected = self.studio.seen(self.now), self.life.seen(self.now)
        for name, rows in expected.items():
            assert seen[name] == rows, f"{name} after {press}"

    @staticmethod
    def index(rows: Sequence[Any], number: int) -> int:
        """Choose a row, mostly one that something can still become of."""
        is_open = [place for place, row in enumerate(rows) if getattr(row, "is_open", True)]
        among = is_open if is_open and number < 24 else range(len(rows))
        return among[-1 - number % len(among)]


@dataclass(frozen=True)
class AllBut:
    """Which presses a life knows."""

    left_out: set[str]

    def is_enabled(self, name: str) -> bool:
        return name not in self.left_out


def _answer(press: Any, *what: Any) -> str:
    try:
        press(*what)
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"
