"""Sending what is due: a batch over one connection, each mail claimed, handed over and marked.

While the network is slow no transaction is open and no lock is held. Whether a server answers at
all is found out before a mail is claimed, so that its absence uses up nobody's tries.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import ParamSpec

from flask import current_app
from sqlalchemy.exc import DBAPIError

from booking import clock
from booking.accounts import tokens
from booking.accounts.links import one_time_url
from booking.database import DatabaseBusy, db, transact
from booking.mail import bounces, claims, lane, outbox, smtp
from booking.mail.answers import (
    AddressProblem,
    BrokenProblem,
    FinalProblem,
    MailProblem,
    RecipientServerProblem,
    ServerProblem,
    TemporaryProblem,
)
from booking.mail.letter_kinds import DROPPED_AT_LAST
from booking.mail.models import MailState, OutgoingMail
from booking.mail.outlet import FolderOutlet, Outlet, SmtpOutlet
from booking.mail.reasons import Reason
from booking.mail.way import way_of
from booking.practice import queries as practice

P = ParamSpec("P")
log = logging.getLogger(__name__)

# How many mails leave over one connection, and before a worker looks after other things.
BATCH = 100
# A mail that our own code fails on is parked sooner than one that a server puts off.
POISONED_TRIES = 4
# After so many connections in a row that broke in the middle of a mail, it is not the mails.
BROKEN_IN_A_ROW = 3
# What was sent and cannot be marked goes again: the database may be away for as long as this.
MARK_AGAIN_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 20)


def never() -> bool:
    return False


def send_due(is_stopping: Callable[[], bool] = never) -> int:
    """Send what is due, at most a batch; return how many mails had their turn.

    Ends early, after the mail that is being sent, when `is_stopping` says so.
    """
    turn, count = Batch(outlet(clock.utcnow())), 0
    try:
        while count < BATCH and not is_stopping() and turn.send_next():
            count += 1
    finally:
        db.session.rollback()
        turn.outlet.close()
    return count


def outlet(now: datetime) -> Outlet:
    """Return the way out that the installation has set up."""
    settings = current_app.config
    if not settings["SMTP_URL"]:
        return FolderOutlet(Path(settings["INSTANCE_PATH"]) / "mail", now)
    return SmtpOutlet(way_of(settings))


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this worker has taken, as it was then."""

    mail_id: int
    lease: str
    attempts: int
    address: str
    had_trouble: bool  # It has been offered before, or nearly.


class Dropped(Exception):
    """What a mail told came to an end while a worker had it in hand; the text is the reason."""


class Batch:
    """Mails that leave one after the other over one outlet."""

    def __init__(self, outlet: Outlet):
        self.outlet = outlet
        self._broken = 0
        self._is_well = False

    def send_next(self) -> bool:
        """Send the mail that has waited longest; tell whether to go on."""
        if not self._is_ready():
            return False
        mail = transact(_claim, clock.utcnow())
        if mail is None:
            return False
        if mail.state is MailState.WAITING:
            claim = Claim(mail.id, mail.lease or "", mail.attempts, mail.to_address,
                          bool(mail.last_error))  # fmt: skip
            self._settle(claim, self._hand_over(mail))
        return True

    def _is_ready(self) -> bool:
        """Tell whether there is something to send and somebody to take it."""
        if self._broken >= BROKEN_IN_A_ROW:
            self._pause("the connection broke again and again")
            return False
        if not self.outlet.is_open and not _is_due(clock.utcnow()):
            return False
        db.session.rollback()
        try:
            self.outlet.make_ready()
        except ServerProblem as problem:
            self._pause(str(problem))
            return False
        return True

    def _pause(self, reason: str) -> None:
        log.warning("no mail leaves for a while: %s", reason)
        transact(lane.close, reason, clock.utcnow())

    def _hand_over(self, mail: OutgoingMail) -> Exception | None:
        """Give one mail to the server; return what went wrong, None when it was taken."""
        sender, address = current_app.config["MAIL_FROM"], mail.to_address
        try:
            message = _compose(mail, sender, clock.utcnow())
            if mail.kind in DROPPED_AT_LAST:
                _ask_again(mail.id)
            db.session.rollback()  # Nothing is held while the network is slow.
            self.outlet.send(message, sender, address)
        except Exception as problem:  # noqa: BLE001 - a poisoned row must not hold up the others
            db.session.rollback()
            return problem
        return None

    def _settle(self, claim: Claim, problem: Exception | None) -> None:
        """Write down what became of a mail."""
        if isinstance(problem, Dropped):
            _surely(claims.drop, claim.mail_id, claim.lease, str(problem))
            return
        self._broken = self._broken + 1 if isinstance(problem, BrokenProblem) else 0
        if isinstance(problem, ServerProblem):
            self._give_back(claim, problem)
            return
        if problem is not None:
            log.warning("mail %s did not go: %s", claim.mail_id, problem)
        has_answered = not isinstance(problem, BrokenProblem) and _is_known(problem)
        is_news, self._is_well = has_answered and not self._is_well, self._is_well or has_answered

        def write() -> None:
            if is_news:
                lane.open_again()
            _mark(claim, problem, clock.utcnow())

        _surely(write)

    def _give_back(self, claim: Claim, problem: ServerProblem) -> None:
        """Offer a mail again that was not really offered, and others before it."""
        reason = str(problem)
        if self.outlet.is_proven:
            # A server may end a connection after some mails; the next one is likely to work.
            self.outlet.close()
            _surely(claims.release, claim.mail_id, claim.lease, reason, clock.utcnow())
            return
        log.warning("no mail leaves for a while: %s", reason)

        def write() -> None:
            now = clock.utcnow()
            is_this_one = _means_this_one(claim, problem)
            until = lane.close(reason, now)
            if is_this_one:
                _mark(claim, TemporaryProblem(reason), now)
            else:
                claims.release(claim.mail_id, claim.lease, reason, until)

        _surely(write)
        self.outlet.close()


def is_paced(now: datetime) -> bool:
    """Tell whether a mail that is due waits only because no more may leave in this minute."""
    per_minute = current_app.config["MAIL_PER_MINUTE"]
    return bool(per_minute) and claims.is_due(now) and not lane.is_free(per_minute, now)


def _is_due(now: datetime) -> bool:
    per_minute = current_app.config["MAIL_PER_MINUTE"]
    return claims.is_due(now) and (not per_minute or lane.is_free(per_minute, now))


def _claim(now: datetime) -> OutgoingMail | None:
    """Take the next mail that may go; one to a refused address is closed instead."""
    per_minute = current_app.config["MAIL_PER_MINUTE"]
    if per_minute and not lane.is_free(per_minute, now, lock=True):
        return None
    mail = claims.claim_next(now)
    if mail is None:
        return None
    if bounces.is_refused(mail):
        claims.drop(mail.id, mail.lease or "", Reason.REFUSED)
        db.session.refresh(mail)
    elif per_minute:
        lane.take_share(per_minute, now)
    return mail


def _compose(mail: OutgoingMail, sender: str, now: datetime) -> EmailMessage:
    studio = practice.current()
    name, reply_to = studio.sender_name or studio.name, studio.reply_to
    return smtp.compose(mail, sender, name, now, _one_time_link(mail, now), reply_to)


def _ask_again(mail_id: int) -> None:
    """Raise Dropped when a mail was dropped since it was claimed: it is not offered any more."""
    db.session.rollback()  # What was read before is of the moment of the claim.
    if reason := outbox.why_dropped(mail_id):
        raise Dropped(reason)


def _one_time_link(mail: OutgoingMail, now: datetime) -> str | None:
    """Make the link a mail needs at the moment it leaves: its secret is kept nowhere."""
    if mail.token_purpose is None:
        return None
    mail_id, address, purpose, about = mail.id, mail.to_address, mail.token_purpose, mail.about

    def issue() -> str:
        if reason := outbox.why_dropped(mail_id, lock=True):
            raise Dropped(reason)
        return tokens.issue(purpose, address, about, now)

    secret = transact(issue)
    db.session.get_one(OutgoingMail, mail_id)  # Read again: the commit let go of it.
    return one_time_url(purpose, secret)


def _mark(claim: Claim, problem: Exception | None, now: datetime) -> None:
    mail_id, lease = claim.mail_id, claim.lease
    if problem is None:
        claims.mark_sent(mail_id, lease, now)
        bounces.forgive(claim.address)
    elif isinstance(problem, FinalProblem):
        claims.mark_failed(mail_id, lease, str(problem))
        if isinstance(problem, AddressProblem):
            bounces.mark(mail_id, str(problem), now)
    else:
        is_known = _is_known(problem)
        reason = str(problem) if is_known else repr(problem)
        tries = len(claims.RETRY_MINUTES) if is_known else POISONED_TRIES
        claims.mark_retry(mail_id, lease, claim.attempts, reason, now, tries)


def _means_this_one(claim: Claim, problem: ServerProblem) -> bool:
    """Tell a mail that was given back before, while others have left since: its try counts.

    Without this nobody would ever hear of one that a server refuses as if it refused all.
    """
    return isinstance(problem, RecipientServerProblem) and claim.had_trouble and lane.is_well()


def _is_known(problem: Exception | None) -> bool:
    return problem is None or isinstance(problem, MailProblem)


def _surely(operation: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Write down what became of a mail, however long the database is busy or away."""
    for seconds in MARK_AGAIN_SECONDS:
        try:
            return transact(operation, *args, **kwargs)
        except (DatabaseBusy, DBAPIError) as error:
            log.warning("what became of a mail is not written down yet: %r", error)
            time.sleep(seconds)
    return transact(operation, *args, **kwargs)
