"""Who waits for a place or a time, and what was offered to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.accounts.models import Account, Person
from booking.catalog.models import Practitioner, Room, Service, ServiceOption
from booking.classes.models import ClassSession
from booking.columns import CleanText, UTCDateTime, check, choice, partial_index
from booking.database import Model


class Waits(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"  # An offer is open.
    SERVED = "served"  # They have what they waited for.
    LEFT = "left"  # They said they wait no longer.
    ENDED = "ended"  # The class began or was cancelled, the last date passed, nobody answered.

    @property
    def is_open(self) -> bool:
        return self in {Waits.WAITING, Waits.OFFERED}


OPEN = "state IN ('waiting', 'offered')"


class PartOfDay(StrEnum):
    MORNING = "morning"  # Until noon.
    AFTERNOON = "afternoon"  # Noon to five.
    EVENING = "evening"  # From five on.


class WaitlistEntry(Model):
    """Somebody who waits: for a place in one class, or for a time that suits them."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        check("what", "(class_session_id IS NULL) = (option_id IS NOT NULL)"),
        check("until", "(until_on IS NULL) = (option_id IS NULL)"),
        check("weekdays", "weekdays BETWEEN 0 AND 127"),
        partial_index(
            "uq_waitlist_entry_open", "class_session_id", "person_id", unique=True, where=OPEN
        ),
        partial_index("ix_waitlist_entry_option", "option_id", where=OPEN),
        Index("ix_waitlist_entry_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # One press, one entry: the page's token.
    token: Mapped[str] = mapped_column(CleanText(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    joined_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    class_session_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"))
    option_id: Mapped[int | None] = mapped_column(ForeignKey("service_option.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    # Bit 0 is Monday.
    weekdays: Mapped[int] = mapped_column(default=127)
    parts: Mapped[str] = mapped_column(CleanText(40), default="")
    until_on: Mapped[date | None]
    state: Mapped[Waits] = mapped_column(choice(Waits, "state"), default=Waits.WAITING)
    policy_version: Mapped[int]
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    person: Mapped[Person] = relationship()
    joined_by: Mapped[Account | None] = relationship()
    class_session: Mapped[ClassSession | None] = relationship()
    option: Mapped[ServiceOption | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    offers: Mapped[list["Offer"]] = relationship(back_populates="entry", order_by="Offer.id")

    @property
    def about(self) -> str:
        """How mails and audit rows name this entry."""
        return f"waiting:{self.id}"

    @property
    def service(self) -> Service:
        if self.class_session is not None:
            return self.class_session.series.service
        assert self.option is not None  # noqa: S101 - the CHECK says one of the two
        return self.option.service

    @property
    def open_offer(self) -> "Offer | None":
        return next((one for one in self.offers if one.state is OfferState.OPEN), None)

    def suits(self, local_start: datetime) -> bool:
        """Tell whether a time on the practice's clock is on a day and in a part they named."""
        hour = local_start.hour
        part = (
            PartOfDay.MORNING if hour < 12 else PartOfDay.AFTERNOON if hour < 17
            else PartOfDay.EVENING
        )  # fmt: skip
        return bool(self.weekdays >> local_start.weekday() & 1) and (
            not self.parts or part.value in self.parts.split()
        )


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # They left, or what was offered is no more.


class Offer(Model):
    """A place or a time that is held for somebody who waited, until `expires_at`.

    A place counts as taken in its class; a time is held by a claim of kind OFFER.
    """

    __tablename__ = "offer"
    __table_args__ = (
        check("claim", "(claim_id IS NOT NULL) = (is_time AND state = 'open')"),
        partial_index("uq_offer_open", "entry_id", unique=True, where="state = 'open'"),
        partial_index("ix_offer_expires", "expires_at", where="state = 'open'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entry.id"), index=True)
    is_time: Mapped[bool]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    state: Mapped[OfferState] = mapped_column(choice(OfferState, "state"), default=OfferState.OPEN)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # Nobody is woken for it: from then on the mail may go.
    tell_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    entry: Mapped[WaitlistEntry] = relationship(back_populates="offers")
    practitioner: Mapped[Practitioner] = relationship()
    room: Mapped[Room | None] = relationship()
