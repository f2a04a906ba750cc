"""The rows of the model: sessions of one's own, what is held, and who waits for a time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from booking.domain.offers import OfferTime

MINUTE = timedelta(minutes=1)
LIVE = {"requested", "booked", "arrived", "no_show"}


class Taken(NamedTuple):
    """Time `[start, end)` of somebody or of a room."""

    kind: str
    resource: str
    start: datetime
    end: datetime

    def meets(self, start: datetime, end: datetime) -> bool:
        return self.start < end and start < self.end


class Option(NamedTuple):
    minutes: int
    after: int
    givers: tuple[str, ...]
    rooms: tuple[str, ...]
    price: int


class Where(NamedTuple):
    """When, how long, with whom and where."""

    start: datetime
    minutes: int
    giver: str
    room: str
    after: int

    @property
    def end(self) -> datetime:
        return self.start + self.minutes * MINUTE

    def taken(self, kind: str) -> list[Taken]:
        until = self.end + self.after * MINUTE
        return [Taken(kind, one, self.start, until) for one in (self.giver, self.room)]


@dataclass
class Mail:
    """A mail about a session; `useless` is from when on it helps nobody."""

    kind: str
    revision: int
    due: datetime
    useless: datetime | None = None
    state: str = "waiting"


@dataclass
class Move:
    """Where a session was, what an undo brings back, and what is kept for it."""

    came_from: Where
    deadlines: tuple[datetime, datetime, datetime]
    by_staff: bool
    is_silent: bool
    kept: list[Taken] = field(default_factory=list)
    kept_until: datetime | None = None
    is_undone: bool = False


@dataclass
class Session:
    client: str
    option: str
    where: Where
    price: int
    cancel_until: datetime
    move_until: datetime
    undo_until: datetime
    is_silent: bool = False
    status: str = "booked"
    revision: int = 1
    answer_by: datetime | None = None
    restorable_until: datetime | None = None
    is_acknowledged: bool = False
    moves: list[Move] = field(default_factory=list)
    agreed: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    reminders: dict[int, datetime] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_open(self) -> bool:
        return self.status in {"requested", "booked"}

    @property
    def last_move(self) -> Move | None:
        return next((one for one in reversed(self.moves) if not one.is_undone), None)

    def told(self, *kinds: str) -> int:
        """Return the last revision of which such a mail has left; 0 for none."""
        left = [one.revision for one in self.mails if one.state == "sent" and one.kind in kinds]
        return max(left, default=0)

    def void(self, *kinds: str) -> None:
        for mail in self.mails:
            if mail.state == "waiting" and (not kinds or mail.kind in kinds):
                mail.state = "void"


@dataclass
class Held:
    """A time set aside for a visitor; it may be let go, and still say which time was meant."""

    visitor: str
    option: str
    where: Where
    expires_at: datetime
    is_let_go: bool = False
    session: Session | None = None

    @property
    def is_open(self) -> bool:
        return self.session is None and not self.is_let_go

    def is_alive(self, now: datetime) -> bool:
        return self.is_open and now < self.expires_at


@dataclass
class Waiter:
    """Somebody who waits for a time, on a date not after `until`."""

    client: str
    option: str
    until: datetime
    state: str = "waiting"

    @property
    def is_open(self) -> bool:
        return self.state in {"waiting", "offered"}


@dataclass
class Offered:
    waiter: Waiter
    where: Where
    time: OfferTime
    state: str = "open"
    session: Session | None = None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass
class Away:
    """Time off: all of it is closed, and what was free of it is taken."""

    resource: str
    start: datetime
    end: datetime
    pieces: list[Taken] = field(default_factory=list)
