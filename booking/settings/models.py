"""What the owner gives the practice that is no rule: its logo's bytes and its legal texts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.accounts.models import Account
from booking.columns import CleanText, UTCDateTime, choice
from booking.database import Model


class PracticeFile(Model):
    """The bytes of a picture, apart from the row that every page reads."""

    __tablename__ = "practice_file"

    name: Mapped[str] = mapped_column(CleanText(20), primary_key=True)
    media_type: Mapped[str] = mapped_column(CleanText(40))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LegalKind(StrEnum):
    IMPRINT = "imprint"  # Who is behind the site.
    PRIVACY = "privacy"  # What is kept about people.
    POLICY = "policy"  # What is said of cancelling, beside the deadlines that are computed.


class LegalText(Model):
    """One version of a text. Without `published_at` it is the draft of the next one.

    What is published stays as it is; an empty version takes the page away.
    """

    __tablename__ = "legal_text"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LegalKind] = mapped_column(choice(LegalKind, "kind"))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(CleanText(), default="")
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Of the policy's words: the version that bookings name which were made under them, and on.
    policy_version: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    by: Mapped[Account | None] = relationship()
