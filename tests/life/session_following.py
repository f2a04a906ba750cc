"""What follows from a press on the model: who is told, what frees, who is offered it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from booking.domain import errors
from booking.domain.offers import offer_time
from booking.domain.policies import Policy
from tests.life import session_told as mails
from tests.life.session_calendar import NOTICE, OPTIONS, ZONE, Calendar, wall
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
LONGEST = timedelta(hours=24)


class Following(Calendar):
    """A studio's days; `asks` says whether first-time clients ask before they book."""

    def __init__(self, most: int | None, *, asks: bool):
        super().__init__(most)
        self.asks = asks
        self.prices = {name: option.price for name, option in OPTIONS.items()}

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
        away.pieces = [piece for one in _rest(whole, self.taken(now)) for piece in _days_of(one)]


def _days_of(taken: Taken) -> Iterator[Taken]:
    """Cut what is taken at once into the longest pieces that the database keeps."""
    while taken.end - taken.start > LONGEST:
        yield taken._replace(end=taken.start + LONGEST)
        taken = taken._replace(start=taken.start + LONGEST)
    yield taken


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
