"""People: who can sign in, who is treated, and what proves who they are."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from booking.columns import CleanText, UTCDateTime, choice, partial_index
from booking.database import Model
from booking.domain.names import fold


class Role(StrEnum):
    CLIENT = "client"  # Books and sees what is theirs.
    PRACTITIONER = "practitioner"  # Also runs their own calendar in the studio.
    MANAGER = "manager"  # Also runs everybody's.

    @property
    def is_staff(self) -> bool:
        return self is not Role.CLIENT


class Account(Model, UserMixin):
    """Who can sign in. The address is kept in lower case: people do not mean its capitals.

    An account exists only once somebody has proved to read that address.
    """

    __tablename__ = "account"
    __allow_unmapped__ = True  # For `session_key` and `device`, which are no columns.

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(CleanText(254), unique=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"), default=Role.CLIENT)
    password_hash: Mapped[str | None] = mapped_column(CleanText(255))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # Closed by its client, who is then erased, or for staff by a manager, who may open it again.
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    first_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # How the person wants to be spoken to and reminded; None is the practice's own way.
    locale: Mapped[str | None] = mapped_column(CleanText(16))
    reminder_leads: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # The second factor: its secret, since when it counts, and the last step a code was used for.
    totp_secret: Mapped[str | None] = mapped_column(CleanText(64))
    totp_since: Mapped[datetime | None] = mapped_column(UTCDateTime())
    totp_step: Mapped[int | None] = mapped_column(BigInteger)

    persons: Mapped[list["Person"]] = relationship(back_populates="account", order_by="Person.id")

    # The session this account was loaded through, and the key of it that the cookie holds.
    session_key: str | None = None
    device: "AccountSession | None" = None

    def get_id(self) -> str:
        """Flask-Login keeps the session's key in the cookie, never the account's number."""
        return self.session_key or ""

    @property
    def about(self) -> str:
        """How mails, tokens and audit rows name this account."""
        return f"account:{self.id}"

    @property
    def has_second_factor(self) -> bool:
        return self.totp_since is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Person(Model):
    """Who is treated: may have no account, no address, a guardian.

    A guest's booking makes a new person each time; persons come under an account only by
    somebody who has proved to own the address.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_email", "email"),
        # Every booking asks whether it is for one of the few who are blocked.
        partial_index("ix_person_blocked", "blocked_at", where="blocked_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # The adult who books and consents for a minor; nobody else has one.
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # The account holder themselves; a guest who is brought under an account never becomes that.
    is_holder: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(CleanText(120))
    # The name as it is looked for and sorted by: databases fold accents each in their own way.
    folded_name: Mapped[str] = mapped_column(CleanText(240, by_letter=True), index=True)
    email: Mapped[str | None] = mapped_column(CleanText(254))
    phone: Mapped[str | None] = mapped_column(CleanText(40))
    locale: Mapped[str | None] = mapped_column(CleanText(16))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    # When before a session they are reminded, minutes; NULL is the account's way, or the usual one.
    reminder_leads: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # Since when this is a former client: nothing here or in their mails names them any more.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # Since when they book with the studio's help alone: online they are asked to call.
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    account: Mapped[Account | None] = relationship(back_populates="persons")
    guardian: Mapped["Person | None"] = relationship(remote_side="Person.id")

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = fold(name)[:240]
        return name

    @property
    def about(self) -> str:
        """How audit rows name this person."""
        return f"person:{self.id}"

    @property
    def is_minor(self) -> bool:
        return self.guardian_id is not None

    @property
    def address(self) -> str | None:
        """Where mails about this person go; None for somebody who is phoned.

        An account's mails go to the address it has proved, whoever of its people they concern.
        """
        if self.erased_at is not None:
            return None
        if self.account is not None:
            return self.account.email
        return self.email or (self.guardian.address if self.guardian else None)

    @property
    def telephone(self) -> str | None:
        """The person's own number, else that of the holder of their account."""
        family = self.account.persons if self.account and not self.phone else []
        return self.phone or next((one.phone for one in family if one.is_holder), None)

    @property
    def addressee(self) -> str:
        """Whom mails about this person speak to: the holder of the account, or the guardian."""
        if self.account is not None:
            return next((one.name for one in self.account.persons if one.is_holder), self.name)
        return self.guardian.name if self.guardian and not self.email else self.name

    @property
    def language(self) -> str | None:
        """The locale mails to this person are written in; None is the practice's."""
        return (self.account.locale if self.account else None) or self.locale


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
    is_remembered: Mapped[bool] = mapped_column(default=True)
    # When the person last proved who they are here, and gave their second factor.
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    factor_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    account: Mapped[Account] = relationship()


class OneTimeToken(Model):
    """A link that works once; only the SHA-256 of its secret is kept."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    purpose: Mapped[str] = mapped_column(CleanText(30))
    email: Mapped[str] = mapped_column(CleanText(254))
    # What the link is about, as the mail that carried it was: ``account:5``, ``invitation:2``.
    about: Mapped[str] = mapped_column(CleanText(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class RecoveryCode(Model):
    """One of ten codes that stand in for a lost telephone, each once; only hashes are kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Invitation(Model):
    """A manager's invitation to work in the studio, open until it is used or withdrawn."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(CleanText(254))
    role: Mapped[Role] = mapped_column(choice(Role, "invited_role"))
    # Whose calendar the new account will run.
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    @property
    def about(self) -> str:
        return f"invitation:{self.id}"


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
