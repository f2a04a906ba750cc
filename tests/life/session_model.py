"""What should become of sessions of one's own, in plain lists: the oracle of the machine.

It asks nothing of the booking code but how long an offer stands (`offer_time`, which is tested by
itself). What is refused is raised before anything changes.
"""

from datetime import date, datetime, timedelta

from booking.domain import desk_errors, errors, hours_errors
from booking.domain.offers import offer_time
from booking.domain.policies import Policy
from tests.life import session_told as mails
from tests.life.session_calendar import HOLD, NOTICE, OPTIONS, ZONE, Calendar, wall
from tests.life.session_rows import (
    Away,
    Held,
    Move,
    Offered,
    Session,
    Taken,
    Waiter,
    Where,
)
from tests.life.session_told import UNDO

CANCEL, MOVE = timedelta(hours=24), timedelta(hours=12)
MOST_OPEN = 3
UNANSWERED = 3


class Life(Calendar):
    """A studio's days; `asks` says whether first-time clients ask before they book."""

    def __init__(self, most: int | None, *, asks: bool):
        super().__init__(most)
        self.asks = asks
        self.prices = {name: option.price for name, option in OPTIONS.items()}

    # What clients do.

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
        if start == was.start and (giver or was.giver) == was.giver:
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

    # What the studio does.

    def book_for(
        self, client: str, option: str, start: datetime, giver: str, all_the_same: bool,
        is_silent: bool, now: datetime,
    ) -> None:  # fmt: skip
        known = OPTIONS[option]
        if giver not in known.givers:
            raise desk_errors.NotGivenBy
        where = Where(start, known.minutes, giver, "", known.after)
        if not self.is_clear(giver, where, now):
            raise desk_errors.TimeOccupied
        if not all_the_same and self._is_spoken_against(where, now):
            raise desk_errors.SpokenAgainst
        rooms = [one for one in known.rooms if self.is_clear(one, where, now)]
        if not rooms:
            raise desk_errors.NoRoomFree
        session = self._write(client, option, where._replace(room=rooms[0]), now)
        session.is_silent = is_silent
        session.trail.append("booked")
        mails.plan_reminders(session, now)
        if start > now:
            mails.to_client(session, "confirmed", session.undo_until)
        mails.to_studio(session, "studio_new", session.undo_until)

    def put(self, number: int, where: Where, tell: bool, now: datetime) -> None:
        """Move by hand: what is taken is in the way, and nothing else."""
        session = self.sessions[number]
        self._require_booked(session)
        where = where._replace(after=session.where.after)
        if where == session.where:
            return
        self._require_free(where, now, session)
        self._move(session, where, now, by_staff=True, tell="always" if tell else "no")

    def late_cancel(self, number: int, now: datetime) -> None:
        session = self.sessions[number]
        self._require_booked(session)
        if now <= session.cancel_until:
            raise desk_errors.NotLate
        session.restorable_until = now + UNDO
        self._end(session, "late_cancelled")
        mails.tell_studio_cancelled(session, now)
        self._offer_on(session.where.start, now)

    def restore(self, number: int, is_stale: bool, now: datetime) -> None:
        session = self.sessions[number]
        if session.restorable_until is None or is_stale:
            raise errors.NotLive
        if now > session.restorable_until or session.told(*mails.ENDING) == session.revision:
            raise errors.UndoTooLate
        self._require_free(session.where, now, session)
        session.restorable_until, session.status = None, "booked"
        last = session.last_move
        self._revise(session, now, "no" if last and last.is_silent else "if new")
        session.trail.append("restored")

    def mark(self, number: int, status: str, now: datetime) -> None:
        session = self.sessions[number]
        marks = {"arrived", "no_show", "booked"}
        if session.status not in marks:
            raise errors.NotLive
        start = session.where.start
        if (status == "no_show" and start > now) or (
            status == "arrived" and wall(start).date() > wall(now).date()
        ):
            raise errors.NotYet
        if session.status != status:
            session.status = status
            session.trail.append(status)

    def answer(self, number: int, yes: bool, now: datetime) -> None:
        """Say yes or no to who asks."""
        session = self.sessions[number]
        if session.status == ("booked" if yes else "declined"):
            return
        if session.status != "requested":
            raise errors.NotAsked
        if not yes:
            self._turn_down(session, now)
            return
        if session.where.start <= now:
            raise errors.AlreadyBegun
        session.status, session.answer_by, session.undo_until = "booked", None, now
        session.void()
        mails.plan_reminders(session, now)
        mails.to_client(session, "confirmed", now)
        session.trail.append("booked")

    def go_away(
        self, resource: str, start: datetime, end: datetime, choice: str, now: datetime
    ) -> None:
        """Take time off; `choice` is for all that stands there: keep, cancel, or none made."""
        if end <= now:
            raise hours_errors.AbsenceOver
        found = self._in_the_way(resource, max(start, now), end, now)
        if found and not choice:
            raise hours_errors.InTheWay
        away = Away(resource, start, end)
        self.aways.append(away)
        for _, one in found if choice == "cancel" else ():
            if isinstance(one, Session):
                self._cancel(one, True, now)
            elif isinstance(one, Offered):
                one.state, one.waiter.state = "withdrawn", "waiting"
            elif isinstance(one, Held):
                one.is_let_go = True
            else:
                one.kept = []
        self._cover(away, now)

    def come_back(self, number: int, now: datetime) -> None:
        away = self.aways.pop(number)
        for other in self.aways:
            shares = other.start < away.end and away.start < other.end
            if other.resource == away.resource and shares:
                self._cover(other, now)

    def reprice(self, option: str, cents: int, now: datetime) -> None:
        self.prices[option] = cents

    # What happens by itself.

    def work(self, now: datetime) -> None:
        for session in self.sessions:
            mails.close_useless(session, now)
        while over := [one for one in self.offers if one.is_open and one.time.expires_at <= now]:
            self._pass_on(min(over, key=lambda one: one.time.expires_at), "expired", now)
        for waiter in self.line:
            if waiter.is_open and waiter.until < wall(now).date():
                self._take_out(waiter, "ended", now)
        asked = [one for one in self.sessions if one.status == "requested"]
        for session in sorted(asked, key=lambda one: one.answer_by or now):
            if session.answer_by and session.answer_by <= now:
                self._turn_down(session, now)
        for session in self.sessions:
            if session.status != "booked":
                session.reminders = {}
            mails.remind(session, now)
            mails.send(session, now)

    def look_around(self, now: datetime) -> None:
        self._offer_free(now, None)

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

    # How.

    def _first(
        self, start: datetime, option: str, now: datetime, giver: str | None, without: object = None
    ) -> Where:
        found = self.places(start, OPTIONS[option], now, giver, without)
        if not found:
            raise errors.SlotTaken
        return found[0]

    def _require_free(self, where: Where, now: datetime, without: object) -> None:
        if not self.is_free(where, now, without):
            raise errors.SlotTaken

    @staticmethod
    def _require_booked(session: Session) -> None:
        if session.status != "booked":
            raise errors.NotLive

    @staticmethod
    def _require_open(offer: Offered, now: datetime) -> None:
        if not offer.is_open or offer.time.expires_at <= now:
            raise errors.OfferOver

    def _refuse_many(self, client: str, now: datetime) -> None:
        ahead = [one for one in self.sessions if one.is_open and one.where.start > now]
        waits = [one for one in self.line if one.is_open]
        count = sum(one.client == "guest" for one in [*ahead, *waits])
        if client == "guest" and count >= MOST_OPEN:
            raise errors.TooManyOpen

    def _is_spoken_against(self, where: Where, now: datetime) -> bool:
        far = wall(where.start).date() > (wall(now) + timedelta(days=60)).date()
        is_full = not self.has_room(where.giver, where.start, now, None)
        is_short = where.start < now + NOTICE
        return is_short or far or is_full or not self.is_within_hours(where.giver, where)

    def _write(self, client: str, option: str, where: Where, now: datetime) -> Session:
        made = Session(
            client, option, where, self.prices[option],
            where.start - CANCEL, where.start - MOVE, now + UNDO,
        )  # fmt: skip
        made.agreed[1] = (where.start, where.giver)
        self.sessions.append(made)
        return made

    def _is_known(self, client: str, now: datetime) -> bool:
        return client != "guest" and any(
            one.client == client and one.status in {"booked", "arrived"} and one.where.end <= now
            for one in self.sessions
        )

    def _agree(self, session: Session, now: datetime) -> None:
        """Ask for what was just written, or agree on it."""
        if self.asks and not self._is_known(session.client, now):
            session.status = "requested"
            session.answer_by = min(now + timedelta(days=1), session.where.start)
            mails.to_client(session, "requested", session.undo_until)
            mails.to_studio(session, "studio_request", session.undo_until)
            session.trail.append("requested")
            return
        mails.plan_reminders(session, now)
        mails.to_client(session, "confirmed", session.undo_until)
        mails.to_studio(session, "studio_new", session.undo_until)
        session.trail.append("booked")

    def _move(
        self, session: Session, where: Where, now: datetime, *, by_staff: bool, tell: str
    ) -> None:
        was = session.where
        for earlier in session.moves:
            earlier.kept = []
        deadlines = (session.cancel_until, session.move_until, session.undo_until)
        record = Move(was, deadlines, by_staff, is_silent=tell == "no")
        session.moves.append(record)
        session.where = where
        if session.cancel_until > now:
            session.cancel_until = where.start - CANCEL
        session.move_until = where.start - MOVE
        session.undo_until = record.kept_until = now + UNDO
        session.is_acknowledged = False
        record.kept = _rest(was.taken("hold"), where.taken(""))
        self._revise(session, now, tell)
        session.trail.append("moved")

    def _revise(self, session: Session, now: datetime, tell: str) -> None:
        session.void()
        session.reminders = {}
        session.revision += 1
        session.agreed[session.revision] = (session.where.start, session.where.giver)
        mails.plan_reminders(session, now)
        mails.tell_time(session, now, tell)

    def _end(self, session: Session, status: str) -> None:
        session.status, session.reminders = status, {}
        session.revision += 1
        for move in session.moves:
            move.kept = []
        session.void()
        session.trail.append(status)

    def _cancel(self, session: Session, by_staff: bool, now: datetime) -> None:
        is_agreed = session.status == "booked"
        if by_staff and is_agreed:
            session.restorable_until = now + UNDO
        is_late = is_agreed and not by_staff and now > session.cancel_until
        self._end(session, "late_cancelled" if is_late else "cancelled")
        mails.tell_cancelled(session, now, by_staff)
        self._offer_on(session.where.start, now)

    def _turn_down(self, session: Session, now: datetime) -> None:
        self._end(session, "declined")
        mails.to_client(session, "declined", now)
        self._offer_on(session.where.start, now)

    def _take_out(self, waiter: Waiter, state: str, now: datetime) -> None:
        waiter.state = state
        for offer in self.offers:
            if offer.waiter is waiter and offer.is_open:
                offer.state = "withdrawn"
                self._offer_on(offer.where.start, now)

    def _pass_on(self, offer: Offered, state: str, now: datetime) -> None:
        waiter, offer.state = offer.waiter, state
        unanswered = [one for one in self.offers if one.waiter is waiter and one.state == "expired"]
        waiter.state = "ended" if len(unanswered) >= UNANSWERED else "waiting"
        self._offer_on(offer.where.start, now)

    def _offer_on(self, freed: datetime, now: datetime) -> None:
        self._offer_free(now, wall(freed).date())

    def _offer_free(self, now: datetime, day: date | None) -> None:
        """Offer what is free, of one day or of all, to those who wait, in order."""
        while any(
            waiter.state == "waiting" and self._offer_to(waiter, now, day) for waiter in self.line
        ):
            pass

    def _offer_to(self, waiter: Waiter, now: datetime, day: date | None) -> bool:
        today = wall(now).date()
        first, last = max(day or today, today), min(day or waiter.until, waiter.until)
        asked = [one.where for one in self.offers if one.waiter is waiter]
        for place, *_ in self.openings(OPTIONS[waiter.option], first, last, now):
            time = offer_time(now, place.start - NOTICE, 30, Policy(), ZONE)
            again = any(one.start < place.end and place.start < one.end for one in asked)
            if time and not again:
                waiter.state = "offered"
                self.offers.append(Offered(waiter, place, time))
                return True
        return False

    def _in_the_way(
        self, resource: str, start: datetime, end: datetime, now: datetime
    ) -> list[tuple[tuple[datetime, datetime], Session | Offered | Held | Move]]:
        found: list = [
            ((one.where.start, one.where.end), one)
            for one in self.sessions
            if one.is_open
            and resource in one.where
            and one.where.start < end
            and start < one.where.end
        ]
        held = [one for one in self.holds if one.is_alive(now)]
        offered = [one for one in self.offers if one.is_open]
        promised = [(one, one.where.taken("")) for one in [*held, *offered]]
        for session in self.sessions:
            promised += [
                (one, one.kept) for one in session.moves
                if session.is_live and one.kept_until and now < one.kept_until
            ]  # fmt: skip
        found += [
            ((one.start, one.end), row)
            for row, times in promised
            for one in times
            if one.resource == resource and one.meets(start, end)
        ]
        return sorted(found, key=lambda one: one[0])

    def _cover(self, away: Away, now: datetime) -> None:
        away.pieces = []
        whole = [Taken("block", away.resource, away.start, away.end)]
        away.pieces = _rest(whole, self.taken(now))


def _rest(given: list[Taken], taken: list[Taken]) -> list[Taken]:
    """Return what of some times is in none of the others."""
    left = given
    for other in taken:
        pieces = []
        for one in left:
            if one.resource != other.resource or not one.meets(other.start, other.end):
                pieces.append(one)
                continue
            if one.start < other.start:
                pieces.append(one._replace(end=other.start))
            if other.end < one.end:
                pieces.append(one._replace(start=other.end))
        left = pieces
    return left
