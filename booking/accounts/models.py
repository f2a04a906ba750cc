"""People: who can sign in, who is treated, and what proves who they are."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.database import CleanText, Model, UTCDateTime, choice


class Role(StrEnum):
    CLIENT = "client"  # Books and sees what is theirs.
    PRACTITIONER = "practitioner"  # Also runs their own calendar in the studio.
    MANAGER = "manager"  # Also runs everybody's.

    @property
    def is_staff(self) -> bool:
        return self is not Role.CLIENT


class Account(Model, UserMixin):
    """Who can sign in. The address is kept in lower case: people do not mean its capitals."""

    __tablename__ = "account"
    __allow_unmapped__ = True  # For `session_key`, which is no column.

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(CleanText(254), unique=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"), default=Role.CLIENT)
    password_hash: Mapped[str | None] = mapped_column(CleanText(255))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    persons: Mapped[list["Person"]] = relationship(back_populates="account", order_by="Person.id")

    # The key of the session this account was loaded through.
    session_key: str | None = None

    def get_id(self) -> str:
        """Flask-Login keeps the session's key in the cookie, never the account's number."""
        return self.session_key or ""

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Person(Model):
    """Who is treated: may have no account, no address, a guardian.

    A guest's booking makes a new person each time; persons come under an account only by
    somebody who has proved to own the address.
    """

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_email", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The account holder themselves; a guest who is brought under an account never becomes that.
    is_holder: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(CleanText(120))
    email: Mapped[str | None] = mapped_column(CleanText(254))
    phone: Mapped[str | None] = mapped_column(CleanText(40))
    locale: Mapped[str | None] = mapped_column(CleanText(16))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    account: Mapped[Account | None] = relationship(back_populates="persons")


class AccountSession(Model):
    """A signed-in device. The cookie holds the key, the row only its hash."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    device: Mapped[str] = mapped_column(CleanText(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    account: Mapped[Account] = relationship()


class OneTimeToken(Model):
    """A link that works once; only the SHA-256 of its secret is kept."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    purpose: Mapped[str] = mapped_column(CleanText(30))
    email: Mapped[str] = mapped_column(CleanText(254))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Audit(Model):
    """Who did what to what, when. Rows are only ever added: the database refuses the rest."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor: Mapped[str] = mapped_column(CleanText(40))
    subject: Mapped[str] = mapped_column(CleanText(60))
    action: Mapped[str] = mapped_column(CleanText(40))
    details: Mapped[dict] = mapped_column(JSON, default=dict)
