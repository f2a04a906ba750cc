"""Mails that somebody may do without: which address no longer wants which kind.

An address is known by its digest alone, in the rows and in the links.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select, text, update

from booking.columns import UTCDateTime
from booking.database import db
from booking.mail import outbox
from booking.mail.letter_kinds import STOPPABLE
from booking.mail.models import MailState, OutgoingMail, Unsubscribed
from booking.mail.reasons import Reason

# The kinds of mail that are not about a booking or an account; one may stop each by itself.
KINDS = STOPPABLE

_ADD = text("""
    INSERT INTO unsubscribed (address_hash, kind, at) VALUES (:digest, :kind, :now)
    ON CONFLICT (address_hash, kind) DO NOTHING
""").bindparams(bindparam("now", type_=UTCDateTime()))


def digest(address: str) -> str:
    """Return what stands for an address, which is not read from it."""
    return hashlib.sha256(f"mail-to:{address.strip().lower()}".encode()).hexdigest()[:32]


def stop(address_hash: str, kind: str, now: datetime) -> None:
    """Send no more mails of a kind there, nor what waits. A second press changes nothing."""
    db.session.execute(_ADD, {"digest": address_hash, "kind": kind, "now": now})
    waiting = select(OutgoingMail.id, OutgoingMail.to_address).where(
        OutgoingMail.kind == kind, OutgoingMail.state == MailState.WAITING
    )
    theirs = [one.id for one in db.session.execute(waiting) if digest(one[1]) == address_hash]
    outbox.void_those(Reason.UNWANTED, now, OutgoingMail.id.in_(theirs))


def resume(address_hash: str, kind: str) -> None:
    db.session.execute(
        delete(Unsubscribed).where(
            Unsubscribed.address_hash == address_hash, Unsubscribed.kind == kind
        )
    )


def choose(address: str, wanted: Iterable[str], now: datetime) -> set[str]:
    """Let an address get exactly these of the kinds; return those that changed."""
    wanted, known = set(wanted), stopped(address)
    changed = {kind for kind in KINDS if (kind in wanted) == (kind in known)}
    for kind in changed:
        if kind in wanted:
            resume(digest(address), kind)
        else:
            stop(digest(address), kind, now)
    return changed


def stopped(address: str) -> set[str]:
    """Return the kinds that an address no longer wants."""
    found = select(Unsubscribed.kind).where(Unsubscribed.address_hash == digest(address))
    return set(db.session.scalars(found))


def follow(before: str, after: str) -> None:
    """Let what an address has stopped hold for the one that takes its place."""
    known = stopped(after)
    db.session.execute(
        update(Unsubscribed)
        .where(Unsubscribed.address_hash == digest(before), Unsubscribed.kind.not_in(known))
        .values(address_hash=digest(after))
        .execution_options(synchronize_session=False)
    )
