"""What the studio does in the model, and what happens there by itself."""

from datetime import datetime

from booking.domain import desk_errors, errors, hours_errors
from tests.life import session_told as mails
from tests.life.session_calendar import OPTIONS, wall
from tests.life.session_following import Following
from tests.life.session_rows import Away, Held, Offered, Session, Where
from tests.life.session_told import UNDO


class Desk(Following):
    """The same days, seen from behind the desk."""

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
