"""The rows of the model: who was booked, who waits, and what is kept for them."""

from dataclasses import dataclass
from datetime import datetime

from booking.domain.offers import OfferTime


@dataclass
class Party:
    """Who was booked at once; `due` is when the mail that tells them may leave, if one waits."""

    token: str
    names: tuple[str, ...]
    undo_until: datetime
    due: datetime | None
    is_told: bool = False


@dataclass
class Place:
    name: str
    party: Party
    cancel_until: datetime
    state: str = "booked"

    @property
    def is_open(self) -> bool:
        return self.state == "booked"


@dataclass
class Waiter:
    name: str
    token: str
    state: str = "waiting"

    @property
    def is_open(self) -> bool:
        return self.state in {"waiting", "offered"}


@dataclass
class Kept:
    """A place that is kept for somebody."""

    waiter: Waiter
    time: OfferTime
    starts_at: datetime
    state: str = "open"
    is_mailed: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == "open"
