"""What should become of one class and its line, in plain lists: the oracle of the machine.

It asks nothing of the booking code but how long an offer stands (`offer_time`, which is tested by
itself). What is refused is raised before anything changes.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import errors
from booking.domain.offers import OfferTime, offer_time
from booking.domain.policies import Policy
from tests.life.class_rows import Kept, Party, Place, Waiter

ZONE = ZoneInfo("America/New_York")
WINDOW = timedelta(hours=8)
UNDO = timedelta(minutes=3)
OFFER_MINUTES = 30


class Life:
    """One class: its places, its line and what is offered, each list in the order of making."""

    def __init__(self, starts_at: datetime, capacity: int, *, automatic: bool):
        self.starts_at, self.capacity, self.is_automatic = starts_at, capacity, automatic
        self.is_on = True
        self.places: list[Place] = []
        self.line: list[Waiter] = []
        self.offers: list[Kept] = []
        self.parties: list[Party] = []

    # What is.

    @property
    def taken(self) -> int:
        return sum(place.is_open for place in self.places) + len(self.open_offers)

    @property
    def free(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def waiting(self) -> list[Waiter]:
        return [one for one in self.line if one.is_open]

    @property
    def open_offers(self) -> list[Kept]:
        return [one for one in self.offers if one.is_open]

    def seen(self, now: datetime) -> dict[str, Any]:
        waiting, over = self.waiting, max(self.taken - self.capacity, 0)
        state = "planned" if self.is_on else "cancelled"
        return {
            "session": (
                state, self.starts_at, self.capacity, self.taken, over if self.is_on else 0
            ),
            "places": [
                (one.name, one.state, one.cancel_until, one.party.undo_until)
                for one in self.places
            ],
            "line": [
                (one.name, one.state, waiting.index(one) + 1 if one.is_open else 0)
                for one in self.line
            ],
            "offers": [
                (
                    one.waiter.name, one.state, one.time.tell_at, one.time.expires_at,
                    one.starts_at, one.is_open or one.is_mailed,
                )
                for one in self.offers
            ],
        }  # fmt: skip

    def time_at(self, now: datetime) -> OfferTime | None:
        return offer_time(now, self.starts_at - WINDOW, OFFER_MINUTES, Policy(), ZONE)

    # What clients do.

    def book(self, names: tuple[str, ...], token: str, now: datetime) -> None:
        self._refuse_gone(now)
        if any(one.token == token for one in self.parties):
            return
        self._refuse_twice(names)
        if len(names) > self.capacity - self.taken + self._kept_for(names):
            raise errors.ClassFull
        self._take_out(names)
        self._write(names, token, now, undo_until=now + UNDO, due=now + UNDO)
        self._fill(now)

    def walk_in(self, name: str, token: str, may_overbook: bool, now: datetime) -> None:
        if not self.is_on:
            raise errors.ClassOff
        self._refuse_twice((name,))
        if not may_overbook and self.capacity - self.taken + self._kept_for((name,)) < 1:
            raise errors.ClassFull
        self._take_out((name,))
        self._write((name,), token, now, undo_until=now, due=None)

    def join(self, names: tuple[str, ...], token: str, now: datetime) -> None:
        self._refuse_gone(now)
        if any(one.token == token for one in self.line):
            return
        if self.free:
            raise errors.StillFree
        self._refuse_twice(names)
        if any(one.name in names for one in self.waiting):
            raise errors.WaitsAlready
        self.line += [Waiter(name, token) for name in names]

    def leave(self, number: int, now: datetime) -> None:
        waiter = self.line[number]
        if not waiter.is_open:
            raise errors.NotWaiting
        self._withdraw(waiter, "left")
        self._fill(now)

    def accept(self, number: int, now: datetime) -> None:
        kept = self.offers[number]
        token = f"offer-{number}"
        if any(party.token == token for party in self.parties):
            return
        self._refuse_over(kept, now)
        kept.state, kept.waiter.state = "accepted", "served"
        self._write((kept.waiter.name,), token, now, undo_until=now + UNDO, due=now + UNDO)

    def decline(self, number: int, now: datetime) -> None:
        kept = self.offers[number]
        self._refuse_over(kept, now)
        kept.state, kept.waiter.state = "declined", "left"
        self._fill(now)

    def cancel(self, number: int, by_staff: bool, now: datetime) -> None:
        place = self.places[number]
        if not place.is_open:
            raise errors.NotLive
        if not by_staff and self.starts_at <= now:
            raise errors.CancelTooLate
        is_late = not by_staff and now > place.cancel_until
        self._end(place, "late_cancelled" if is_late else "cancelled", now)
        self._fill(now)

    def undo(self, number: int, is_stale: bool, now: datetime) -> None:
        party = self.parties[number]
        live = self._live_of(party)
        if is_stale or not live:
            raise errors.NotLive
        if now > party.undo_until or party.is_told:
            raise errors.UndoTooLate
        for place in live:
            self._end(place, "undone", now)
            self._fill(now)

    # What the studio does.

    def resize(self, capacity: int, may_overbook: bool, now: datetime) -> None:
        self._refuse_gone(now)
        if capacity < self.taken and not may_overbook:
            raise errors.TooFewPlaces
        self.capacity = capacity
        self._fill(now)

    def move(self, starts_at: datetime, now: datetime) -> None:
        self._refuse_gone(now)
        if starts_at <= now:
            raise errors.AlreadyBegun
        if starts_at != self.starts_at:
            self.starts_at = starts_at
            for place in self.places:
                if place.is_open:
                    deadline = starts_at - WINDOW
                    place.cancel_until = deadline if deadline > now else starts_at
            for party in self.parties:
                self._tell_anew(party, now)
            # An offer is of a time: another time is another offer, to the same people first.
            for kept in self.open_offers:
                kept.state, kept.waiter.state = "withdrawn", "waiting"
        self._fill(now)

    def call_off(self, now: datetime) -> None:
        self._refuse_gone(now)
        self.is_on = False
        for place in self.places:
            if place.is_open:
                self._end(place, "cancelled", now)
        self._end_line()

    def switch(self, automatic: bool, now: datetime) -> None:
        self.is_automatic = automatic

    # What happens by itself.

    def work(self, now: datetime) -> None:
        for kept in sorted(self.open_offers, key=lambda one: one.time.expires_at):
            if kept.time.expires_at <= now:
                kept.state, kept.waiter.state = "expired", "ended"
                self._fill(now)
        if self.starts_at <= now or not self.is_on:
            self._end_line()

    def look_around(self, now: datetime) -> None:
        if self.starts_at > now:
            self._fill(now)

    def send(self, now: datetime) -> None:
        for party in self.parties:
            if party.due and party.due <= now:
                party.due, party.is_told = None, True
        for kept in self.open_offers:
            # An offer that is over helps nobody, even if nobody has passed it on yet.
            kept.is_mailed = kept.is_mailed or kept.time.tell_at <= now < kept.time.expires_at

    # How.

    def _refuse_gone(self, now: datetime) -> None:
        if not self.is_on:
            raise errors.ClassOff
        if self.starts_at <= now:
            raise errors.ClassBegun

    def _refuse_twice(self, names: tuple[str, ...]) -> None:
        if any(place.is_open and place.name in names for place in self.places):
            raise errors.HasPlace

    def _refuse_over(self, kept: Kept, now: datetime) -> None:
        if kept.state != "open" or kept.time.expires_at <= now:
            raise errors.OfferOver

    def _kept_for(self, names: tuple[str, ...]) -> int:
        return sum(one.waiter.name in names for one in self.open_offers)

    def _take_out(self, names: tuple[str, ...]) -> None:
        for waiter in self.waiting:
            if waiter.name in names:
                self._withdraw(waiter, "served")

    def _withdraw(self, waiter: Waiter, state: str) -> None:
        waiter.state = state
        for kept in self.open_offers:
            if kept.waiter is waiter:
                # Who has a place has accepted one, whichever way they came to it.
                kept.state = "accepted" if state == "served" else "withdrawn"

    def _end_line(self) -> None:
        for waiter in self.waiting:
            self._withdraw(waiter, "ended")

    def _write(self, names: tuple[str, ...], token: str, now: datetime, **party: object) -> None:
        made = Party(token, names, **party)  # type: ignore[arg-type]
        self.parties.append(made)
        self.places += [Place(name, made, self.starts_at - WINDOW) for name in names]

    def _live_of(self, party: Party) -> list[Place]:
        return [one for one in self.places if one.party is party and one.is_open]

    def _end(self, place: Place, state: str, now: datetime) -> None:
        place.state = state
        self._tell_anew(place.party, now)

    def _tell_anew(self, party: Party, now: datetime) -> None:
        """A mail that has not left is written again, with what is left of the places."""
        if party.due:
            party.due = max(now, party.undo_until) if self._live_of(party) else None

    def _fill(self, now: datetime) -> None:
        for waiter in self.line:
            time = self.time_at(now)
            if not (self.is_on and self.free and time):
                return
            if waiter.state != "waiting":
                continue
            if self.is_automatic:
                waiter.state = "served"
                self._write((waiter.name,), "", now, undo_until=now, due=time.tell_at)
            else:
                waiter.state = "offered"
                self.offers.append(Kept(waiter, time, self.starts_at))
