"""What should become of sessions of one's own, in plain lists: the oracle of the machine.

It asks nothing of the booking code but how long an offer stands (`offer_time`, which is tested by
itself). What is refused is raised before anything changes.
"""

from datetime import date, datetime

from booking.domain import errors
from tests.life import session_told as mails
from tests.life.session_calendar import HOLD, OPTIONS, wall
from tests.life.session_desk import Desk
from tests.life.session_rows import Held, Waiter


class Life(Desk):
    """All that can become of a session: here what clients do, and what is to be seen of it."""

    def hold(
        self, visitor: str, option: str, start: datetime, giver: str | None, now: datetime
    ) -> None:
        mine = [one for one in self.holds if one.visitor == visitor and one.is_open]
        was = [one.is_let_go for one in mine]
        for one in mine:
            one.is_let_go = True
        try:
            place = self._first(start, option, now, giver)
        except errors.Refusal:
            for one, before in zip(mine, was, strict=True):
                one.is_let_go = before
            raise
        self.holds.append(Held(visitor, option, place, now + HOLD))

    def book(self, number: int, now: datetime) -> None:
        held = self.holds[number]
        if held.session:
            return
        if held.where.start <= now:
            raise errors.AlreadyBegun
        self._refuse_many(held.visitor, now)
        if not held.is_alive(now):
            self._first(held.where.start, held.option, now, held.where.giver, without=held)
        self._require_free(held.where, now, held)
        held.session = self._write(held.visitor, held.option, held.where, now)
        self._agree(held.session, now)

    def move(self, number: int, start: datetime, giver: str | None, now: datetime) -> None:
        session = self.sessions[number]
        self._require_booked(session)
        if now > session.move_until:
            raise errors.MoveTooLate
        option, was = OPTIONS[session.option], session.where
        asked = [one for one in option.givers if giver in (None, one)]
        # Who gives it only because the studio has put it so is not among those one can ask for.
        if start == was.start and was.giver in asked:
            return
        wanted = option._replace(minutes=was.minutes)
        found = self.places(start, wanted, now, giver, without=session)
        if not found:
            raise errors.SlotTaken
        place = min(found, key=lambda one: one.giver != was.giver)
        self._move(session, place, now, by_staff=False, tell="if new")

    def cancel(self, number: int, by_staff: bool, now: datetime) -> None:
        session = self.sessions[number]
        if not session.is_open:
            raise errors.NotLive
        if not by_staff and session.where.start <= now:
            raise errors.CancelTooLate
        self._cancel(session, by_staff, now)

    def undo(self, number: int, is_stale: bool, by_staff: bool, now: datetime) -> None:
        session = self.sessions[number]
        if not session.is_open or is_stale:
            raise errors.NotLive
        last = session.last_move
        is_theirs = last is None or last.by_staff == by_staff
        told = session.told("requested", *mails.TELLING, *mails.STUDIO)
        if now > session.undo_until or not is_theirs or told == session.revision:
            raise errors.UndoTooLate
        if last is None:
            self._end(session, "undone")
            self._offer_on(session.where.start, now)
            return
        self._require_free(last.came_from, now, session)
        last.is_undone, last.kept, session.is_acknowledged = True, [], False
        session.where = last.came_from
        session.cancel_until, session.move_until, session.undo_until = last.deadlines
        standing = session.last_move
        self._revise(session, now, "no" if standing and standing.is_silent else "if new")
        session.trail.append("move_undone")

    def acknowledge(self, number: int, is_stale: bool, now: datetime) -> None:
        session = self.sessions[number]
        self._require_booked(session)
        if is_stale or session.where.start <= now:
            raise errors.NotLive
        if not session.is_acknowledged:
            session.is_acknowledged = True
            session.trail.append("acknowledged")

    # What clients do who wait.

    def join(self, client: str, option: str, until: date, now: datetime) -> None:
        self._refuse_many(client, now)
        if next(self.openings(OPTIONS[option], wall(now).date(), until, now), None):
            raise errors.StillFree
        self.line.append(Waiter(client, option, until))

    def leave(self, number: int, now: datetime) -> None:
        waiter = self.line[number]
        if not waiter.is_open:
            raise errors.NotWaiting
        self._take_out(waiter, "left", now)

    def accept(self, number: int, now: datetime) -> None:
        offer = self.offers[number]
        if offer.session:
            return
        self._require_open(offer, now)
        offer.state, offer.waiter.state = "accepted", "served"
        offer.session = self._write(offer.waiter.client, offer.waiter.option, offer.where, now)
        self._agree(offer.session, now)

    def decline(self, number: int, now: datetime) -> None:
        offer = self.offers[number]
        self._require_open(offer, now)
        self._pass_on(offer, "declined", now)

    # What is there now.

    def moments(self, now: datetime) -> list[datetime]:
        """Return when something ends or is due, the next first."""
        found: list[datetime | None] = []
        for one in self.sessions:
            found += [one.undo_until, one.cancel_until, one.move_until, one.where.start]
            found += [one.where.end, one.answer_by, one.restorable_until, *one.reminders.values()]
        found += [one.expires_at for one in self.holds if one.is_open]
        for offer in self.offers:
            found += [offer.time.expires_at] if offer.is_open else []
        return sorted({one for one in found if one and one >= now})

    def seen(self, now: datetime) -> dict[str, list]:
        return {
            "sessions": [
                (
                    *one.where[:4], one.status, one.revision, one.price, one.cancel_until,
                    one.move_until, one.undo_until, one.answer_by, one.restorable_until,
                    one.is_acknowledged,
                )
                for one in self.sessions
            ],
            "holds": [one.expires_at for one in self.holds],
            "trail": [one.trail for one in self.sessions],
            "claims": sorted(tuple(one) for one in self.taken(now)),
            "reminders": sorted(
                (number, *planned)
                for number, one in enumerate(self.sessions)
                for planned in one.reminders.items()
            ),
            "mails": sorted(
                (number, mail.kind, mail.revision, mail.state,
                 mail.due if mail.state == "waiting" else None)
                for number, one in enumerate(self.sessions)
                for mail in one.mails
                if mail.state != "void"
            ),
            "line": [one.state for one in self.line],
            "offers": [
                (
                    one.where.start, one.where.giver, one.where.room, one.state,
                    one.time.tell_at, one.time.expires_at,
                )
                for one in self.offers
            ],
        }  # fmt: skip
