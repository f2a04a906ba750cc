"""A mail on its way out is a row, written in the transaction of what it tells of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText, UTCDateTime, choice, partial_index
from booking.database import Model


class MailState(StrEnum):
    WAITING = "waiting"  # To be sent when `due_at` comes, or being sent under a lease.
    SENT = "sent"  # The server took it.
    FAILED = "failed"  # The server refused it for good.
    PARKED = "parked"  # It never got through; a person has to look.
    VOID = "void"  # What it told of no longer holds; `void_reason` says why (`reasons`).


# Nobody tries these again unless a person says so.
STUCK = (MailState.FAILED, MailState.PARKED)


class OutgoingMail(Model):
    """One mail to one address, as it is or was sent.

    `due_at` is the only time the worker looks at: first the moment before which the mail must
    not go, then the end of the lease while one sends it, then the next attempt.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        # With the number: a class's mails are all due at once, and PostgreSQL would sort them.
        partial_index("ix_outgoing_mail_due", "due_at", "id", where="state = 'waiting'"),
        Index("ix_outgoing_mail_about", "about"),
        Index("ix_outgoing_mail_person", "person_id", "id"),
        Index("ix_outgoing_mail_sent", "sent_at"),
        partial_index("ix_outgoing_mail_useless", "useless_after", where="state = 'waiting'"),
        partial_index("ix_outgoing_mail_stuck", "due_at", where="state IN ('failed', 'parked')"),
        partial_index(
            "ix_outgoing_mail_bundle", "bundle", where="state = 'waiting' AND bundle <> ''"
        ),
        partial_index(
            "ix_outgoing_mail_erase", "erase_at", where="erase_at IS NOT NULL AND to_address <> ''"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(CleanText(120), unique=True)
    kind: Mapped[str] = mapped_column(CleanText(40))
    about: Mapped[str] = mapped_column(CleanText(60), default="")
    about_revision: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    to_address: Mapped[str] = mapped_column(CleanText(254))
    subject: Mapped[str] = mapped_column(CleanText(250))
    body_text: Mapped[str] = mapped_column(CleanText())
    body_html: Mapped[str] = mapped_column(CleanText())
    calendar_text: Mapped[str | None] = mapped_column(CleanText())
    calendar_method: Mapped[str | None] = mapped_column(CleanText(10))
    token_purpose: Mapped[str | None] = mapped_column(CleanText(30))
    # Where one unsubscribes from mails of this kind, for those that are about no booking.
    unsubscribe_url: Mapped[str | None] = mapped_column(CleanText())
    # The sheet that this mail waits to be told in; without one it goes by itself at `due_at`.
    bundle: Mapped[str] = mapped_column(CleanText(40), default="")
    state: Mapped[MailState] = mapped_column(choice(MailState, "state"), default=MailState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime())
    lease: Mapped[str | None] = mapped_column(CleanText(40))
    attempts: Mapped[int] = mapped_column(default=0)
    void_reason: Mapped[str | None] = mapped_column(CleanText(120))
    last_error: Mapped[str | None] = mapped_column(CleanText())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # From when on it helps nobody: what has not left by then is not sent.
    useless_after: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Nobody is woken for it: what is late waits for the end of the quiet hours.
    keeps_quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Set when the person it names has left: once it needs no more sending, its text is blanked.
    erase_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class WorkerBeat(Model):
    """When a worker was last at work; `name` is its machine and its process."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(CleanText(120), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # Set while it does nothing, because its clock stands too far back.
    refused_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Unsubscribed(Model):
    """A kind of mail that an address no longer wants; of the address only a digest is kept.

    It outlives whoever had the address: nobody is written to again because they were erased.
    """

    __tablename__ = "unsubscribed"
    __table_args__ = (UniqueConstraint("address_hash", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(CleanText(64))
    kind: Mapped[str] = mapped_column(CleanText(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime())


class MailLane(Model):
    """The way out, as all workers share it: one row, written when there is something to say."""

    __tablename__ = "mail_lane"

    id: Mapped[int] = mapped_column(primary_key=True)
    # While the server is away nothing is offered to it, so that no mail uses up its tries.
    closed_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Why, since when, and how many times in a row; empty and 0 when all is well.
    trouble: Mapped[str] = mapped_column(CleanText(), default="")
    trouble_since: Mapped[datetime | None] = mapped_column(UTCDateTime())
    troubles: Mapped[int] = mapped_column(default=0)
    # When the share of time of the last mail ends, where a rate is set.
    free_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class RefusedAddress(Model):
    """An address at which, as its server says, nobody reads; nothing more is sent there."""

    __tablename__ = "refused_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(CleanText(254), unique=True)  # In lower case.
    answer: Mapped[str] = mapped_column(CleanText())
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime())
