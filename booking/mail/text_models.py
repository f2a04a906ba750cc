"""What the owner says in mails instead of us."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText
from booking.database import Model

LINE = 150


class MailText(Model):
    """The owner's words in one kind of mail and one language; where one is empty, ours stand."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(CleanText(40))
    # "en" or "es", without a country.
    language: Mapped[str] = mapped_column(CleanText(16))
    subject: Mapped[str] = mapped_column(CleanText(LINE), default="")
    heading: Mapped[str] = mapped_column(CleanText(LINE), default="")
    opening: Mapped[str] = mapped_column(CleanText(), default="")
    closing: Mapped[str] = mapped_column(CleanText(), default="")
